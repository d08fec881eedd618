// The third argument of pgTable(): indexes, checks, policies and keys.

import { TableName, Schema, Columns, ExtraConfigBuilder, STACK, describe } from './entity.js';
import { SQL } from './sql.js';
import { IndexedColumn } from './column.js';
import {
  IndexBuilder, IndexBuilderOn, CheckBuilder, UniqueConstraintBuilder, UniqueOnConstraintBuilder, PrimaryKeyBuilder,
  ForeignKeyBuilder, PgPolicy,
} from './constraints.js';
import { PgRole } from './objects.js';
import { PgTable } from './table.js';
import { taintOf } from './stub.js';
import { foreignKeySnapshot, primaryKeySnapshot, uniqueSnapshot } from './extract_keys.js';
import { tableWords } from './session.js';

export function takeExtras(session, place) {
  const describeExtras = place.table[ExtraConfigBuilder];
  if (describeExtras === undefined) return;
  let extras;
  try {
    extras = describeExtras(place.table[Columns]);
  } catch (error) {
    session.exception(error, `the extras of ${place.words}`, place.key);
    return;
  }
  const path = taintOf(extras);
  if (path !== null) {
    session.taint(`extras of ${place.words}`, path, place.key);
  } else if (Array.isArray(extras)) {
    for (const extra of extras) {
      if (Array.isArray(extra)) for (const inner of extra) takeExtra(session, place, inner);
      else takeExtra(session, place, extra);
    }
  } else if (typeof extras === 'object' && extras !== null && Object.getPrototypeOf(extras) === Object.prototype) {
    for (const key of Object.keys(extras)) takeExtra(session, place, extras[key]);
  } else {
    session.error('extra-not-understood', `the extras of ${place.words} are ${describe(extras)}, not a list`, {
      object: place.key,
      help: 'answer a list: (t) => [index().on(t.email)]',
    });
  }
}

function takeExtra(session, place, extra) {
  if (extra instanceof IndexBuilder) indexSnapshot(session, place, extra);
  else if (extra instanceof UniqueConstraintBuilder) uniqueSnapshot(session, place, extra);
  else if (extra instanceof ForeignKeyBuilder) foreignKeyExtra(session, place, extra);
  else if (extra instanceof PrimaryKeyBuilder) primaryKeySnapshot(session, place, extra);
  else if (extra instanceof CheckBuilder) checkSnapshot(session, place, extra);
  else if (extra instanceof PgPolicy) policyExtra(session, place, extra);
  else if (extra !== undefined && extra !== null && extra !== false) unknownExtra(session, place, extra);
}

function unknownExtra(session, place, extra) {
  const path = taintOf(extra);
  if (path !== null) {
    session.taint(`one of the extras of ${place.words}`, path, place.key);
  } else if (extra instanceof IndexBuilderOn || extra instanceof UniqueOnConstraintBuilder) {
    const word = extra instanceof IndexBuilderOn ? 'index' : 'unique constraint';
    session.error('no-columns', `${extra.name === undefined ? `a ${word}` : `${word} "${extra.name}"`} of ${place.words} names no columns`, {
      object: place.key,
      stack: extra[STACK],
      help: `end it with .on(t.column)`,
    });
  } else {
    session.error('extra-not-understood', `one of the extras of ${place.words} is ${describe(extra)}, which is no index, key, check or policy`, {
      object: place.key,
      help: Array.isArray(extra) ? 'answer a list instead of an object, then lists in it are taken too' : 'remove it',
    });
  }
}

function foreignKeyExtra(session, place, builder) {
  let reference;
  const unnamed = `a foreign key of ${place.words}`;
  try {
    reference = builder.reference();
  } catch (error) {
    session.exception(error, unnamed, place.key);
    return;
  }
  foreignKeySnapshot(session, place, {
    words: reference.name === undefined ? unnamed : `foreign key "${reference.name}" of ${place.words}`,
    columns: reference.columns,
    target: () => reference.foreignColumns,
    name: reference.name,
    onDelete: builder._onDelete,
    onUpdate: builder._onUpdate,
    stack: builder[STACK],
    object: place.key,
  });
}

function checkSnapshot(session, place, { name, value, [STACK]: stack }) {
  const key = `constraint ${place.tableKey}.${name}`;
  const words = `check "${name}" of ${place.words}`;
  session.place(key, stack);
  if (place.out.checkConstraints[name] !== undefined) {
    session.error('duplicate-constraint', `${words} is declared twice`, { object: key, help: 'give one of them another name' });
    return;
  }
  if (typeof name !== 'string' || name === '') {
    session.error('check-without-name', `a check of ${place.words} has no name`, { object: place.key, stack, help: 'check("positive", sql`...`)' });
  }
  place.out.checkConstraints[name] = { name, value: condition(session, value, words, key) ?? '' };
}

/** SQL text of a condition; what is no condition is reported, because leaving it out would change its meaning. */
function condition(session, value, words, object) {
  if (value === undefined || value === null) {
    session.error('condition-missing', `${words} has no condition`, { object, help: 'and() and or() of nothing are nothing; give sql`...`' });
    return undefined;
  }
  const path = taintOf(value);
  if (path !== null) {
    session.taint(words, path, object);
    return undefined;
  }
  if (value instanceof SQL || (typeof value === 'object' && typeof value.getSQL === 'function')) {
    return session.sqlText(value, words, object);
  }
  session.error('condition-not-sql', `${words} is ${describe(value)}, not SQL`, { object, help: 'give sql`...` or an operator such as eq()' });
  return undefined;
}

function indexSnapshot(session, place, builder) {
  const { config } = builder;
  const given = typeof config.name === 'string' && config.name !== '' ? config.name : undefined;
  const words = given === undefined ? `an index of ${place.words}` : `index "${given}" of ${place.words}`;
  const stack = builder[STACK];
  const columns = [];
  const names = [];
  let nameless = false;
  let position = 0;
  for (const column of config.columns) {
    position += 1;
    if (column instanceof IndexedColumn) {
      const { order, nulls, opClass } = column.indexConfig;
      const expression = session.columnName(column);
      const out = { expression, isExpression: false, asc: order === 'asc', nulls };
      if (opClass !== undefined) out.opclass = opClass;
      else if (column.type === 'PgVector') needsOperatorClass(session, place, expression, words, stack);
      columns.push(out);
      names.push(expression);
    } else if (column instanceof SQL) {
      nameless = given === undefined;
      columns.push({ expression: session.sqlText(column, words, place.key, true), asc: true, isExpression: true, nulls: 'last' });
      names.push('');
    } else {
      notIndexable(session, place, column, words, position, stack);
    }
  }
  if (config.columns.length === 0) session.error('no-columns', `${words} names no columns`, { object: place.key, stack });
  if (nameless) {
    session.error('index-needs-name', `an index of ${place.words} is over the expression ${columns.find((one) => one.isExpression).expression} and has no name`, {
      object: place.key,
      stack,
      help: 'name it: index("users_lower_email").on(sql`lower(...)`); only an index over plain columns can be named after them',
    });
  }
  const name = given ?? `${place.name}_${names.join('_')}_index`;
  const key = `index ${place.schemaName}.${name}`;
  session.place(key, stack);
  if (!session.takeRelation(place.schemaName, name, key, 'duplicate-index')) return;
  const out = { name, columns, isUnique: config.unique ?? false };
  if (config.where) {
    const where = condition(session, config.where, `the WHERE of ${words}`, key);
    if (where !== undefined) out.where = where;
  }
  out.concurrently = config.concurrently ?? false;
  out.method = config.method ?? 'btree';
  out.with = config.with ?? {};
  place.out.indexes[name] = out;
}

function needsOperatorClass(session, place, column, words, stack) {
  session.error('index-needs-operator-class', `${words} is over the vector column "${column}" and names no operator class, of which vector has no default`, {
    object: place.key,
    stack,
    help: `add one: t.${column}.op('vector_cosine_ops'), or vector_l2_ops, vector_ip_ops, vector_l1_ops`,
  });
}

function notIndexable(session, place, value, words, position, stack) {
  const path = taintOf(value);
  if (path !== null) {
    session.taint(`column of ${words}`, path, place.key);
    return;
  }
  session.error('unknown-column', `${words} is over ${value === undefined ? `a column that does not exist (number ${position} is undefined)` : describe(value)}`, {
    object: place.key,
    stack,
    help: 'name columns of the table or give sql`...`',
  });
}

function policyExtra(session, place, policy) {
  session.tablePolicies.add(policy);
  addPolicy(session, policy, place, place.out.policies);
}

/** A policy that is exported and linked to a table; the table may be one that is not exported. */
export function linkedPolicy(session, policy) {
  const table = policy._linkedTable;
  const key = `policy ${policy.name}`;
  if (table === undefined) {
    if (session.tablePolicies.has(policy)) return;
    session.report('policy-not-linked', 'warning', `policy "${policy.name}" belongs to no table, so it creates nothing`, {
      object: key,
      help: 'put it into the extras of its table, or link it: pgPolicy(...).link(table)',
    });
    session.place(key, policy);
    return;
  }
  if (!(table instanceof PgTable)) {
    const path = taintOf(table);
    if (path !== null) session.taint(`table of policy "${policy.name}"`, path, key);
    else session.error('policy-not-linked', `policy "${policy.name}" is linked to ${describe(table)}, which is no table`, { object: key });
    return;
  }
  const schemaName = table[Schema] ?? 'public';
  const name = table[TableName];
  const tableKey = `${schemaName}.${name}`;
  const place = { tableKey, words: tableWords(table), key };
  const known = session.snapshot.tables[tableKey];
  if (known !== undefined) {
    addPolicy(session, policy, place, known.policies);
    return;
  }
  const added = addPolicy(session, policy, place, session.snapshot.policies);
  if (added === undefined) return;
  added.schema = schemaName;
  added.on = `"${schemaName}"."${name}"`;
}

function addPolicy(session, policy, place, policies) {
  const { name } = policy;
  const key = `policy ${place.tableKey}.${name}`;
  const words = `policy "${name}" on ${place.words}`;
  session.place(key, policy);
  if (policies[name] !== undefined) {
    session.error('duplicate-policy', `${words} is declared twice`, { object: key, help: 'give one of them another name' });
    return undefined;
  }
  const out = {
    name,
    as: policy.as?.toUpperCase() ?? 'PERMISSIVE',
    for: policy.for?.toUpperCase() ?? 'ALL',
    to: rolesOf(session, policy, words, key),
  };
  if (policy.using !== undefined && policy.using !== null) {
    const using = condition(session, policy.using, `the USING of ${words}`, key);
    if (using !== undefined) out.using = using;
  }
  if (policy.withCheck !== undefined && policy.withCheck !== null) {
    const withCheck = condition(session, policy.withCheck, `the WITH CHECK of ${words}`, key);
    if (withCheck !== undefined) out.withCheck = withCheck;
  }
  policies[name] = out;
  return out;
}

function rolesOf(session, policy, words, object) {
  if (!policy.to) return ['public'];
  const names = [];
  for (const role of Array.isArray(policy.to) ? policy.to : [policy.to]) {
    if (typeof role === 'string') {
      names.push(role);
    } else if (role instanceof PgRole) {
      names.push(role.name);
      if (!session.usedRoles.has(role)) session.usedRoles.set(role, { object, words });
    } else {
      const path = taintOf(role);
      if (path !== null) session.taint(`role of ${words}`, path, object);
      else session.error('invalid-role', `${words} is for ${describe(role)}, which is no role`, { object, help: 'give a name or pgRole()' });
    }
  }
  return names.sort();
}
