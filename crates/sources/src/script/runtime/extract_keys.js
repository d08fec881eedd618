// Foreign keys, primary keys and unique constraints of a table.

import { TableName, Schema, IsAlias, describe, built } from './entity.js';
import { Column } from './column.js';
import { PgTable } from './table.js';
import { foreignKeyName } from './constraints.js';
import { taintOf } from './stub.js';
import { tableWords } from './session.js';

const ACTIONS = new Set(['no action', 'restrict', 'cascade', 'set null', 'set default']);

/** `reference`: `{ words, columns, target(), name, onDelete, onUpdate, stack, object }`. */
export function foreignKeySnapshot(session, place, reference) {
  const { words, columns, object } = reference;
  let foreignColumns;
  try {
    foreignColumns = reference.target();
  } catch (error) {
    session.exception(error, words, object);
    return;
  }
  if (!areColumns(session, foreignColumns, words, 'refers to', object) || !areColumns(session, columns, words, 'is over', object)) return;
  const foreignTable = foreignColumns[0].table;
  if (!isReferable(session, place, reference, columns, foreignColumns, foreignTable)) return;

  const columnsFrom = columns.map((column) => session.columnName(column));
  const columnsTo = foreignColumns.map((column) => session.columnName(column));
  let name = reference.name ?? foreignKeyName(place.table, columns, foreignColumns);
  if (session.convert !== undefined) {
    name = recase(name, columns, columnsFrom);
    name = recase(name, foreignColumns, columnsTo);
  }
  const out = { name, tableFrom: place.name, tableTo: foreignTable[TableName] };
  if (foreignTable[Schema] !== undefined) out.schemaTo = foreignTable[Schema];
  out.columnsFrom = columnsFrom;
  out.columnsTo = columnsTo;
  out.onDelete = reference.onDelete;
  out.onUpdate = reference.onUpdate;
  for (const action of [out.onDelete, out.onUpdate]) {
    if (ACTIONS.has(action) || action === undefined) continue;
    const path = taintOf(action);
    if (path !== null) session.taint(`action of ${words}`, path, object);
    else session.error('invalid-action', `${words} has the action ${describe(action)}, which Postgres does not know`, { object });
  }

  const key = `constraint ${place.tableKey}.${name}`;
  if (session.positions !== undefined) session.place(key, reference.stack);
  const before = place.out.foreignKeys[name];
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(out)) {
    session.error('duplicate-constraint', `foreign key "${name}" of ${place.words} is declared twice, and differently`, {
      object: key,
      help: 'declare it once: .references() on the column or foreignKey() in the extras',
    });
  }
  place.out.foreignKeys[name] = out;
  session.references.push({ words, object, table: foreignTable });
}

/** drizzle-kit's way to a cased name: the first place where the key stands is replaced. */
function recase(name, columns, names) {
  for (let i = 0; i < columns.length; i++) name = name.replace(columns[i].name, names[i]);
  return name;
}

/** True when `list` holds columns only; reports what does not. */
export function areColumns(session, list, words, verb, object) {
  if (!Array.isArray(list) || list.length === 0) {
    const path = taintOf(list);
    if (path !== null) session.taint(`columns of ${words}`, path, object);
    else session.error('no-columns', `${words} ${verb} no column`, { object });
    return false;
  }
  for (let i = 0; i < list.length; i++) {
    if (list[i] instanceof Column) continue;
    const path = taintOf(list[i]);
    if (path !== null) {
      session.taint(`column of ${words}`, path, object);
    } else {
      session.error('unknown-column', `${words} ${verb} ${list[i] === undefined ? 'a column that does not exist' : describe(list[i])}`, {
        object,
        help: list[i] === undefined
          ? 'the value is undefined: check the name of the column, and whether files import each other in a circle'
          : 'name a column of a table: users.id',
      });
    }
    return false;
  }
  return true;
}

function isReferable(session, place, { words, object }, columns, foreignColumns, foreignTable) {
  if (!(foreignTable instanceof PgTable) || foreignTable[IsAlias]) {
    session.error('invalid-reference', `${words} refers to "${foreignTable?.[TableName]}", which is no table`, {
      object,
      help: 'refer to the table itself, not to an alias or a view',
    });
    return false;
  }
  if (columns.length !== foreignColumns.length) {
    session.error('invalid-reference', `${words} has ${columns.length} columns but refers to ${foreignColumns.length}`, { object });
    return false;
  }
  for (const column of columns) {
    if (column.table === place.table || column.table[TableName] === place.name) continue;
    session.error('invalid-reference', `${words} is over column "${column.name}" of ${tableWords(column.table)}`, {
      object,
      help: `\`columns\` are of ${place.words}, \`foreignColumns\` of the table referred to`,
    });
    return false;
  }
  for (const column of foreignColumns) {
    if (column.table === foreignTable) continue;
    session.error('invalid-reference', `${words} refers to columns of two tables, ${tableWords(foreignTable)} and ${tableWords(column.table)}`, { object });
    return false;
  }
  return true;
}

export function primaryKeySnapshot(session, place, builder) {
  const words = `the primary key of ${place.words}`;
  place.primary += 1;
  if (!areColumns(session, builder.columns, words, 'is over', place.key)) return;
  const columns = builder.columns.map((column) => session.columnName(column));
  let name = builder.build(place.table).getName();
  if (session.convert !== undefined) name = recase(name, builder.columns, columns);
  const key = `constraint ${place.tableKey}.${name}`;
  session.place(key, builder);
  place.out.compositePrimaryKeys[name] = { name, columns };
  session.takeRelation(place.schemaName, name, key, 'duplicate-constraint');
}

export function uniqueSnapshot(session, place, builder) {
  const words = `${builder.name === undefined ? 'a unique constraint' : `unique constraint "${builder.name}"`} of ${place.words}`;
  if (!areColumns(session, builder.columns, words, 'is over', place.key)) return;
  const { name, nullsNotDistinct } = builder.build(place.table);
  const columns = builder.columns.map((column) => session.columnName(column));
  const key = `constraint ${place.tableKey}.${name}`;
  session.place(key, builder);
  const before = place.out.uniqueConstraints[name];
  if (before !== undefined) {
    session.error('duplicate-constraint', `unique constraint "${name}" of ${place.words} is declared twice: for "${before.columns.join(', ')}" and for "${columns.join(', ')}"`, {
      object: key,
      help: 'give one of them another name',
    });
    return;
  }
  place.out.uniqueConstraints[name] = { name, nullsNotDistinct, columns };
  session.takeRelation(place.schemaName, name, key, 'duplicate-constraint');
}

/** True when the table belongs to the platform, which has it already. */
export const isOutside = (table) => built.outside.has(table);
