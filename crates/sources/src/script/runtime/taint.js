// Finds the text that stubs turned into inside a finished snapshot.

import { taintOf } from './stub.js';

const PLACES = {
  indexes: ['index', 'an index'],
  foreignKeys: ['foreign key', 'a foreign key'],
  compositePrimaryKeys: ['primary key', 'a primary key'],
  uniqueConstraints: ['unique constraint', 'a unique constraint'],
  policies: ['policy', 'a policy'],
  checkConstraints: ['check', 'a check'],
};

const KINDS = {
  enums: ['enum', 'an enum'],
  sequences: ['sequence', 'a sequence'],
  roles: ['role', 'a role'],
  policies: ['policy', 'a policy'],
  views: ['view', 'a view'],
  schemas: ['schema', 'a schema'],
};

/** Reports every tainted text of `snapshot` by the thing that has it. */
export function reportTaint(session, snapshot) {
  for (const [key, table] of Object.entries(snapshot.tables)) tableTaint(session, key, table);
  for (const [group, [kind, some]] of Object.entries(KINDS)) {
    for (const [key, value] of Object.entries(snapshot[group])) {
      const named = taintOf(key);
      if (named !== null) session.taint(`name of ${some}`, named, `${kind} ${key}`);
      else search(value, (path, where) => session.taint(`${where} of ${kind} "${value.name ?? key}"`, path, `${kind} ${key}`));
    }
  }
}

function tableTaint(session, key, table) {
  const object = `table ${key}`;
  const nameTaint = taintOf(table.name) ?? taintOf(table.schema);
  if (nameTaint !== null) {
    session.taint('name of a table', nameTaint, object);
    return;
  }
  const words = `table "${table.schema === '' ? '' : `${table.schema}.`}${table.name}"`;
  for (const column of Object.values(table.columns)) {
    const named = taintOf(column.name);
    if (named !== null) {
      session.taint(`name of a column of ${words}`, named, object);
      continue;
    }
    search(column, (path, where) =>
      session.taint(`${where} of column "${column.name}" of ${words}`, path, `column ${key}.${column.name}`));
  }
  for (const [group, [kind, some]] of Object.entries(PLACES)) {
    for (const value of Object.values(table[group])) {
      const named = taintOf(value.name);
      if (named !== null) session.taint(`name of ${some} of ${words}`, named, object);
      else search(value, (path, where) => session.taint(`${where} of ${kind} "${value.name}" of ${words}`, path, object));
    }
  }
}

/** Calls `found(path, where)` for every tainted text below `value`. */
function search(value, found, where = '') {
  if (typeof value === 'string') {
    const path = taintOf(value);
    if (path !== null) found(path, where);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const inner = Array.isArray(value) ? where : key;
    if (taintOf(key) !== null) found(taintOf(key), where);
    search(value[key], found, inner);
  }
}
