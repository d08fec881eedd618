// relations(): no DDL, but schema files declare and sometimes inspect them.

import { entityKind, TableName, Schema, Columns, ExtraConfigBuilder, is } from './entity.js';
import { Table, getTableUniqueName } from './table.js';
import { PrimaryKeyBuilder } from './constraints.js';
import { sql } from './sql.js';
import * as operators from './operators.js';

export class Relation {
  static [entityKind] = 'Relation';

  constructor(sourceTable, referencedTable, relationName) {
    this.sourceTable = sourceTable;
    this.referencedTable = referencedTable;
    this.relationName = relationName;
    this.referencedTableName = referencedTable?.[TableName];
    this.fieldName = undefined;
  }
}

export class Relations {
  static [entityKind] = 'Relations';

  constructor(table, config) {
    this.table = table;
    this.config = config;
  }
}

export class One extends Relation {
  static [entityKind] = 'One';

  constructor(sourceTable, referencedTable, config, isNullable) {
    super(sourceTable, referencedTable, config?.relationName);
    this.config = config;
    this.isNullable = isNullable;
  }

  withFieldName(fieldName) {
    const relation = new One(this.sourceTable, this.referencedTable, this.config, this.isNullable);
    relation.fieldName = fieldName;
    return relation;
  }
}

export class Many extends Relation {
  static [entityKind] = 'Many';

  constructor(sourceTable, referencedTable, config) {
    super(sourceTable, referencedTable, config?.relationName);
    this.config = config;
  }

  withFieldName(fieldName) {
    const relation = new Many(this.sourceTable, this.referencedTable, this.config);
    relation.fieldName = fieldName;
    return relation;
  }
}

export function relations(table, describe) {
  return new Relations(table, (helpers) => {
    const named = {};
    for (const [key, relation] of Object.entries(describe(helpers))) named[key] = relation.withFieldName(key);
    return named;
  });
}

/** Relations of Drizzle 1.x; accepted, because they never reach DDL either. */
export const defineRelations = (schema, describe) => new Relations(schema, describe);
export const defineRelationsPart = defineRelations;

export function createOne(sourceTable) {
  return (table, config) =>
    new One(sourceTable, table, config, config?.fields.every((field) => field.notNull) ?? false);
}

export function createMany(sourceTable) {
  return (table, config) => new Many(sourceTable, table, config);
}

export function createTableRelationsHelpers(sourceTable) {
  return { one: createOne(sourceTable), many: createMany(sourceTable) };
}

export function getOperators() {
  const { and, between, eq, exists, gt, gte, ilike, inArray, isNull, isNotNull, like, lt, lte } = operators;
  const { ne, not, notBetween, notExists, notLike, notIlike, notInArray, or } = operators;
  return {
    and, between, eq, exists, gt, gte, ilike, inArray, isNull, isNotNull, like, lt, lte,
    ne, not, notBetween, notExists, notLike, notIlike, notInArray, or, sql,
  };
}

export function getOrderByOperators() {
  return { sql, asc: operators.asc, desc: operators.desc };
}

export function extractTablesRelationalConfig(schema, helpers) {
  const keys = Object.keys(schema);
  if (keys.length === 1 && keys[0] === 'default' && !is(schema.default, Table)) schema = schema.default;
  const tables = {};
  const tableNamesMap = {};
  const waiting = {};
  for (const [key, value] of Object.entries(schema)) {
    if (is(value, Table)) {
      const unique = getTableUniqueName(value);
      tableNamesMap[unique] = key;
      tables[key] = {
        tsName: key,
        dbName: value[TableName],
        schema: value[Schema],
        columns: value[Columns],
        relations: waiting[unique] ?? {},
        primaryKey: primaryKeyOf(value),
      };
    } else if (is(value, Relations)) {
      const unique = getTableUniqueName(value.table);
      const described = value.config(helpers(value.table));
      const known = tables[tableNamesMap[unique]];
      if (known) Object.assign(known.relations, described);
      else waiting[unique] = { ...waiting[unique], ...described };
    }
  }
  return { tables, tableNamesMap };
}

function primaryKeyOf(table) {
  const columns = Object.values(table[Columns]).filter((column) => column.primary);
  const extras = table[ExtraConfigBuilder]?.(table[Columns]);
  for (const extra of Object.values(extras ?? {})) {
    if (is(extra, PrimaryKeyBuilder)) columns.push(...extra.columns);
  }
  return columns;
}

export function normalizeRelation(schema, tableNamesMap, relation) {
  if (is(relation, One) && relation.config) {
    return { fields: relation.config.fields, references: relation.config.references };
  }
  const nameOf = (table) => {
    const name = tableNamesMap[getTableUniqueName(table)];
    if (!name || !schema[name]) throw new Error(`table "${table[TableName]}" is not in the schema`);
    return name;
  };
  const referenced = nameOf(relation.referencedTable);
  const source = nameOf(relation.sourceTable);
  const reverse = Object.values(schema[referenced].relations).filter((other) =>
    relation.relationName
      ? other !== relation && other.relationName === relation.relationName
      : other.referencedTable === relation.sourceTable);
  if (reverse.length > 1) {
    throw new Error(`several relations lead from "${referenced}" to "${source}"; name the relation with relationName`);
  }
  if (reverse[0] && is(reverse[0], One) && reverse[0].config) {
    return { fields: reverse[0].config.references, references: reverse[0].config.fields };
  }
  throw new Error(`the relation "${source}.${relation.fieldName}" has no counterpart to take its columns from`);
}

export function mapRelationalRow() {
  throw new Error('rows cannot be mapped while the schema is read');
}
