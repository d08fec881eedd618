// One table of the snapshot.

import { TableName, Schema, Columns, EnableRLS, STACK, describe } from './entity.js';
import { NotColumns } from './table.js';
import { Column, PgArray } from './column.js';
import { PgEnumObjectColumn } from './columns_special.js';
import { taintOf } from './stub.js';
import { setDefault, generatedSnapshot } from './extract_default.js';
import { identitySnapshot } from './identity.js';
import { takeExtras } from './extract_extras.js';
import { foreignKeySnapshot } from './extract_keys.js';
import { tableWords } from './session.js';

export function tableSnapshot(session, table) {
  const name = table[TableName];
  const schema = table[Schema];
  const schemaName = schema ?? 'public';
  const words = tableWords(table);
  const key = `table ${schemaName}.${name}`;
  session.place(key, table);
  if (typeof name !== 'string' || name === '') {
    session.error('table-without-name', `the table exported as "${session.exportNames.get(table).name}" has no name`, {
      object: key,
      stack: table[STACK],
      help: 'give the name first: pgTable("users", { ... })',
    });
    return;
  }
  const tables = session.snapshot.tables;
  const tableKey = `${schemaName}.${name}`;
  if (tables[tableKey] !== undefined) {
    session.error('duplicate-table', `${words} is declared twice`, {
      object: key,
      notes: duplicateNotes(session, session.tableObjects.get(tableKey), table),
      help: 'rename one of them, or export only one',
    });
    return;
  }
  (session.tableObjects ??= new Map()).set(tableKey, table);
  session.takeRelation(schemaName, name, key, 'duplicate-name');
  if (schema !== undefined && !session.usedSchemas.has(schema)) session.usedSchemas.set(schema, { object: key, words });

  const out = {
    name,
    schema: schema ?? '',
    columns: {},
    indexes: {},
    foreignKeys: {},
    compositePrimaryKeys: {},
    uniqueConstraints: {},
    policies: {},
    checkConstraints: {},
    isRLSEnabled: table[EnableRLS],
  };
  tables[tableKey] = out;
  const place = { table, name, schema, schemaName, tableKey, key, words, out, primary: 0, foreignKeys: [] };
  if (table[NotColumns] !== undefined) reportNotColumns(session, place, table[NotColumns]);
  columnsOf(session, place);
  for (const reference of place.foreignKeys) foreignKeySnapshot(session, place, reference);
  takeExtras(session, place);
  if (place.primary > 1) {
    session.error('several-primary-keys', `${words} has ${place.primary} primary keys`, {
      object: key,
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

function columnsOf(session, place) {
  const { table, out, tableKey } = place;
  const columns = table[Columns];
  const keys = Object.keys(columns);
  for (let i = 0; i < keys.length; i++) {
    const column = columns[keys[i]];
    const name = session.columnName(column);
    if (out.columns[name] !== undefined) {
      session.error('duplicate-column', `column "${name}" of ${place.words} is declared twice`, {
        object: `column ${tableKey}.${name}`,
        help: 'two keys of the table have the same column name; rename one',
      });
      continue;
    }
    if (session.positions !== undefined) session.place(`column ${tableKey}.${name}`, column);
    out.columns[name] = columnSnapshot(session, place, column, name);
    if (column.primary) place.primary += 1;
    if (column.isUnique) columnUnique(session, place, column, name);
    if (column.refs !== undefined) inlineReferences(place, column, name);
  }
}

/** A column of a table, or of a view when `place.isView`. */
export function columnSnapshot(session, place, column, name) {
  const type = column.getSQLType();
  const typeSchema = column.builder.enum === undefined && column.builder.base === undefined
    ? undefined
    : enumSchema(session, place, column, name);
  const out = typeSchema === undefined
    ? { name, type, primaryKey: column.primary, notNull: column.notNull }
    : { name, type, typeSchema, primaryKey: column.primary, notNull: column.notNull };
  if (typeof type !== 'string' || type === '') typeless(session, place, name, type);
  if (column.builder.taint !== undefined) columnTaint(session, place, name, 'type', column.builder.taint);
  if (column.generated !== undefined) out.generated = generatedSnapshot(session, place, column, name);
  if (column.generatedIdentity !== undefined) out.identity = identitySnapshot(session, place, column, name);
  if (column.default !== undefined) setDefault(session, place, column, name, type, out);
  if (column.hasDefault && !place.isView) contradictions(session, place, column, name, out);
  return out;
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

const SERIAL = /^(small|big)?serial$/;

function contradictions(session, place, column, name, out) {
  const hasDefault = column.default !== undefined;
  const both = (code, what, help) =>
    session.error(code, `column "${name}" of ${place.words} has ${what}, which Postgres refuses`, {
      object: `column ${place.tableKey}.${name}`,
      help,
    });
  if (column.generatedIdentity !== undefined) {
    if (hasDefault) both('identity-and-default', 'both an identity and a default', 'drop .default(), or the identity');
    if (column.generated !== undefined) both('identity-and-generated', 'both an identity and a generation expression', 'keep one of them');
  }
  if (hasDefault && column.generated !== undefined) {
    both('generated-and-default', 'both a generation expression and a default', 'keep one of them');
  }
  if (hasDefault && SERIAL.test(out.type)) {
    both('serial-and-default', `both the type ${out.type}, which has a default of its own, and a default`, 'use integer, or drop .default()');
  }
}

function columnUnique(session, place, column, name) {
  const { out, tableKey } = place;
  // Computed for this table: a builder shared by two tables must not give both the first one's name.
  const constraint = column.givenUniqueName ?? `${place.name}_${column.name}_unique`;
  const key = `constraint ${tableKey}.${constraint}`;
  if (session.positions !== undefined) session.place(key, column.uniqueStack ?? column);
  const before = out.uniqueConstraints[constraint];
  if (before !== undefined) {
    session.error('duplicate-constraint', `unique constraint "${constraint}" of ${place.words} is declared twice: for "${before.columns.join(', ')}" and for "${name}"`, {
      object: key,
      help: 'give one of them another name',
    });
    return;
  }
  out.uniqueConstraints[constraint] = {
    name: constraint,
    nullsNotDistinct: column.uniqueType === 'not distinct',
    columns: [name],
  };
  session.takeRelation(place.schemaName, constraint, key, 'duplicate-constraint');
}

function inlineReferences(place, column, name) {
  for (const { ref, actions, [STACK]: stack } of column.refs) {
    place.foreignKeys.push({
      words: `the foreign key of column "${name}" of ${place.words}`,
      columns: [column],
      target: () => [ref()],
      name: undefined,
      onDelete: actions.onDelete || 'no action',
      onUpdate: actions.onUpdate || 'no action',
      stack,
      object: `column ${place.tableKey}.${name}`,
    });
  }
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
