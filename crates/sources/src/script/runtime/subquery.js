// Subqueries, aliases, and what a selection looks like from outside.

import {
  entityKind, TableName, Columns, OriginalName, IsAlias, ViewBaseConfig,
} from './entity.js';
import { SQL } from './sql.js';
import { Column } from './column.js';
import { Table } from './table.js';
import { View } from './view.js';

export class Subquery {
  static [entityKind] = 'Subquery';

  constructor(sql, fields, alias, isWith = false, usedTables = []) {
    this._ = { brand: 'Subquery', sql, selectedFields: fields, alias, isWith, usedTables };
  }

  getSQL() {
    return new SQL([this]);
  }
}

export class WithSubquery extends Subquery {
  static [entityKind] = 'WithSubquery';
}

/** `column` as a column of `table`. */
export function columnOf(column, table) {
  const copy = Object.create(column);
  copy.table = table;
  return copy;
}

function aliasOf(table, alias, replaceOriginalName) {
  const copy = Object.create(table);
  copy[TableName] = alias;
  copy[IsAlias] = true;
  if (replaceOriginalName) copy[OriginalName] = alias;
  return copy;
}

/** `table` (or view) under another name; its columns belong to the alias. */
export function aliasedTable(table, alias) {
  const copy = aliasOf(table, alias, false);
  const columns = table[Columns];
  if (columns !== undefined) {
    const aliased = {};
    for (const key of Object.keys(columns)) {
      aliased[key] = columnOf(columns[key], copy);
      copy[key] = aliased[key];
    }
    copy[Columns] = aliased;
  }
  const view = table[ViewBaseConfig];
  if (view !== undefined) {
    copy[ViewBaseConfig] = { ...view, name: alias, isAlias: true };
    for (const key of Object.keys(view.selectedFields)) {
      const field = view.selectedFields[key];
      if (field instanceof Column) copy[key] = columnOf(field, copy);
    }
  }
  return copy;
}
export const alias = aliasedTable;

export function aliasedTableColumn(column, name) {
  return columnOf(column, aliasOf(column.table, name, false));
}

export function aliasedRelation(relation, name) {
  const copy = Object.create(relation);
  copy.sourceTable = aliasedTable(relation.sourceTable, name);
  return copy;
}

export function mapColumnsInSQLToAlias(query, name) {
  return new SQL(query.queryChunks.map((chunk) => {
    if (chunk instanceof Column) return aliasedTableColumn(chunk, name);
    if (chunk instanceof SQL) return mapColumnsInSQLToAlias(chunk, name);
    if (chunk instanceof SQL.Aliased) return mapColumnsInAliasedSQLToAlias(chunk, name);
    return chunk;
  }));
}

export function mapColumnsInAliasedSQLToAlias(query, name) {
  return new SQL.Aliased(mapColumnsInSQLToAlias(query.sql, name), query.fieldAlias);
}

/**
 * The fields of a query as its user sees them. `options`: `alias` is the name
 * the columns belong to, `aliased` says whether a named expression is met as
 * its name ('alias') or its text ('sql'), `raw` whether an expression without
 * a name may be used ('sql') or not ('error').
 */
export function selectionOf(fields, options) {
  const target = {};
  const tables = new Map();
  fill(target, fields, options, tables);
  return target;
}

function fill(target, fields, options, tables) {
  for (const key of Object.keys(fields)) {
    const descriptor = Object.getOwnPropertyDescriptor(fields, key);
    if (descriptor?.get !== undefined) Object.defineProperty(target, key, descriptor);
    else put(target, key, fields[key], options, tables);
  }
}

function put(target, key, value, options, tables) {
  if (value instanceof SQL.Aliased) {
    if (options.aliased === 'sql' && !value.isSelectionField) {
      target[key] = value.sql;
    } else {
      target[key] = value.clone();
      target[key].isSelectionField = true;
    }
  } else if (value instanceof SQL) {
    if (options.raw === 'sql') target[key] = value;
    else refuse(target, key);
  } else if (value instanceof Column) {
    target[key] = options.alias === undefined ? value : columnOf(value, tableFor(value.table, options, tables));
  } else if (value instanceof Table || value instanceof View || value instanceof Subquery) {
    target[key] = value;
  } else if (typeof value === 'object' && value !== null) {
    target[key] = {};
    fill(target[key], value, options, tables);
  } else {
    target[key] = value;
  }
}

function tableFor(table, options, tables) {
  let copy = tables.get(table);
  if (copy === undefined) {
    copy = aliasOf(table, options.alias, options.replaceOriginalName === true);
    tables.set(table, copy);
  }
  return copy;
}

function refuse(target, key) {
  Object.defineProperty(target, key, {
    enumerable: true,
    configurable: true,
    get() {
      throw new Error(`the field "${key}" of a subquery is an expression without a name; name it with .as('${key}')`);
    },
  });
}

/** Gives `object` (a subquery or view) the fields of its selection as properties. */
export function exposeFields(object, selection) {
  Object.defineProperties(object, Object.getOwnPropertyDescriptors(selection));
  return object;
}
