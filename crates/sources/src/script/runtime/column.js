// Columns and their builders: what every column type has in common.

import { entityKind, TableName, POSITIONS, STACK, mark, inherit } from './entity.js';
import { taintOf, taintText } from './stub.js';
import { SQL } from './sql.js';
import { ForeignKeyBuilder } from './constraints.js';

const NO_ACTIONS = Object.freeze({});

// A schema of a thousand tables has ten thousand columns, and QuickJS has no
// compiler: what most columns do not have is one bit in `flags`, and only the
// rest costs properties.
export const NOT_NULL = 1;
export const PRIMARY = 2;
export const HAS_DEFAULT = 4;
export const UNIQUE = 8;
export const REFERS = 16;
export const GENERATED = 32;
export const IDENTITY = 64;
export const KEY_AS_NAME = 128;
export const SPECIAL_TYPE = 256; // an array, an enum, a custom type, or tainted
export const WITH_MORE = HAS_DEFAULT | UNIQUE | REFERS | GENERATED | IDENTITY;

/** A column as it is being described. */
export class ColumnBuilder {
  static [entityKind] = 'ColumnBuilder';

  constructor(name) {
    beginBuilder(this, name);
  }

  $type() {
    return this;
  }

  notNull() {
    this.flags |= NOT_NULL;
    return this;
  }

  default(value) {
    this.defaultValue = value;
    this.flags |= HAS_DEFAULT;
    return this;
  }

  $defaultFn(fn) {
    this.defaultFn = fn;
    this.flags |= HAS_DEFAULT;
    return this;
  }

  $default(fn) {
    return this.$defaultFn(fn);
  }

  $onUpdateFn(fn) {
    this.onUpdateFn = fn;
    this.flags |= HAS_DEFAULT;
    return this;
  }

  $onUpdate(fn) {
    return this.$onUpdateFn(fn);
  }

  primaryKey() {
    this.flags |= PRIMARY | NOT_NULL;
    return this;
  }

  setName(name) {
    if (this.name === '') this.name = name;
  }

  /** Drizzle's own spelling of what was described, for code that looks inside. */
  get config() {
    return {
      name: this.name,
      keyAsName: (this.flags & KEY_AS_NAME) !== 0,
      notNull: (this.flags & NOT_NULL) !== 0,
      default: this.defaultValue,
      defaultFn: this.defaultFn,
      onUpdateFn: this.onUpdateFn,
      hasDefault: (this.flags & HAS_DEFAULT) !== 0,
      primaryKey: (this.flags & PRIMARY) !== 0,
      isUnique: (this.flags & UNIQUE) !== 0,
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

Object.assign(ColumnBuilder.prototype, {
  flags: 0,
  buildsColumn: true,
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
  enum: undefined,
});

/** What every builder's constructor does; a column without a name gets its key later. */
export function beginBuilder(builder, name) {
  if (typeof name === 'string' && name !== '') builder.name = name;
  else nameless(builder, name);
  if (POSITIONS) mark(builder);
}

function nameless(builder, name) {
  const path = typeof name === 'function' ? taintOf(name) : null;
  if (path === null) {
    builder.name = '';
    builder.flags |= KEY_AS_NAME;
  } else {
    builder.name = taintText(path);
  }
}

export class PgColumnBuilder extends ColumnBuilder {
  static [entityKind] = 'PgColumnBuilder';

  references(ref, actions = NO_ACTIONS) {
    const reference = { ref, actions: actions ?? NO_ACTIONS };
    if (POSITIONS) mark(reference);
    // A new list, because columns already built from this builder keep theirs.
    this.refs = this.refs === undefined ? [reference] : [...this.refs, reference];
    this.flags |= REFERS;
    return this;
  }

  unique(name, config) {
    this.flags |= UNIQUE;
    if (name !== undefined) this.uniqueName = typeof name === 'function' ? String(name) : name;
    if (config !== undefined) this.uniqueNulls = config?.nulls;
    if (POSITIONS) this.uniqueStack = new Error('built here').stack;
    return this;
  }

  generatedAlwaysAs(as) {
    this.generated = { as, type: 'always', mode: 'stored' };
    this.flags |= GENERATED;
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

  get notNull() {
    return (this.flags & NOT_NULL) !== 0;
  }

  get primary() {
    return (this.flags & PRIMARY) !== 0;
  }

  get hasDefault() {
    return (this.flags & HAS_DEFAULT) !== 0;
  }

  get isUnique() {
    return (this.flags & UNIQUE) !== 0;
  }

  get keyAsName() {
    return (this.flags & KEY_AS_NAME) !== 0;
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
export function fillColumn(column, table, builder) {
  column.table = table;
  column.name = builder.name;
  column.builder = builder;
  column.flags = builder.flags;
  if (builder.flags & WITH_MORE) fillMore(column, builder, builder.flags);
  if (POSITIONS) column[STACK] = builder[STACK];
}

function fillMore(column, builder, flags) {
  if (flags & HAS_DEFAULT) {
    column.default = builder.defaultValue;
    if (builder.defaultFn !== undefined) column.defaultFn = builder.defaultFn;
    if (builder.onUpdateFn !== undefined) column.onUpdateFn = builder.onUpdateFn;
  }
  if (flags & UNIQUE) {
    if (builder.uniqueName) column.givenUniqueName = builder.uniqueName;
    if (builder.uniqueNulls !== undefined) column.uniqueType = builder.uniqueNulls;
    if (POSITIONS) column.uniqueStack = builder.uniqueStack;
  }
  if (flags & REFERS) column.refs = builder.refs;
  if (flags & GENERATED) column.generated = builder.generated;
  if (flags & IDENTITY) column.generatedIdentity = builder.identity;
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

  /** What IndexedColumn calls it: a column without options stands for itself in an index. */
  get type() {
    return this.columnType;
  }

  asc() {
    this.indexState = { ...this.indexConfig, order: 'asc', isPlain: false };
    return this;
  }

  desc() {
    this.indexState = { ...this.indexConfig, order: 'desc', isPlain: false };
    return this;
  }

  nullsFirst() {
    this.indexState = { ...this.indexConfig, nulls: 'first', isPlain: false };
    return this;
  }

  nullsLast() {
    this.indexState = { ...this.indexConfig, nulls: 'last', isPlain: false };
    return this;
  }

  op(opClass) {
    this.indexState = { ...this.indexConfig, isPlain: false, opClass: taintOf(opClass) === null ? opClass : String(opClass) };
    return this;
  }
}

const PLAIN_INDEX = Object.freeze({ order: 'asc', nulls: 'last', opClass: undefined, isPlain: true });

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
      const { flags } = builder;
      this.table = table;
      this.name = builder.name;
      this.builder = builder;
      this.flags = flags;
      if (flags & WITH_MORE) fillMore(this, builder, flags);
      if (POSITIONS) this[STACK] = builder[STACK];
    },
    PgColumn,
    kind,
    columnMembers,
  );
  const Builder = inherit(
    function PgTypeBuilder(name) {
      if (typeof name === 'string' && name !== '') this.name = name;
      else nameless(this, name);
      if (POSITIONS) mark(this);
    },
    builderParent,
    `${kind}Builder`,
  );
  // Also on the prototype next to the object, where it is found fastest.
  Object.assign(Builder.prototype, { Column: ColumnClass, columnType: kind, dataType, sqlType, buildsColumn: true });
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
    if (path === null) continue;
    builder.taint ??= path;
    builder.flags |= SPECIAL_TYPE;
  }
  return builder;
}
