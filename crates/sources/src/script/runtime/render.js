// `sql` objects to SQL text. Values become literals: a CHECK, an index
// predicate, a policy or a view cannot have parameters.

import { TableName, Schema, IsAlias, ViewBaseConfig, isPgEnumSym, describe } from './entity.js';
import { StringChunk, SQL, Name, Param, Placeholder, BareColumn } from './sql.js';
import { Column } from './column.js';
import { Table } from './table.js';
import { View } from './view.js';
import { Subquery } from './subquery.js';
import { taintOf, taintText } from './stub.js';
import { converter } from './casing.js';

/** How a piece of SQL is written: with which column names, and who hears of what cannot be written. */
export class Writer {
  constructor(casing) {
    this.convert = converter(casing);
    this.bareColumns = false; // in an index, a column is its name alone
    this.params = undefined; // an array when values become $1, $2...
    this.sawColumn = undefined; // the first column met, for places where none is allowed
    this.problems = [];
  }

  columnName(column) {
    return this.convert !== undefined && column.keyAsName ? this.convert(column.name) : column.name;
  }

  /** The text of `query`; columns are written without their table when `bareColumns`. */
  write(query, bareColumns = false) {
    const before = this.bareColumns;
    this.bareColumns = bareColumns;
    const text = writeChunks(query.queryChunks, this, query.shouldInlineParams);
    this.bareColumns = before;
    return text;
  }
}

export function escapeName(name) {
  if (typeof name !== 'string') name = String(name);
  return name.indexOf('"') < 0 ? `"${name}"` : `"${name.replaceAll('"', '""')}"`;
}

export function quote(text) {
  return text.indexOf("'") < 0 ? `'${text}'` : `'${text.replaceAll("'", "''")}'`;
}

function writeChunks(chunks, writer, inline) {
  if (chunks.length === 1 && chunks[0] instanceof StringChunk) return chunks[0].value.join('');
  let text = '';
  for (let i = 0; i < chunks.length; i++) {
    const chunk = chunks[i];
    if (typeof chunk === 'object' && chunk !== null && chunk.constructor === StringChunk) {
      const parts = chunk.value;
      text += parts.length === 1 ? parts[0] : parts.join('');
      continue;
    }
    const piece = writeChunk(chunk, writer, inline);
    // `- -1` without the blank would start a comment.
    text += piece.charCodeAt(0) === 45 && text.endsWith('-') ? `(${piece})` : piece;
  }
  return text;
}

function writeChunk(chunk, writer, inline) {
  if (chunk === undefined) return '';
  if (chunk === null) return writeValue(null, writer, inline);
  if (typeof chunk === 'object') {
    if (chunk.builder !== undefined && chunk instanceof Column) return writeColumn(chunk, writer);
    if (chunk instanceof SQL) return writeChunks(chunk.queryChunks, writer, inline || chunk.shouldInlineParams);
    if (chunk instanceof Name) return escapeName(taintOf(chunk.value) === null ? chunk.value : String(chunk.value));
    if (chunk instanceof Param) return writeParam(chunk, writer, inline);
    if (chunk instanceof Table) return writeTable(chunk);
    if (Array.isArray(chunk)) {
      let list = '';
      for (let i = 0; i < chunk.length; i++) {
        const item = chunk[i] instanceof StringChunk ? chunk[i].value.join('') : writeChunk(chunk[i], writer, inline);
        list += i === 0 ? item : `, ${item}`;
      }
      return `(${list})`;
    }
    if (chunk instanceof StringChunk) return chunk.value.join('');
    if (chunk instanceof View) {
      const { schema, name, isAlias } = chunk[ViewBaseConfig];
      return schema === undefined || isAlias ? escapeName(name) : `${escapeName(schema)}.${escapeName(name)}`;
    }
    if (chunk instanceof BareColumn) return escapeName(writer.columnName(chunk.column));
    if (chunk instanceof Placeholder) return writePlaceholder(chunk, chunk, writer);
    if (chunk instanceof SQL.Aliased && chunk.fieldAlias !== undefined) return escapeName(chunk.fieldAlias);
    if (chunk instanceof Subquery) {
      if (chunk._.isWith) return escapeName(chunk._.alias);
      return `(${writeChunks(chunk._.sql.queryChunks, writer, inline)}) ${escapeName(chunk._.alias)}`;
    }
    if (typeof chunk.getSQL === 'function') {
      const text = writeChunk(chunk.getSQL(), writer, inline);
      return chunk.shouldOmitSQLParens?.() ? text : `(${text})`;
    }
    return writeValue(chunk, writer, inline);
  }
  if (typeof chunk === 'function') {
    if (chunk[isPgEnumSym] === true) {
      return chunk.schema ? `${escapeName(chunk.schema)}.${escapeName(chunk.enumName)}` : escapeName(chunk.enumName);
    }
    const path = taintOf(chunk);
    if (path !== null) return taintText(path);
  }
  return writeValue(chunk, writer, inline);
}

function writeColumn(column, writer) {
  const name = escapeName(writer.columnName(column));
  writer.sawColumn ??= column;
  if (writer.bareColumns) return name;
  const table = column.table;
  const schema = table[Schema];
  const qualified = `${escapeName(table[TableName])}.${name}`;
  return table[IsAlias] || schema === undefined ? qualified : `${escapeName(schema)}.${qualified}`;
}

function writeTable(table) {
  const schema = table[Schema];
  const name = escapeName(table[TableName]);
  return schema === undefined || table[IsAlias] ? name : `${escapeName(schema)}.${name}`;
}

function writeParam(param, writer, inline) {
  if (param.value instanceof Placeholder) return writePlaceholder(param.value, param, writer);
  const path = taintOf(param.value);
  if (path !== null) return taintText(path);
  const value = param.value === null || param.value === undefined ? param.value : param.encoder.mapToDriverValue(param.value);
  if (value instanceof SQL) return writeChunks(value.queryChunks, writer, inline || value.shouldInlineParams);
  return writeValue(value, writer, inline);
}

function writePlaceholder(placeholder, param, writer) {
  if (writer.params !== undefined) {
    writer.params.push(param);
    return `$${writer.params.length}`;
  }
  writer.problems.push(`it contains the placeholder "${placeholder.name}", which has a value only when a query runs`);
  return 'null';
}

function writeValue(value, writer, inline) {
  if (writer.params !== undefined && !inline) {
    writer.params.push(value);
    return `$${writer.params.length}`;
  }
  const text = literal(value);
  if (text !== undefined) return text;
  writer.problems.push(`it contains ${describe(value)}, which has no SQL text`);
  return 'null';
}

/** `value` as an SQL literal, or undefined when it is nothing that SQL has. */
export function literal(value) {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : quote(String(value));
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'undefined':
      return 'null';
    case 'object':
      return value === null ? 'null' : objectLiteral(value);
    default:
      return undefined;
  }
}

function objectLiteral(value) {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : quote(value.toISOString());
  if (Array.isArray(value)) return quote(arrayText(value, leafText));
  const bytes = bytesText(value);
  if (bytes !== undefined) return quote(bytes);
  if (plain(value)) return quote(jsonText(value));
  const text = String(value);
  return text.startsWith('[object') ? undefined : quote(text);
}

function plain(value) {
  const proto = Object.getPrototypeOf(value);
  return proto === null || proto === Object.prototype;
}

/** Bytes in Postgres's hex form, or undefined when `value` is not bytes. */
export function bytesText(value) {
  if (value instanceof ArrayBuffer) value = new Uint8Array(value);
  if (!ArrayBuffer.isView(value)) return undefined;
  let text = '\\x';
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
}

/** JSON text as Postgres reads it: numbers beyond 2^53 keep their digits. */
export function jsonText(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!hasBigint(value, 0)) throw error;
  }
  const digits = [];
  const text = JSON.stringify(value, (_key, one) => {
    if (typeof one !== 'bigint') return one;
    digits.push(one.toString());
    return `\u0002${digits.length - 1}\u0002`;
  });
  return text.replace(/"\\u0002(\d+)\\u0002"/g, (_all, at) => digits[at]);
}

function hasBigint(value, depth) {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null || depth > 50) return false;
  return Object.values(value).some((one) => hasBigint(one, depth + 1));
}

/**
 * A Postgres array literal without its quotes; `leaf` writes the elements. Lists
 * within the list are dimensions, as many of them as `depth` allows.
 */
export function arrayText(list, leaf, depth = Infinity) {
  let text = '{';
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (i > 0) text += ',';
    text += depth > 1 && Array.isArray(item) ? arrayText(item, leaf, depth - 1) : leaf(item);
  }
  return `${text}}`;
}

/** One element of an array literal. Text is always in double quotes, as drizzle-kit has it. */
export function leafText(value) {
  switch (typeof value) {
    case 'string':
      return leafQuote(value);
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'NULL';
    case 'object':
      if (value === null) return 'NULL';
      if (value instanceof Date) return leafQuote(value.toISOString());
      return leafQuote(bytesText(value) ?? jsonText(value));
    default:
      return leafQuote(String(value));
  }
}

export function leafQuote(text) {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** What `SQL.toQuery` answers: text with $1, $2... and the values apart. */
export function renderParams(query, config) {
  const writer = new Writer();
  const convert = config?.casing?.convert;
  if (convert) writer.convert = convert;
  writer.params = [];
  const inline = config?.inlineParams === true || query.shouldInlineParams;
  writer.bareColumns = config?.invokeSource === 'indexes';
  const text = writeChunks(query.queryChunks, writer, inline);
  return { sql: text, params: writer.params };
}
