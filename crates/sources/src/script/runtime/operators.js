// Conditions, orderings, aggregates and distances.

import { is } from './entity.js';
import { SQL, StringChunk, Param, Placeholder, sql, isSQLWrapper, isDriverValueEncoder } from './sql.js';
import { Column } from './column.js';
import { Table } from './table.js';
import { View } from './view.js';

/** A plain value compared with a column is written as the column writes its values. */
export function bindIfParam(value, column) {
  const bindable = isDriverValueEncoder(column) && !isSQLWrapper(value)
    && !(value instanceof Param) && !(value instanceof Placeholder)
    && !(value instanceof Column) && !(value instanceof Table) && !(value instanceof View);
  return bindable ? new Param(value, column) : value;
}

export const eq = (left, right) => sql`${left} = ${bindIfParam(right, left)}`;
export const ne = (left, right) => sql`${left} <> ${bindIfParam(right, left)}`;
export const gt = (left, right) => sql`${left} > ${bindIfParam(right, left)}`;
export const gte = (left, right) => sql`${left} >= ${bindIfParam(right, left)}`;
export const lt = (left, right) => sql`${left} < ${bindIfParam(right, left)}`;
export const lte = (left, right) => sql`${left} <= ${bindIfParam(right, left)}`;

export const and = (...conditions) => combine(conditions, ' and ');
export const or = (...conditions) => combine(conditions, ' or ');

function combine(conditions, between) {
  const list = conditions.filter((condition) => condition !== undefined);
  if (list.length === 0) return undefined;
  if (list.length === 1) return new SQL(list);
  return new SQL([new StringChunk('('), sql.join(list, new StringChunk(between)), new StringChunk(')')]);
}

export const not = (condition) => sql`not ${condition}`;

export function inArray(column, values) {
  if (!Array.isArray(values)) return sql`${column} in ${bindIfParam(values, column)}`;
  if (values.length === 0) return sql`false`;
  return sql`${column} in ${values.map((value) => bindIfParam(value, column))}`;
}

export function notInArray(column, values) {
  if (!Array.isArray(values)) return sql`${column} not in ${bindIfParam(values, column)}`;
  if (values.length === 0) return sql`true`;
  return sql`${column} not in ${values.map((value) => bindIfParam(value, column))}`;
}

export const isNull = (value) => sql`${value} is null`;
export const isNotNull = (value) => sql`${value} is not null`;
export const exists = (subquery) => sql`exists ${subquery}`;
export const notExists = (subquery) => sql`not exists ${subquery}`;
export const between = (column, min, max) =>
  sql`${column} between ${bindIfParam(min, column)} and ${bindIfParam(max, column)}`;
export const notBetween = (column, min, max) =>
  sql`${column} not between ${bindIfParam(min, column)} and ${bindIfParam(max, column)}`;
export const like = (column, value) => sql`${column} like ${value}`;
export const notLike = (column, value) => sql`${column} not like ${value}`;
export const ilike = (column, value) => sql`${column} ilike ${value}`;
export const notIlike = (column, value) => sql`${column} not ilike ${value}`;

function compareArrays(what, operator, column, values) {
  if (!Array.isArray(values)) return sql`${column} ${sql.raw(operator)} ${bindIfParam(values, column)}`;
  if (values.length === 0) throw new Error(`${what}() needs at least one value`);
  return sql`${column} ${sql.raw(operator)} ${sql`${bindIfParam(values, column)}`}`;
}
export const arrayContains = (column, values) => compareArrays('arrayContains', '@>', column, values);
export const arrayContained = (column, values) => compareArrays('arrayContained', '<@', column, values);
export const arrayOverlaps = (column, values) => compareArrays('arrayOverlaps', '&&', column, values);

export const asc = (column) => sql`${column} asc`;
export const desc = (column) => sql`${column} desc`;

const decoderOf = (expression) => (is(expression, Column) ? expression : String);
export const count = (expression) => sql`count(${expression || sql.raw('*')})`.mapWith(Number);
export const countDistinct = (expression) => sql`count(distinct ${expression})`.mapWith(Number);
export const avg = (expression) => sql`avg(${expression})`.mapWith(String);
export const avgDistinct = (expression) => sql`avg(distinct ${expression})`.mapWith(String);
export const sum = (expression) => sql`sum(${expression})`.mapWith(String);
export const sumDistinct = (expression) => sql`sum(distinct ${expression})`.mapWith(String);
export const max = (expression) => sql`max(${expression})`.mapWith(decoderOf(expression));
export const min = (expression) => sql`min(${expression})`.mapWith(decoderOf(expression));

const distance = (operator) => (column, value) =>
  sql`${column} ${sql.raw(operator)} ${Array.isArray(value) ? JSON.stringify(value) : value}`;
export const l2Distance = distance('<->');
export const l1Distance = distance('<+>');
export const innerProduct = distance('<#>');
export const cosineDistance = distance('<=>');
export const hammingDistance = distance('<~>');
export const jaccardDistance = distance('<%>');

export function concat(column, value) {
  return sql`${column} || ${bindIfParam(value, column)}`;
}

export function substring(column, { from, for: length }) {
  const text = sql`substring(${column}`;
  if (from !== undefined) text.append(sql` from ${bindIfParam(from, column)}`);
  if (length !== undefined) text.append(sql` for ${bindIfParam(length, column)}`);
  return text.append(sql`)`);
}
