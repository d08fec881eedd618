// What a table's extras are made of: keys, checks, indexes, policies.

import { entityKind, TableName, POSITIONS, STACK, mark } from './entity.js';
import { IndexedColumn, PgColumn } from './column.js';
import { taintOf } from './stub.js';

/** A name as text; a stub given as a name keeps its mark. */
const nameText = (name) => (typeof name !== 'function' || taintOf(name) === null ? name : String(name));

// Foreign keys.

export class ForeignKeyBuilder {
  static [entityKind] = 'PgForeignKeyBuilder';

  constructor(config, actions) {
    this.reference = () => {
      const { name, columns, foreignColumns } = config();
      return { name, columns, foreignTable: foreignColumns[0]?.table, foreignColumns };
    };
    this._onUpdate = actions ? actions.onUpdate : 'no action';
    this._onDelete = actions ? actions.onDelete : 'no action';
    if (POSITIONS) mark(this);
  }

  onUpdate(action) {
    this._onUpdate = action === undefined ? 'no action' : action;
    return this;
  }

  onDelete(action) {
    this._onDelete = action === undefined ? 'no action' : action;
    return this;
  }

  build(table) {
    return new ForeignKey(table, this);
  }
}

export class ForeignKey {
  static [entityKind] = 'PgForeignKey';

  constructor(table, builder) {
    this.table = table;
    this.reference = builder.reference;
    this.onUpdate = builder._onUpdate;
    this.onDelete = builder._onDelete;
    if (POSITIONS) this[STACK] = builder[STACK];
  }

  getName() {
    const { name, columns, foreignColumns } = this.reference();
    return name ?? foreignKeyName(this.table, columns, foreignColumns);
  }
}

export function foreignKeyName(table, columns, foreignColumns) {
  const parts = [table[TableName]];
  for (const column of columns) parts.push(column.name);
  parts.push(foreignColumns[0].table[TableName]);
  for (const column of foreignColumns) parts.push(column.name);
  return `${parts.join('_')}_fk`;
}

export function foreignKey(config) {
  return new ForeignKeyBuilder(() => ({
    name: nameText(config.name),
    columns: config.columns,
    foreignColumns: config.foreignColumns,
  }));
}

// Primary keys.

export class PrimaryKeyBuilder {
  static [entityKind] = 'PgPrimaryKeyBuilder';

  constructor(columns, name) {
    this.columns = columns;
    this.name = nameText(name);
    if (POSITIONS) mark(this);
  }

  build(table) {
    const key = new PrimaryKey(table, this.columns, this.name);
    if (POSITIONS) key[STACK] = this[STACK];
    return key;
  }
}

export class PrimaryKey {
  static [entityKind] = 'PgPrimaryKey';

  constructor(table, columns, name) {
    this.table = table;
    this.columns = columns;
    this.name = name;
  }

  getName() {
    return this.name ?? `${this.table[TableName]}_${this.columns.map((column) => column.name).join('_')}_pk`;
  }
}

export function primaryKey(...config) {
  if (config[0]?.columns) return new PrimaryKeyBuilder(config[0].columns, config[0].name);
  return new PrimaryKeyBuilder(config.filter((column) => column instanceof PgColumn || taintOf(column) !== null), undefined);
}

// Unique constraints.

export function uniqueKeyName(table, columns) {
  return `${table[TableName]}_${columns.join('_')}_unique`;
}

export class UniqueOnConstraintBuilder {
  static [entityKind] = 'PgUniqueOnConstraintBuilder';

  constructor(name) {
    this.name = nameText(name);
    if (POSITIONS) mark(this);
  }

  on(...columns) {
    return new UniqueConstraintBuilder(columns, this.name);
  }
}

export class UniqueConstraintBuilder {
  static [entityKind] = 'PgUniqueConstraintBuilder';

  constructor(columns, name) {
    this.columns = columns;
    this.name = name;
    this.nullsNotDistinctConfig = false;
    if (POSITIONS) mark(this);
  }

  nullsNotDistinct() {
    this.nullsNotDistinctConfig = true;
    return this;
  }

  build(table) {
    const unique = new UniqueConstraint(table, this.columns, this.nullsNotDistinctConfig, this.name);
    if (POSITIONS) unique[STACK] = this[STACK];
    return unique;
  }
}

export class UniqueConstraint {
  static [entityKind] = 'PgUniqueConstraint';

  constructor(table, columns, nullsNotDistinct, name) {
    this.table = table;
    this.columns = columns;
    this.name = name ?? uniqueKeyName(table, columns.map((column) => column?.name));
    this.nullsNotDistinct = nullsNotDistinct;
  }

  getName() {
    return this.name;
  }
}

export const unique = (name) => new UniqueOnConstraintBuilder(name);

// Checks.

export class CheckBuilder {
  static [entityKind] = 'PgCheckBuilder';

  constructor(name, value) {
    this.name = nameText(name);
    this.value = value;
    if (POSITIONS) mark(this);
  }

  build(table) {
    const check = new Check(table, this);
    if (POSITIONS) check[STACK] = this[STACK];
    return check;
  }
}

export class Check {
  static [entityKind] = 'PgCheck';

  constructor(table, builder) {
    this.table = table;
    this.name = builder.name;
    this.value = builder.value;
  }
}

export const check = (name, value) => new CheckBuilder(name, value);

// Indexes.

export class IndexBuilderOn {
  static [entityKind] = 'PgIndexBuilderOn';

  constructor(isUnique, name) {
    this.unique = isUnique;
    this.name = nameText(name);
    if (POSITIONS) mark(this);
  }

  on(...columns) {
    return new IndexBuilder(takeIndexed(columns), this.unique, false, this.name);
  }

  onOnly(...columns) {
    return new IndexBuilder(takeIndexed(columns), this.unique, true, this.name);
  }

  using(method, ...columns) {
    return new IndexBuilder(takeIndexed(columns), this.unique, true, this.name, method);
  }
}

/** Columns with the options they were given for this index; the options do not stay on the columns. */
function takeIndexed(columns) {
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i];
    if (typeof column !== 'object' || column === null || column.indexState === undefined) continue;
    columns[i] = new IndexedColumn(column.name, column.keyAsName, column.columnType, column.indexState);
    column.indexState = undefined;
  }
  return columns;
}

export class IndexBuilder {
  static [entityKind] = 'PgIndexBuilder';

  constructor(columns, isUnique, only, name, method = 'btree') {
    this.config = { name, columns, unique: isUnique, only, method: nameText(method) };
    if (POSITIONS) mark(this);
  }

  concurrently() {
    this.config.concurrently = true;
    return this;
  }

  with(options) {
    this.config.with = options;
    return this;
  }

  where(condition) {
    this.config.where = condition;
    this.config.hasWhere = true;
    return this;
  }

  build(table) {
    return new Index(this.config, table, this);
  }
}

export class Index {
  static [entityKind] = 'PgIndex';

  constructor(config, table, builder) {
    this.config = { ...config, table };
    if (POSITIONS && builder !== undefined) this[STACK] = builder[STACK];
  }
}

export const index = (name) => new IndexBuilderOn(false, name);
export const uniqueIndex = (name) => new IndexBuilderOn(true, name);

// Policies.

export class PgPolicy {
  static [entityKind] = 'PgPolicy';

  constructor(name, config) {
    this.name = nameText(name);
    this.as = config?.as;
    this.for = config?.for;
    this.to = config?.to;
    this.using = config?.using;
    this.withCheck = config?.withCheck;
    this._linkedTable = undefined;
    if (POSITIONS) mark(this);
  }

  link(table) {
    this._linkedTable = table;
    return this;
  }
}

export const pgPolicy = (name, config) => new PgPolicy(name, config);

