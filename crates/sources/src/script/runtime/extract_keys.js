// Foreign keys, primary keys and unique constraints of a table.

import { TableName, Schema, IsAlias, STACK, describe } from './entity.js';
import { Column } from './column.js';
import { PgTable } from './table.js';
import { foreignKeyName } from './constraints.js';
import { taintOf } from './stub.js';
import { tableWords, partWords, partKey } from './session.js';
import { quoted, quotedList } from './place.js';

const ACTIONS = new Set(['no action', 'restrict', 'cascade', 'set null', 'set default']);

/** The foreign keys of `.references()`: `place.refers` holds columns and their names in turn. */
export function inlineForeignKeys(session, place) {
  const { refers } = place;
  for (let i = 0; i < refers.length; i += 2) {
    const column = refers[i];
    const part = refers[i + 1];
    for (let j = 0; j < column.refs.length; j++) {
      const { ref, actions } = column.refs[j];
      let foreign;
      try {
        foreign = ref();
      } catch (error) {
        session.exception(error, partWords('foreign key of column', part, place), `column ${place.tableKey}.${part}`);
        continue;
      }
      if (plainForeignKey(session, place, column, part, foreign, actions, column.refs[j])) continue;
      addForeignKey(session, place, {
        kind: 'foreign key of column',
        part,
        place,
        columns: [column],
        foreignColumns: [foreign],
        name: undefined,
        onDelete: actions.onDelete || 'no action',
        onUpdate: actions.onUpdate || 'no action',
        stack: column.refs[j][STACK],
      });
    }
  }
}

/** The usual foreign key in one go: one column to a column of a table, names as they are. */
function plainForeignKey(session, place, column, part, foreign, actions, reference) {
  if (session.convert !== undefined || !(foreign instanceof Column)) return false;
  const { table } = foreign;
  if (table[IsAlias] || !(table instanceof PgTable)) return false;
  const onDelete = actions.onDelete || 'no action';
  const onUpdate = actions.onUpdate || 'no action';
  if (!ACTIONS.has(onDelete) || !ACTIONS.has(onUpdate)) return false;
  if (!session.references.has(table)) session.references.set(table, { kind: 'foreign key of column', part, place });
  const tableTo = table[TableName];
  const schemaTo = table[Schema];
  const name = `${place.name}_${column.name}_${tableTo}_${foreign.name}_fk`;
  if (session.positions !== undefined) session.place(`constraint ${place.tableKey}.${name}`, reference);
  const nameText = JSON.stringify(name);
  const to = schemaTo === undefined ? quoted(tableTo) : `${quoted(tableTo)},"schemaTo":${quoted(schemaTo)}`;
  addKeyText(session, place, name, `${nameText}:{"name":${nameText},"tableFrom":${quoted(place.name)},"tableTo":${to},"columnsFrom":[${quoted(part)}],"columnsTo":[${quoted(foreign.name)}],"onDelete":"${onDelete}","onUpdate":"${onUpdate}"}`);
  return true;
}

/** A foreignKey() among the extras. */
export function foreignKeyExtra(session, place, builder) {
  let given;
  try {
    given = builder.reference();
  } catch (error) {
    session.exception(error, `a foreign key of ${place.words}`, place.key);
    return;
  }
  const { name, columns, foreignColumns } = given;
  addForeignKey(session, place, {
    kind: 'foreign key',
    part: name,
    place,
    columns,
    foreignColumns,
    name,
    onDelete: builder._onDelete,
    onUpdate: builder._onUpdate,
    stack: builder[STACK],
  });
}

const wordsOf = ({ kind, part, place }) => partWords(kind, part, place);
const objectOf = ({ kind, part, place }) => partKey(kind, part, place);

function addForeignKey(session, place, key) {
  const { columns, foreignColumns } = key;
  if (!areColumns(session, foreignColumns, key, 'refers to') || !areColumns(session, columns, key, 'is over')) return;
  const foreignTable = foreignColumns[0].table;
  if (!isReferable(session, place, key, foreignTable)) return;
  if (!session.references.has(foreignTable)) session.references.set(foreignTable, key);

  const columnsFrom = namesOf(session, columns);
  const columnsTo = namesOf(session, foreignColumns);
  let name = key.name ?? foreignKeyName(place.table, columns, foreignColumns);
  if (session.convert !== undefined) {
    name = recase(name, columns, columnsFrom);
    name = recase(name, foreignColumns, columnsTo);
  }
  const schemaTo = foreignTable[Schema];
  const nameText = JSON.stringify(name);
  const text = `${nameText}:{"name":${nameText},"tableFrom":${quoted(place.name)},"tableTo":${quoted(foreignTable[TableName])}${schemaTo === undefined ? '' : `,"schemaTo":${quoted(schemaTo)}`},"columnsFrom":[${quotedList(columnsFrom)}],"columnsTo":[${quotedList(columnsTo)}]${actionText(session, key, 'onDelete')}${actionText(session, key, 'onUpdate')}}`;
  if (session.positions !== undefined) session.place(`constraint ${place.tableKey}.${name}`, key.stack);
  addKeyText(session, place, name, text);
}

/** Two foreign keys of one name are one when they are the same. */
function addKeyText(session, place, name, text) {
  if (!session.takeConstraint('foreign key', name, place)) return;
  if (place.foreignKeys === '') {
    place.foreignKeys = text;
    place.firstForeignKey = name;
    return;
  }
  place.foreignKeyTexts ??= new Map().set(place.firstForeignKey, place.foreignKeys);
  const before = place.foreignKeyTexts.get(name);
  if (before === undefined) {
    place.foreignKeys += `,${text}`;
    place.foreignKeyTexts.set(name, text);
  } else if (before !== text) {
    session.error('duplicate-constraint', `foreign key "${name}" of ${place.words} is declared twice, and differently`, {
      object: `constraint ${place.tableKey}.${name}`,
      help: 'declare it once: .references() on the column or foreignKey() in the extras',
    });
  }
}

export function namesOf(session, columns) {
  const names = [];
  for (let i = 0; i < columns.length; i++) names.push(session.columnName(columns[i]));
  return names;
}

function actionText(session, key, what) {
  const action = key[what];
  if (!ACTIONS.has(action)) {
    const path = taintOf(action);
    if (path !== null) session.taint(`the action of ${wordsOf(key)}`, path, objectOf(key));
    else if (action !== undefined) {
      session.error('invalid-action', `${wordsOf(key)} has the action ${describe(action)}, which Postgres does not know`, { object: objectOf(key) });
    }
    return '';
  }
  return `,"${what}":"${action}"`;
}

/** drizzle-kit's way to a cased name: the first place where the key stands is replaced. */
function recase(name, columns, names) {
  for (let i = 0; i < columns.length; i++) name = name.replace(columns[i].name, names[i]);
  return name;
}

/** True when `list` holds columns only; reports what does not, as the `key.kind` called `key.part` of `key.place`. */
export function areColumns(session, list, key, verb) {
  if (!Array.isArray(list) || list.length === 0) {
    const path = taintOf(list);
    if (path !== null) session.taint(`the columns of ${wordsOf(key)}`, path, objectOf(key));
    else session.error('no-columns', `${wordsOf(key)} ${verb} no column`, { object: objectOf(key), stack: key.stack });
    return false;
  }
  for (let i = 0; i < list.length; i++) {
    if (list[i] instanceof Column) continue;
    const path = taintOf(list[i]);
    if (path !== null) {
      session.taint(`a column of ${wordsOf(key)}`, path, objectOf(key));
    } else {
      session.error('unknown-column', `${wordsOf(key)} ${verb} ${list[i] === undefined ? 'a column that does not exist' : describe(list[i])}`, {
        object: objectOf(key),
        stack: key.stack,
        help: list[i] === undefined
          ? 'the value is undefined: check the name of the column, and whether files import each other in a circle'
          : 'name a column of a table: users.id',
      });
    }
    return false;
  }
  return true;
}

function isReferable(session, place, key, foreignTable) {
  const { columns, foreignColumns } = key;
  const wrong = (what, help) => {
    session.error('invalid-reference', `${wordsOf(key)} ${what}`, { object: objectOf(key), stack: key.stack, help });
    return false;
  };
  if (!(foreignTable instanceof PgTable) || foreignTable[IsAlias]) {
    return wrong(`refers to "${foreignTable?.[TableName]}", which is no table`, 'refer to the table itself, not to an alias or a view');
  }
  if (columns.length !== foreignColumns.length) {
    return wrong(`is over ${columns.length} columns but refers to ${foreignColumns.length}`, 'give as many foreignColumns as columns');
  }
  for (const column of columns) {
    if (column.table === place.table || column.table[TableName] === place.name) continue;
    return wrong(`is over column "${column.name}" of ${tableWords(column.table)}`, `\`columns\` are of ${place.words}, \`foreignColumns\` of the table referred to`);
  }
  for (const column of foreignColumns) {
    if (column.table === foreignTable) continue;
    return wrong(`refers to columns of two tables, ${tableWords(foreignTable)} and ${tableWords(column.table)}`, 'refer to columns of one table');
  }
  return true;
}

export function primaryKeySnapshot(session, place, builder) {
  place.primary += 1;
  if (!areColumns(session, builder.columns, { kind: 'primary key', part: builder.name, place, stack: builder[STACK] }, 'is over')) return;
  const columns = namesOf(session, builder.columns);
  let name = builder.build(place.table).getName();
  if (session.convert !== undefined) name = recase(name, builder.columns, columns);
  if (session.positions !== undefined) session.place(`constraint ${place.tableKey}.${name}`, builder);
  if (!session.takeRelation(place.schemaName, name, 'primary key', place, 'duplicate-constraint')) return;
  const text = JSON.stringify(name);
  place.primaryKeys += `${place.primaryKeys === '' ? '' : ','}${text}:{"name":${text},"columns":[${quotedList(columns)}]}`;
}

export function uniqueSnapshot(session, place, builder) {
  if (!areColumns(session, builder.columns, { kind: 'unique constraint', part: builder.name, place, stack: builder[STACK] }, 'is over')) return;
  const { name, nullsNotDistinct } = builder.build(place.table);
  if (session.positions !== undefined) session.place(`constraint ${place.tableKey}.${name}`, builder);
  addUnique(session, place, name, nullsNotDistinct, quotedList(namesOf(session, builder.columns)));
}

/** `columns` is JSON text of their names. */
export function addUnique(session, place, name, nullsNotDistinct, columns) {
  if (!session.takeRelation(place.schemaName, name, 'unique constraint', place, 'duplicate-constraint')) return;
  const text = JSON.stringify(name);
  place.uniques += `${place.uniques === '' ? '' : ','}${text}:{"name":${text},"nullsNotDistinct":${nullsNotDistinct},"columns":[${columns}]}`;
}
