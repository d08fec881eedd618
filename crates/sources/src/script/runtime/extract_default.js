// Defaults and generation expressions as SQL text. Where drizzle-kit's text is
// right, this is the same text; where Postgres would refuse it, this is what
// the schema meant.

import { describe } from './entity.js';
import { SQL } from './sql.js';
import { Column, PgArray } from './column.js';
import { PgCustomColumn } from './columns_special.js';
import { quote, literal, arrayText, leafText, leafQuote, bytesText, jsonText } from './render.js';
import { taintOf } from './stub.js';
import { columnTaint } from './extract_table.js';

const ARRAY_TYPE = /\[\d*\]/;

/** Sets `out.default` when the column has one. */
export function setDefault(session, place, column, name, type, out) {
  const value = column.default;
  const object = `column ${place.tableKey}.${name}`;
  const what = `the default of column "${name}" of ${place.words}`;
  if (value instanceof SQL) {
    out.default = sqlDefault(session, value, what, object);
    return;
  }
  let text;
  try {
    text = defaultText(value, column, String(type));
  } catch (error) {
    session.exception(error, `writing ${what}`, object);
    return;
  }
  if (text !== undefined) {
    out.default = text;
    return;
  }
  const path = taintOf(value);
  if (path !== null) {
    columnTaint(session, place, name, 'default', path);
  } else if (typeof value?.getSQL === 'function') {
    out.default = sqlDefault(session, value, what, object);
  } else {
    session.error('invalid-default', `${what} is ${describe(value)}, which is no value of type ${type}`, {
      object,
      help: typeof value === 'function'
        ? 'a function runs in the application only: use .$defaultFn(), or sql`...` for an expression of Postgres'
        : 'give a value of the type, or sql`...` for an expression of Postgres',
    });
  }
}

function sqlDefault(session, value, what, object) {
  const { writer } = session;
  writer.sawColumn = undefined;
  const text = session.sqlText(value, what, object);
  if (writer.sawColumn !== undefined) {
    session.error('default-refers-to-column', `${what} refers to column "${writer.sawColumn.name}", which Postgres refuses`, {
      object,
      help: 'use .generatedAlwaysAs() for a value that is computed from other columns',
    });
  }
  return text;
}

/** A number, a boolean, null or SQL text; undefined when the value cannot be a default of the type. */
export function defaultText(value, column, type) {
  const lower = type.toLowerCase();
  if (lower === 'json' || lower === 'jsonb') return jsonDefault(value, lower);
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

export function generatedSnapshot(session, place, column, name) {
  const object = `column ${place.tableKey}.${name}`;
  const what = `the generation expression of column "${name}" of ${place.words}`;
  let { as } = column.generated;
  if (typeof as === 'function' && taintOf(as) === null) {
    try {
      as = as();
    } catch (error) {
      session.exception(error, what, object);
      as = '';
    }
  }
  return { as: expressionText(session, place, as, name, what, object), type: 'stored' };
}

function expressionText(session, place, as, name, what, object) {
  if (as instanceof SQL) return session.sqlText(as, what, object);
  if (typeof as === 'string') return as; // SQL text, as drizzle-kit takes it
  const path = taintOf(as);
  if (path !== null) {
    columnTaint(session, place, name, 'generation expression', path);
    return '';
  }
  if (typeof as?.getSQL === 'function') return session.sqlText(as, what, object);
  const text = as === undefined ? undefined : literal(as);
  if (text === undefined) {
    session.error('invalid-generated', `${what} is ${describe(as)}`, {
      object,
      help: 'give sql`...`, or a function that answers it',
    });
  }
  return text ?? '';
}
