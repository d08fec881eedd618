// Defaults and generation expressions as SQL text. Where drizzle-kit's text is
// right, this is the same text; where Postgres would refuse it, this is what
// the schema meant.

import { describe } from './entity.js';
import { SQL } from './sql.js';
import { Column } from './column.js';
import { PgArray } from './column_array.js';
import { PgCustomColumn } from './columns_special.js';
import { quote, literal, arrayText, leafText, leafQuote, bytesText, jsonText } from './render.js';
import { taintOf } from './stub.js';
import { columnTaint } from './extract_table.js';
import { partWords, partKey } from './session.js';

const ARRAY_TYPE = /\[\d*\]/;

/** The column's default, `value`, as the snapshot has it; undefined after it was reported. */
export function defaultOf(session, place, column, name, type, value) {
  if (value instanceof SQL) return sqlDefault(session, value, name, place);
  let text;
  try {
    text = defaultText(value, column, String(type));
  } catch (error) {
    session.exception(error, `writing ${partWords(DEFAULT, name, place)}`, partKey(DEFAULT, name, place));
    return undefined;
  }
  if (text !== undefined) return text;
  const path = taintOf(value);
  if (path !== null) {
    columnTaint(session, place, name, 'default', path);
    return undefined;
  }
  if (typeof value?.getSQL === 'function') return sqlDefault(session, value, name, place);
  session.error('invalid-default', `${partWords(DEFAULT, name, place)} is ${describe(value)}, which is no value of type ${type}`, {
    object: partKey(DEFAULT, name, place),
    help: typeof value === 'function'
      ? 'a function runs in the application only: use .$defaultFn(), or sql`...` for an expression of Postgres'
      : 'give a value of the type, or sql`...` for an expression of Postgres',
  });
  return undefined;
}

const DEFAULT = 'default of column';

function sqlDefault(session, value, name, place) {
  const { writer } = session;
  writer.sawColumn = undefined;
  const text = session.sqlText(value, DEFAULT, name, place);
  if (writer.sawColumn !== undefined) {
    session.error('default-refers-to-column', `${partWords(DEFAULT, name, place)} refers to column "${writer.sawColumn.name}", which Postgres refuses`, {
      object: partKey(DEFAULT, name, place),
      help: 'use .generatedAlwaysAs() for a value that is computed from other columns',
    });
  }
  return text;
}

/** A number, a boolean, null or SQL text; undefined when the value cannot be a default of the type. */
export function defaultText(value, column, type) {
  const lower = type.toLowerCase();
  if (lower === 'jsonb' || lower === 'json') return jsonDefault(value, lower);
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return Number.isFinite(value) ? value : quote(String(value));
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (value instanceof Date) return quote(dateText(value, lower));
  if (Array.isArray(value) && ARRAY_TYPE.test(lower)) {
    return quote(arrayDefault(value, column, lower.split('[')[0]));
  }
  return driverText(value, column);
}

function jsonDefault(value, lower) {
  if (typeof value === 'string') {
    // drizzle-kit quotes text as it is, which is right for text that is JSON.
    return isJson(value) ? quote(value) : `${quote(JSON.stringify(value))}::${lower}`;
  }
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'object' && value !== null && isSqlPiece(value)) return undefined;
  const text = typeof value === 'bigint' ? value.toString() : jsonText(value);
  return text === undefined ? undefined : `${quote(text)}::${lower}`;
}

const isSqlPiece = (value) => typeof value.getSQL === 'function' && Object.getPrototypeOf(value) !== Object.prototype;

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function dateText(value, lower) {
  const iso = value.toISOString();
  if (lower === 'date') return iso.split('T')[0];
  return lower === 'timestamp' ? iso.replace('T', ' ').slice(0, 23) : iso;
}

/** The values of these types may be lists themselves, which are elements and no dimensions. */
const LIST_VALUES = new Set(['array', 'json', 'custom']);

function arrayDefault(list, column, baseType) {
  let base = column;
  let depth = 0;
  while (base instanceof PgArray) {
    base = base.baseColumn;
    depth += 1;
  }
  const isJsonBase = baseType === 'json' || baseType === 'jsonb';
  const leaf = (value) => {
    if (value === null || value === undefined) return 'NULL';
    if (isJsonBase) return leafQuote(typeof value === 'string' && isJson(value) ? value : jsonText(value));
    if (value instanceof Date) return leafQuote(dateText(value, baseType));
    if (typeof value !== 'object' || depth === 0) return leafText(value);
    const driver = base.mapToDriverValue(value);
    if (Array.isArray(driver)) return arrayText(driver, leafText);
    return typeof driver === 'string' ? leafQuote(driver) : leafText(driver);
  };
  return arrayText(list, leaf, depth > 0 && LIST_VALUES.has(base.dataType) ? depth : Infinity);
}

/** An object as the column's own encoder has it: vectors, points, custom types. */
function driverText(value, column) {
  if (isSqlPiece(value) || value instanceof Column) return undefined;
  const driver = column.mapToDriverValue(value);
  if (driver === value && !(column instanceof PgCustomColumn)) {
    const bytes = bytesText(value);
    return bytes === undefined ? undefined : quote(bytes);
  }
  if (driver instanceof SQL || driver === undefined || typeof driver === 'function') return undefined;
  if (typeof driver === 'number' || typeof driver === 'boolean') return driver;
  return literal(driver);
}

const GENERATION = 'generation expression of column';

export function generatedSnapshot(session, place, column, name) {
  let { as } = column.generated;
  if (typeof as === 'function' && taintOf(as) === null) {
    try {
      as = as();
    } catch (error) {
      session.exception(error, partWords(GENERATION, name, place), partKey(GENERATION, name, place));
      as = '';
    }
  }
  return { as: expressionText(session, place, as, name), type: 'stored' };
}

function expressionText(session, place, as, name) {
  if (typeof as === 'string') return as; // SQL text, as drizzle-kit takes it
  const path = taintOf(as);
  if (path !== null) {
    columnTaint(session, place, name, 'generation expression', path);
    return '';
  }
  if (typeof as?.getSQL === 'function') return session.sqlText(as, GENERATION, name, place);
  const text = as === undefined ? undefined : literal(as);
  if (text === undefined) {
    session.error('invalid-generated', `${partWords(GENERATION, name, place)} is ${describe(as)}`, {
      object: partKey(GENERATION, name, place),
      help: 'give sql`...`, or a function that answers it',
    });
  }
  return text ?? '';
}
