// Finds the text that stubs turned into inside a finished snapshot.

import { taintOf } from './stub.js';

const PLACES = {
  indexes: 'index',
  foreignKeys: 'foreign key',
  compositePrimaryKeys: 'primary key',
  uniqueConstraints: 'unique constraint',
  policies: 'policy',
  checkConstraints: 'check',
};

const KINDS = { enums: 'enum', sequences: 'sequence', roles: 'role', policies: 'policy', views: 'view', schemas: 'schema' };

export function reportTaint(session, snapshot) {
  for (const [key, table] of Object.entries(snapshot.tables)) tableTaint(session, key, table);
  for (const [group, kind] of Object.entries(KINDS)) {
    for (const [key, value] of Object.entries(snapshot[group])) {
      const words = `${kind} "${clean(value.name ?? key)}"`;
      search(value, (path, where) => session.taint(`${where || 'name'} of ${words}`, path, `${kind} ${key}`));
      if (taintOf(key) !== null) session.taint(`name of a ${kind}`, taintOf(key), `${kind} ${key}`);
    }
  }
}

function tableTaint(session, key, table) {
  const object = `table ${key}`;
  const nameTaint = taintOf(table.name) ?? taintOf(table.schema);
  if (nameTaint !== null) {
    session.taint('the name of a table', nameTaint, object);
    return;
  }
  const words = `table "${table.schema === '' ? '' : `${table.schema}.`}${table.name}"`;
  for (const column of Object.values(table.columns)) {
    const named = taintOf(column.name);
    if (named !== null) {
      session.taint(`the name of a column of ${words}`, named, object);
      continue;
    }
    search(column, (path, where) =>
      session.taint(`${where} of column "${column.name}" of ${words}`, path, `column ${key}.${column.name}`));
  }
  for (const [group, kind] of Object.entries(PLACES)) {
    for (const value of Object.values(table[group])) {
      const named = taintOf(value.name);
      search(value, (path, where) =>
        session.taint(named === null ? `${where} of ${kind} "${value.name}" of ${words}` : `the name of a ${kind} of ${words}`, path, object));
    }
  }
}

const clean = (name) => (taintOf(name) === null ? name : taintOf(name));

/** Calls `found(path, where)` for every tainted text below `value`. */
function search(value, found, where = '') {
  if (typeof value === 'string') {
    const path = taintOf(value);
    if (path !== null) found(path, where);
    return;
  }
  // The snapshot may hold stubs themselves, in the options of an index or a view.
  if (typeof value === 'function') {
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
