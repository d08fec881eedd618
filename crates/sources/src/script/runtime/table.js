// Tables.

import {
  entityKind, TableName, Schema, Columns, ExtraConfigColumns, OriginalName, BaseName, IsAlias,
  ExtraConfigBuilder, IsDrizzleTable, InlineForeignKeys, EnableRLS, POSITIONS, mark, built,
} from './entity.js';
import { inlineForeignKeys } from './column.js';
import { SQL } from './sql.js';
import { taintOf } from './stub.js';
import { columnBuilders } from './column_builders.js';

export class Table {
  static [entityKind] = 'Table';

  static Symbol = {
    Name: TableName,
    Schema,
    OriginalName,
    Columns,
    ExtraConfigColumns,
    BaseName,
    IsAlias,
    ExtraConfigBuilder,
  };

  constructor(name, schema, baseName) {
    this[TableName] = name;
    this[OriginalName] = name;
    this[Schema] = schema;
    this[BaseName] = baseName;
  }

  getSQL() {
    return new SQL([this]);
  }
}
Object.assign(Table.prototype, {
  [IsAlias]: false,
  [IsDrizzleTable]: true,
  [ExtraConfigBuilder]: undefined,
});

/** Under this key a table keeps what was among its columns and is none: `[key, value]` pairs. */
export const NotColumns = Symbol('driftless:notColumns');

export class PgTable extends Table {
  static [entityKind] = 'PgTable';

  static Symbol = { ...Table.Symbol, InlineForeignKeys, EnableRLS };

  enableRLS() {
    this[EnableRLS] = true;
    return this;
  }

  get [ExtraConfigColumns]() {
    return this[Columns];
  }

  get [InlineForeignKeys]() {
    return Object.values(this[Columns]).flatMap((column) => inlineForeignKeys(column, this));
  }
}
PgTable.prototype[EnableRLS] = false;
PgTable.prototype[NotColumns] = undefined;

/** Makes a table without entering it in the list of what was built. */
export function makeTable(name, columns, extraConfig, schema, baseName) {
  if (typeof name === 'function' && taintOf(name) !== null) name = String(name);
  const table = new PgTable(name, schema, baseName);
  const described = typeof columns === 'function' && taintOf(columns) === null ? columns(columnBuilders) : columns;
  const map = {};
  if (typeof described === 'object' && described !== null) {
    const keys = Object.keys(described);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const builder = described[key];
      if (typeof builder === 'object' && builder !== null && builder.buildsColumn === true) {
        if (builder.name === '') builder.name = key;
        const column = new builder.Column(table, builder);
        map[key] = column;
        table[key] = column;
      } else {
        (table[NotColumns] ??= []).push([key, builder]);
        table[key] = builder;
      }
    }
  } else {
    table[NotColumns] = [['', columns]];
  }
  table[Columns] = map;
  if (extraConfig) table[ExtraConfigBuilder] = extraConfig;
  if (POSITIONS) mark(table);
  return table;
}

export function pgTableWithSchema(name, columns, extraConfig, schema, baseName = name) {
  const table = makeTable(name, columns, extraConfig, schema, baseName);
  built.tables.push(table);
  return table;
}

export const pgTable = (name, columns, extraConfig) => pgTableWithSchema(name, columns, extraConfig, undefined);

export function pgTableCreator(customizeTableName) {
  return (name, columns, extraConfig) =>
    pgTableWithSchema(customizeTableName(name), columns, extraConfig, undefined, name);
}

export function isTable(value) {
  return typeof value === 'object' && value !== null && IsDrizzleTable in value;
}

export function getTableName(table) {
  return table[TableName];
}

export function getTableUniqueName(table) {
  return `${table[Schema] ?? 'public'}.${table[TableName]}`;
}

export function getTableColumns(table) {
  return table[Columns];
}
