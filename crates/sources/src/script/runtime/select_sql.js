// The SQL text of a select, word for word as Drizzle writes it: the snapshot
// keeps it, and a different blank would be a different view.

import { TableName, Schema, OriginalName, BaseName, IsAlias, ViewBaseConfig, Columns } from './entity.js';
import { SQL, StringChunk, Name, BareColumn } from './sql.js';
import { Column } from './column.js';
import { Table } from './table.js';
import { View, PgViewBase } from './view.js';
import { Subquery } from './subquery.js';

const word = (text) => new StringChunk(text);
const part = (...chunks) => new SQL(chunks);

export function selectSql(config) {
  const { withList, fields, table, joins, where, having, groupBy, orderBy, limit, offset } = config;
  const list = orderSelectedFields(fields);
  checkFields(list, table, joins);
  const single = !joins || joins.length === 0;
  const chunks = [];
  if (withList?.length) chunks.push(withSql(withList));
  chunks.push(word('select'));
  if (config.distinct === true) chunks.push(word(' distinct'));
  else if (config.distinct) chunks.push(word(' distinct on ('), listed(config.distinct.on), word(')'));
  chunks.push(word(' '), selectionSql(list, single), word(' from '), fromSql(table));
  if (!single) chunks.push(joinsSql(joins));
  if (where) chunks.push(word(' where '), where);
  if (groupBy?.length) chunks.push(word(' group by '), listed(groupBy));
  if (having) chunks.push(word(' having '), having);
  if (orderBy?.length) chunks.push(word(' order by '), listed(orderBy));
  if (isLimit(limit)) chunks.push(word(' limit '), limit);
  if (offset) chunks.push(word(' offset '), offset);
  if (config.lockingClause) chunks.push(lockingSql(config.lockingClause));
  return config.setOperators.reduce((left, operator) => setOperationSql(left, operator), new SQL(chunks));
}

const isLimit = (limit) => (typeof limit === 'object' && limit !== null) || (typeof limit === 'number' && limit >= 0);

function listed(items) {
  const chunks = [];
  items.forEach((item, at) => {
    if (at > 0) chunks.push(word(', '));
    chunks.push(item);
  });
  return new SQL(chunks);
}

/** The fields of a selection, nested ones flattened, each with its path. */
export function orderSelectedFields(fields, before) {
  const list = [];
  for (const name of Object.keys(fields)) {
    const field = fields[name];
    const path = before ? [...before, name] : [name];
    if (field instanceof Column || field instanceof SQL || field instanceof SQL.Aliased || field instanceof Subquery) {
      list.push({ path, field });
    } else if (field instanceof Table) {
      list.push(...orderSelectedFields(field[Columns], path));
    } else if (field instanceof View) {
      list.push(...orderSelectedFields(field[ViewBaseConfig].selectedFields, path));
    } else if (typeof field === 'object' && field !== null) {
      list.push(...orderSelectedFields(field, path));
    } else {
      throw new Error(`the field "${path.join('.')}" of a select is no column and no sql\`\`; is it undefined?`);
    }
  }
  return list;
}

function checkFields(list, table, joins) {
  const from = nameInFrom(table);
  for (const { field, path } of list) {
    if (!(field instanceof Column)) continue;
    const owner = field.table;
    if (owner[TableName] === from) continue;
    const known = owner[IsAlias] ? owner[TableName] : owner[BaseName];
    if (joins?.some((join) => join.alias === known)) continue;
    throw new Error(
      `the field "${path.join('.')}" is column "${field.name}" of "${owner[TableName]}", which is not part of the query; join it`,
    );
  }
}

function nameInFrom(table) {
  if (table instanceof Subquery) return table._.alias;
  if (table instanceof PgViewBase) return table[ViewBaseConfig].name;
  return table instanceof SQL ? undefined : table[TableName];
}

function withSql(queries) {
  const chunks = [word('with ')];
  queries.forEach((query, at) => {
    if (at > 0) chunks.push(word(', '));
    chunks.push(new Name(query._.alias), word(' as ('), query._.sql, word(')'));
  });
  chunks.push(word(' '));
  return new SQL(chunks);
}

function selectionSql(list, single) {
  const chunks = [];
  list.forEach(({ field }, at) => {
    if (at > 0) chunks.push(word(', '));
    if (field instanceof SQL.Aliased && field.isSelectionField) {
      chunks.push(new Name(field.fieldAlias));
    } else if (field instanceof SQL.Aliased || field instanceof SQL) {
      const inner = field instanceof SQL ? field : field.sql;
      chunks.push(single ? new SQL(inner.queryChunks.map(bare)) : inner);
      if (field instanceof SQL.Aliased) chunks.push(word(' as '), new Name(field.fieldAlias));
    } else {
      chunks.push(single ? bare(field) : field);
    }
  });
  return new SQL(chunks);
}

const bare = (chunk) => (chunk instanceof Column ? new BareColumn(chunk) : chunk);

function fromSql(table) {
  if (!(table instanceof Table) || !table[IsAlias]) return table;
  return part(...qualified(table[Schema], table[OriginalName]), word(' '), new Name(table[TableName]));
}

function qualified(schema, name) {
  return schema ? [new Name(schema), word('.'), new Name(name)] : [new Name(name)];
}

function joinsSql(joins) {
  const chunks = [];
  for (const { joinType, lateral, table, alias, on } of joins) {
    chunks.push(word(` ${joinType} join${lateral ? ' lateral' : ''} `));
    if (table instanceof Table) {
      chunks.push(...qualified(table[Schema], table[OriginalName]));
      if (table[TableName] !== table[OriginalName] && alias) chunks.push(word(' '), new Name(alias));
    } else if (table instanceof View) {
      const { name, schema, originalName } = table[ViewBaseConfig];
      chunks.push(...qualified(schema, originalName));
      if (name !== originalName && alias) chunks.push(word(' '), new Name(alias));
    } else {
      chunks.push(table);
    }
    if (on) chunks.push(word(' on '), on);
  }
  return new SQL(chunks);
}

function lockingSql({ strength, config }) {
  const chunks = [word(` for ${strength}`)];
  if (config.of) chunks.push(word(' of '), listed(Array.isArray(config.of) ? config.of : [config.of]));
  if (config.noWait) chunks.push(word(' nowait'));
  else if (config.skipLocked) chunks.push(word(' skip locked'));
  return new SQL(chunks);
}

function setOperationSql(left, { type, isAll, rightSelect, limit, orderBy, offset }) {
  const chunks = [word('('), left, word(') '), word(`${type} ${isAll ? 'all ' : ''}`), word('('), rightSelect.getSQL(), word(')')];
  if (orderBy?.length) chunks.push(word(' order by '), listed(orderBy.map(ordered)), word(' '));
  if (isLimit(limit)) chunks.push(word(' limit '), limit);
  if (offset) chunks.push(word(' offset '), offset);
  return new SQL(chunks);
}

/** ORDER BY after a set operation knows output columns only: names without a table. */
function ordered(item) {
  if (item instanceof SQL) return new SQL(item.queryChunks.map(bare));
  return bare(item);
}
