// One table of the snapshot.

import { Columns, ExtraConfigBuilder, STACK, describe } from './entity.js';
import { NotColumns } from './table.js';
import {
  Column, NOT_NULL, PRIMARY, HAS_DEFAULT, UNIQUE, REFERS, GENERATED, IDENTITY, KEY_AS_NAME, SPECIAL_TYPE,
} from './column.js';
import { PgArray } from './column_array.js';
import { PgEnumObjectColumn } from './columns_special.js';
import { taintOf } from './stub.js';
import { defaultOf, generatedSnapshot } from './extract_default.js';
import { identitySnapshot } from './identity.js';
import { takeExtras } from './extract_extras.js';
import { inlineForeignKeys, addUnique } from './extract_keys.js';
import { tableWords } from './session.js';
import { Place, quoted } from './place.js';
import { quote } from './render.js';
import { takeLongName } from './long_names.js';

export function tableSnapshot(session, table) {
  const place = new Place(table);
  const { name, schema, schemaName, tableKey } = place;
  if (session.positions !== undefined) session.place(place.key, table);
  if (typeof name !== 'string' || name === '') {
    session.error('table-without-name', `the table exported as "${session.exportNames.get(table).name}" has no name`, {
      object: place.key,
      stack: table[STACK],
      help: 'give the name first: pgTable("users", { ... })',
    });
    return;
  }
  const { tables } = session;
  const before = tables.get(tableKey);
  if (before !== undefined) {
    session.error('duplicate-table', `${place.words} is declared twice`, {
      object: place.key,
      notes: duplicateNotes(session, before.table, table),
      help: 'rename one of them, or export only one',
    });
    return;
  }
  tables.set(tableKey, place);
  if (schema !== undefined && !session.usedSchemas.has(schema)) session.usedSchemas.set(schema, { object: place.key, words: place.words });
  session.takeRelation(schemaName, name, 'table', place, 'duplicate-name');
  if (table[NotColumns] !== undefined) reportNotColumns(session, place, table[NotColumns]);
  columnsOf(session, place);
  if (place.refers !== undefined) inlineForeignKeys(session, place);
  if (table[ExtraConfigBuilder] !== undefined) takeExtras(session, place);
  if (place.primary > 1) {
    session.error('several-primary-keys', `${place.words} has ${place.primary} primary keys`, {
      object: place.key,
      help: 'a primary key over several columns is one entry of the extras: primaryKey({ columns: [t.a, t.b] })',
    });
  }
}

function duplicateNotes(session, first, second) {
  return [first, second].map((table) => {
    const { name, path } = session.exportNames.get(table);
    return `exported as "${name}" in ${path}`;
  });
}

const MORE = PRIMARY | UNIQUE | REFERS;

function columnsOf(session, place) {
  const columns = place.table[Columns];
  const keys = Object.keys(columns);
  const { convert, positions } = session;
  let text = '';
  for (let i = 0; i < keys.length; i++) {
    const column = columns[keys[i]];
    const { flags } = column;
    const name = convert !== undefined && flags & KEY_AS_NAME ? convert(column.name) : column.name;
    if (positions !== undefined) session.place(`column ${place.tableKey}.${name}`, column);
    if (i > 0) text += ',';
    text += columnText(session, place, column, name);
    if (flags & MORE) {
      if (flags & PRIMARY) place.primary += 1;
      if (flags & UNIQUE) columnUnique(session, place, column, name);
      if (flags & REFERS) (place.refers ??= []).push(column, name);
    }
  }
  place.columns = text;
}

/**
 * The column of a table, or of a view when `place.isView`, as JSON text with
 * its key. Most of it is the same for thousands of columns, and is kept.
 */
export function columnText(session, place, column, name) {
  const { flags } = column;
  let known = session.columnTexts.get(name);
  if (known === undefined) {
    known = { types: new Map(), last: undefined, isLong: name.length > 20 };
    session.columnTexts.set(name, known);
  }
  if (known.last === place && !place.isView) duplicateColumn(session, place, name);
  known.last = place;
  if (known.isLong && !place.isView) takeLongName(session, `column ${place.tableKey}`, name, `column "${name}" of ${place.words}`, `column ${place.tableKey}.${name}`);

  const type = flags & SPECIAL_TYPE ? specialType(session, place, column, name) : column.builder.sqlType;
  let kept = known.types.get(type);
  if (kept === undefined) {
    kept = new KeptText(name, flags & SPECIAL_TYPE ? type : quoted(type), column.getSQLType());
    known.types.set(type, kept);
  }
  const plain = kept.texts[flags & (NOT_NULL | PRIMARY)];
  return flags & (GENERATED | IDENTITY | HAS_DEFAULT) ? plain + furtherText(session, place, column, name, kept) : `${plain}}`;
}

/** The texts of a name and a type, by the bits NOT_NULL and PRIMARY. */
class KeptText {
  constructor(name, type, sqlType) {
    const text = (primary, notNull) =>
      `${quoted(name)}:{"name":${quoted(name)},"type":${type},"primaryKey":${primary},"notNull":${notNull}`;
    this.texts = [text(false, false), text(false, true), text(true, false), text(true, true)];
    this.sqlType = sqlType;
    this.isJson = typeof sqlType !== 'string' || /^jsonb?$/i.test(sqlType);
  }
}

function furtherText(session, place, column, name, { sqlType, isJson }) {
  const { flags } = column;
  let text = '';
  if (flags & (GENERATED | IDENTITY)) {
    if (flags & GENERATED) text += `,"generated":${JSON.stringify(generatedSnapshot(session, place, column, name))}`;
    if (flags & IDENTITY) text += `,"identity":${JSON.stringify(identitySnapshot(session, place, column, name))}`;
    if (!place.isView) contradictions(session, place, column, name);
  }
  const value = column.default;
  if (value === undefined) return `${text}}`;
  const given = typeof value === 'string' && !isJson ? quote(value) : defaultOf(session, place, column, name, sqlType, value);
  if (!place.isView && SERIAL.has(sqlType)) serialDefault(session, place, name, sqlType);
  return given === undefined ? `${text}}` : `${text},"default":${quoted(given)}}`;
}

function duplicateColumn(session, place, name) {
  session.error('duplicate-column', `column "${name}" of ${place.words} is declared twice`, {
    object: `column ${place.tableKey}.${name}`,
    help: 'two keys of the table have the same column name; give one of them another',
  });
}

/** JSON text of the type of an array, an enum or a custom type, and of the schema of an enum. */
function specialType(session, place, column, name) {
  const { builder } = column;
  const type = column.getSQLType();
  const typeSchema = builder.enum === undefined && !(column instanceof PgArray)
    ? undefined
    : enumSchema(session, place, column, name);
  if (builder.taint !== undefined) columnTaint(session, place, name, 'type', builder.taint);
  if (typeof type !== 'string' || type === '') typeless(session, place, name, type);
  return typeSchema === undefined ? quoted(String(type)) : `${quoted(type)},"typeSchema":${quoted(typeSchema)}`;
}

function enumSchema(session, place, column, name) {
  let base = column;
  while (base instanceof PgArray) base = base.baseColumn;
  const used = base.builder.enum;
  if (used === undefined) return undefined;
  if (!session.usedEnums.has(used)) {
    session.usedEnums.set(used, { object: `column ${place.tableKey}.${name}`, words: `column "${name}" of ${place.words}` });
  }
  // drizzle-kit leaves the schema out for an enum made from a TypeScript enum;
  // that is right only in public. It also looks through arrays in tables only.
  if (base instanceof PgEnumObjectColumn && used.schema === undefined) return undefined;
  if (place.isView && base !== column && used.schema === undefined) return undefined;
  return used.schema || 'public';
}

function typeless(session, place, name, type) {
  const path = taintOf(type);
  if (path !== null) {
    columnTaint(session, place, name, 'type', path);
    return;
  }
  session.error('column-without-type', `column "${name}" of ${place.words} has no type`, {
    object: `column ${place.tableKey}.${name}`,
    help: 'the dataType function of its customType() must answer the name of a Postgres type',
  });
}

export function columnTaint(session, place, name, what, path) {
  session.taint(`${what} of column "${name}" of ${place.words}`, path, `column ${place.tableKey}.${name}`);
}

const SERIAL = new Set(['serial', 'smallserial', 'bigserial']);

function contradictions(session, place, column, name) {
  const hasDefault = column.default !== undefined;
  if (column.generatedIdentity !== undefined) {
    if (hasDefault) refused(session, place, name, 'identity-and-default', 'both an identity and a default', 'drop .default(), or the identity');
    if (column.generated !== undefined) {
      refused(session, place, name, 'identity-and-generated', 'both an identity and a generation expression', 'keep one of them');
    }
  } else if (hasDefault) {
    refused(session, place, name, 'generated-and-default', 'both a generation expression and a default', 'keep one of them');
  }
}

function serialDefault(session, place, name, type) {
  refused(session, place, name, 'serial-and-default', `both the type ${type}, which has a default of its own, and a default`, 'use integer, or drop .default()');
}

function refused(session, place, name, code, what, help) {
  session.error(code, `column "${name}" of ${place.words} has ${what}, which Postgres refuses`, {
    object: `column ${place.tableKey}.${name}`,
    help,
  });
}

function columnUnique(session, place, column, name) {
  // Computed for this table: a builder shared by two tables must not give both the first one's name.
  const constraint = column.givenUniqueName ?? `${place.name}_${column.name}_unique`;
  if (session.positions !== undefined) session.place(`constraint ${place.tableKey}.${constraint}`, column.uniqueStack ?? column);
  addUnique(session, place, constraint, column.uniqueType === 'not distinct', quoted(name));
}

function reportNotColumns(session, place, pairs) {
  for (const [key, value] of pairs) {
    const path = taintOf(key) ?? taintOf(value);
    if (path !== null) {
      session.taint(taintOf(key) === null ? `column "${key}" of ${place.words}` : `some columns of ${place.words}`, path, place.key);
    } else if (key === '') {
      session.error('table-without-columns', `${place.words} has ${describe(value)} in place of its columns`, {
        object: place.key,
        help: 'pgTable() wants the columns second: pgTable("users", { id: serial().primaryKey() })',
      });
    } else if (value instanceof Column) {
      session.error('column-not-a-builder', `column "${key}" of ${place.words} is a column of ${tableWords(value.table)}, which cannot be in two tables`, {
        object: place.key,
        help: 'share the description instead: an object with text(), timestamp() and so on, spread into both tables',
      });
    } else {
      session.error('column-without-type', `column "${key}" of ${place.words} has no type: it is ${describe(value)}`, {
        object: place.key,
        help: value === undefined
          ? 'the value is undefined; files that import each other in a circle may see each other too early'
          : 'give it a column type such as text() or integer()',
      });
    }
  }
}
