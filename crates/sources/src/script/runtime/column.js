// Columns and their builders: what every column type has in common.

import { entityKind, TableName, POSITIONS, STACK, mark, inherit, describe } from './entity.js';
import { taintOf, taintText } from './stub.js';
import { SQL } from './sql.js';
import { ForeignKeyBuilder } from './constraints.js';
import { makePgArray, parsePgArray } from './array.js';

const NO_ACTIONS = Object.freeze({});

/**
 * A column as it is being described. What differs from the default is an own
 * property; the defaults are on the prototype, so that a plain column is cheap.
 */
export class ColumnBuilder {
  static [entityKind] = 'ColumnBuilder';

  constructor(name) {
    beginBuilder(this, name);
  }

  $type() {
    return this;
  }

  notNull() {
    this.isNotNull = true;
    return this;
  }

  default(value) {
    this.defaultValue = value;
    this.hasDefault = true;
    return this;
  }

  $defaultFn(fn) {
    this.defaultFn = fn;
    this.hasDefault = true;
    return this;
  }

  $default(fn) {
    return this.$defaultFn(fn);
  }

  $onUpdateFn(fn) {
    this.onUpdateFn = fn;
    this.hasDefault = true;
    return this;
  }

  $onUpdate(fn) {
    return this.$onUpdateFn(fn);
  }

  primaryKey() {
    this.isPrimary = true;
    this.isNotNull = true;
    return this;
  }

  setName(name) {
    if (this.name === '') this.name = name;
  }

  /** Drizzle's own spelling of what was described, for code that looks inside. */
  get config() {
    return {
      ...this.settings,
      name: this.name,
      keyAsName: this.keyAsName,
      notNull: this.isNotNull,
      default: this.defaultValue,
      defaultFn: this.defaultFn,
      onUpdateFn: this.onUpdateFn,
      hasDefault: this.hasDefault,
      primaryKey: this.isPrimary,
      isUnique: this.isUnique,
      uniqueName: this.uniqueName,
      uniqueType: this.uniqueNulls,
      dataType: this.dataType,
      columnType: this.columnType,
      enumValues: this.enumValues,
      generated: this.generated,
      generatedIdentity: this.identity,
    };
  }
}

const builderDefaults = {
  keyAsName: false,
  isNotNull: false,
  hasDefault: false,
  isPrimary: false,
  isUnique: false,
  defaultValue: undefined,
  defaultFn: undefined,
  onUpdateFn: undefined,
  uniqueName: undefined,
  uniqueNulls: undefined,
  generated: undefined,
  identity: undefined,
  refs: undefined,
  taint: undefined,
  enumValues: undefined,
  settings: undefined,
};
Object.assign(ColumnBuilder.prototype, builderDefaults);

/** What every builder's constructor does; a column without a name gets its key later. */
export function beginBuilder(builder, name) {
  if (typeof name === 'string' && name !== '') {
    builder.name = name;
  } else {
    builder.name = '';
    builder.keyAsName = true;
    const path = taintOf(name);
    if (path !== null) {
      builder.name = taintText(path);
      builder.keyAsName = false;
    }
  }
  if (POSITIONS) mark(builder);
}

export class PgColumnBuilder extends ColumnBuilder {
  static [entityKind] = 'PgColumnBuilder';

  array(size) {
    return new PgArrayBuilder(this.keyAsName ? '' : this.name, this, size);
  }

  references(ref, actions = NO_ACTIONS) {
    const reference = { ref, actions: actions ?? NO_ACTIONS };
    if (POSITIONS) mark(reference);
    // A new list, because columns already built from this builder keep theirs.
    this.refs = this.refs === undefined ? [reference] : [...this.refs, reference];
    return this;
  }

  unique(name, config) {
    this.isUnique = true;
    this.uniqueName = taintOf(name) === null ? name : String(name);
    this.uniqueNulls = config?.nulls;
    if (POSITIONS) this.uniqueStack = new Error('built here').stack;
    return this;
  }

  generatedAlwaysAs(as) {
    this.generated = { as, type: 'always', mode: 'stored' };
    return this;
  }

  build(table) {
    return new this.Column(table, this);
  }

  buildExtraConfigColumn(table) {
    return this.build(table);
  }

  buildForeignKeys(column, table) {
    return inlineForeignKeys(column, table);
  }
}

export class Column {
  static [entityKind] = 'Column';

  constructor(table, builder) {
    fillColumn(this, table, builder);
  }

  get dataType() {
    return this.builder.dataType;
  }

  get columnType() {
    return this.builder.columnType;
  }

  get enumValues() {
    return this.builder.enumValues;
  }

  get config() {
    return this.builder.config;
  }

  get uniqueName() {
    return this.givenUniqueName ?? `${this.table[TableName]}_${this.name}_unique`;
  }

  mapFromDriverValue(value) {
    return value;
  }

  mapToDriverValue(value) {
    return value;
  }

  shouldDisableInsert() {
    return this.generated !== undefined && this.generated.type !== 'byDefault';
  }

  getSQL() {
    return new SQL([this]);
  }
}
Object.assign(Column.prototype, {
  keyAsName: false,
  notNull: false,
  hasDefault: false,
  primary: false,
  isUnique: false,
  default: undefined,
  defaultFn: undefined,
  onUpdateFn: undefined,
  givenUniqueName: undefined,
  uniqueType: undefined,
  generated: undefined,
  generatedIdentity: undefined,
  refs: undefined,
  indexState: undefined,
});

/** Copies what the builder says now: a builder may go on into another table. */
export function fillColumn(column, table, b) {
  column.table = table;
  column.name = b.name;
  column.builder = b;
  if (b.keyAsName) column.keyAsName = true;
  if (b.isNotNull) column.notNull = true;
  if (b.hasDefault) {
    column.hasDefault = true;
    column.default = b.defaultValue;
    if (b.defaultFn !== undefined) column.defaultFn = b.defaultFn;
    if (b.onUpdateFn !== undefined) column.onUpdateFn = b.onUpdateFn;
  }
  if (b.isPrimary) column.primary = true;
  if (b.isUnique) {
    column.isUnique = true;
    if (b.uniqueName) column.givenUniqueName = b.uniqueName;
    if (b.uniqueNulls !== undefined) column.uniqueType = b.uniqueNulls;
    if (POSITIONS) column.uniqueStack = b.uniqueStack;
  }
  if (b.generated !== undefined) column.generated = b.generated;
  if (b.identity !== undefined) column.generatedIdentity = b.identity;
  if (b.refs !== undefined) column.refs = b.refs;
  if (POSITIONS) column[STACK] = b[STACK];
}

export class PgColumn extends Column {
  static [entityKind] = 'PgColumn';

  getSQLType() {
    return this.builder.sqlType;
  }

  // Inside a table's extras a column also takes index options. They belong to
  // the next index that takes the column, and are gone after it.

  get indexConfig() {
    return this.indexState ?? PLAIN_INDEX;
  }

  asc() {
    this.indexState = { ...this.indexConfig, order: 'asc' };
    return this;
  }

  desc() {
    this.indexState = { ...this.indexConfig, order: 'desc' };
    return this;
  }

  nullsFirst() {
    this.indexState = { ...this.indexConfig, nulls: 'first' };
    return this;
  }

  nullsLast() {
    this.indexState = { ...this.indexConfig, nulls: 'last' };
    return this;
  }

  op(opClass) {
    this.indexState = { ...this.indexConfig, opClass: taintOf(opClass) === null ? opClass : String(opClass) };
    return this;
  }
}

const PLAIN_INDEX = Object.freeze({ order: 'asc', nulls: 'last', opClass: undefined });

/** What an index keeps of a column. */
export class IndexedColumn {
  static [entityKind] = 'IndexedColumn';

  constructor(name, keyAsName, type, indexConfig) {
    this.name = name;
    this.keyAsName = keyAsName;
    this.type = type;
    this.indexConfig = indexConfig;
  }
}

export class ExtraConfigColumn extends PgColumn {
  static [entityKind] = 'ExtraConfigColumn';
}

/** The ForeignKey objects of a column's `.references()` calls. */
export function inlineForeignKeys(column, table) {
  return (column.refs ?? []).map(({ ref, actions }) => {
    const builder = new ForeignKeyBuilder(() => ({ columns: [column], foreignColumns: [ref()] }));
    if (actions.onUpdate) builder.onUpdate(actions.onUpdate);
    if (actions.onDelete) builder.onDelete(actions.onDelete);
    return builder.build(table);
  });
}

/** Makes the two classes of a column type: `PgText` and `PgTextBuilder` of `defineType('PgText', ...)`. */
export function defineType(kind, dataType, sqlType, columnMembers, builderParent = PgColumnBuilder) {
  const ColumnClass = inherit(
    function PgType(table, builder) {
      fillColumn(this, table, builder);
    },
    PgColumn,
    kind,
    columnMembers,
  );
  const Builder = inherit(
    function PgTypeBuilder(name) {
      beginBuilder(this, name);
    },
    builderParent,
    `${kind}Builder`,
  );
  Object.assign(Builder.prototype, { Column: ColumnClass, columnType: kind, dataType, sqlType });
  return [ColumnClass, Builder];
}

/** The config argument of a column function: `text({...})` or `text('name', {...})`. */
export function configOf(a, b) {
  if (typeof a === 'object' && a !== null) return a;
  return b === undefined || b === null ? NO_ACTIONS : b;
}

/** Notes on `builder` that its config is a stub, whose options cannot be known. */
export function noteTaint(builder, ...values) {
  for (const value of values) {
    const path = taintOf(value);
    if (path !== null) builder.taint ??= path;
  }
  return builder;
}

export class PgArrayBuilder extends PgColumnBuilder {
  static [entityKind] = 'PgArrayBuilder';

  constructor(name, base, size) {
    super(name);
    this.base = base;
    this.size = size;
    noteTaint(this, size, base.taint === undefined ? undefined : taintText(base.taint));
  }
}

export class PgArray extends PgColumn {
  static [entityKind] = 'PgArray';

  get size() {
    return this.builder.size;
  }

  // Built late: only the type, the encoder and an enum are asked of it.
  get baseColumn() {
    const column = this.builder.base.build(this.table);
    Object.defineProperty(this, 'baseColumn', { value: column, configurable: true });
    return column;
  }

  getSQLType() {
    const size = this.builder.size;
    return `${this.baseColumn.getSQLType()}[${typeof size === 'number' ? size : ''}]`;
  }

  mapFromDriverValue(value) {
    if (typeof value === 'string') value = parsePgArray(value);
    return value.map((one) => this.baseColumn.mapFromDriverValue(one));
  }

  mapToDriverValue(value, isNested = false) {
    if (!Array.isArray(value)) throw new Error(`column "${this.name}" is an array and cannot be compared with ${describe(value)}`);
    const base = this.baseColumn;
    const list = value.map((one) => {
      if (one === null) return null;
      return base instanceof PgArray ? base.mapToDriverValue(one, true) : base.mapToDriverValue(one);
    });
    return isNested ? list : makePgArray(list);
  }
}
Object.assign(PgArrayBuilder.prototype, { Column: PgArray, columnType: 'PgArray', dataType: 'array' });
