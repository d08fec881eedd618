// The third argument of pgTable(): indexes, checks, policies and keys.

import { TableName, Schema, Columns, ExtraConfigBuilder, STACK, describe } from './entity.js';
import { SQL } from './sql.js';
import { IndexedColumn, PgColumn } from './column.js';
import {
  IndexBuilder, IndexBuilderOn, CheckBuilder, UniqueConstraintBuilder, UniqueOnConstraintBuilder, PrimaryKeyBuilder,
  ForeignKeyBuilder, PgPolicy,
} from './constraints.js';
import { PgRole } from './objects.js';
import { PgTable } from './table.js';
import { taintOf } from './stub.js';
import { foreignKeyExtra, primaryKeySnapshot, uniqueSnapshot } from './extract_keys.js';
import { tableWords, partWords, partKey } from './session.js';
import { quoted } from './place.js';
import { takeLongName } from './long_names.js';

export function takeExtras(session, place) {
  const { table } = place;
  let extras;
  try {
    extras = table[ExtraConfigBuilder](table[Columns]);
  } catch (error) {
    session.exception(error, `the extras of ${place.words}`, place.key);
    return;
  }
  if (Array.isArray(extras)) {
    for (let i = 0; i < extras.length; i++) {
      const extra = extras[i];
      if (Array.isArray(extra)) for (const inner of extra) takeExtra(session, place, inner);
      else takeExtra(session, place, extra);
    }
  } else if (taintOf(extras) !== null) {
    session.taint(`extras of ${place.words}`, taintOf(extras), place.key);
  } else if (typeof extras === 'object' && extras !== null && Object.getPrototypeOf(extras) === Object.prototype) {
    for (const key of Object.keys(extras)) takeExtra(session, place, extras[key]);
  } else {
    session.error('extra-not-understood', `the extras of ${place.words} are ${describe(extras)}, not a list`, {
      object: place.key,
      help: 'answer a list: (t) => [index().on(t.email)]',
    });
  }
}

/** `instanceof` asks a class for Symbol.hasInstance first; the constructor is found faster. */
function takeExtra(session, place, extra) {
  const kind = typeof extra === 'object' && extra !== null ? extra.constructor : undefined;
  if (kind === IndexBuilder) indexSnapshot(session, place, extra);
  else if (kind === CheckBuilder) checkSnapshot(session, place, extra);
  else if (kind === UniqueConstraintBuilder) uniqueSnapshot(session, place, extra);
  else if (kind === ForeignKeyBuilder) foreignKeyExtra(session, place, extra);
  else if (kind === PrimaryKeyBuilder) primaryKeySnapshot(session, place, extra);
  else if (kind === PgPolicy) policyExtra(session, place, extra);
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

function checkSnapshot(session, place, builder) {
  const { name } = builder;
  if (session.positions !== undefined) session.place(`constraint ${place.tableKey}.${name}`, builder);
  if (typeof name !== 'string' || name === '') {
    session.error('check-without-name', `a check of ${place.words} has no name`, {
      object: place.key,
      stack: builder[STACK],
      help: 'check("positive", sql`...`)',
    });
  }
  if (place.checkNames === undefined) {
    place.checkNames = new Set();
  } else if (place.checkNames.has(name)) {
    session.error('duplicate-constraint', `check "${name}" of ${place.words} is declared twice`, {
      object: `constraint ${place.tableKey}.${name}`,
      help: 'give one of them another name',
    });
    return;
  }
  place.checkNames.add(name);
  if (!session.takeConstraint('check', name, place)) return;
  const text = JSON.stringify(name) ?? '""';
  const value = condition(session, builder.value, 'check', name, place) ?? '';
  place.checks += `${place.checks === '' ? '' : ','}${text}:{"name":${text},"value":${JSON.stringify(value)}}`;
}

/** SQL text of a condition; what is no condition is reported, because leaving it out would change its meaning. */
function condition(session, value, kind, name, place) {
  if (value instanceof SQL) return session.sqlText(value, kind, name, place);
  const path = taintOf(value);
  if (path !== null) {
    session.taint(partWords(kind, name, place), path, partKey(kind, name, place));
    return undefined;
  }
  if (typeof value === 'object' && value !== null && typeof value.getSQL === 'function') {
    return session.sqlText(value, kind, name, place);
  }
  if (value === undefined || value === null) {
    session.error('condition-missing', `${partWords(kind, name, place)} has no condition`, {
      object: partKey(kind, name, place),
      help: 'and() and or() of nothing are nothing; give sql`...`',
    });
  } else {
    session.error('condition-not-sql', `${partWords(kind, name, place)} is ${describe(value)}, not SQL`, {
      object: partKey(kind, name, place),
      help: 'give sql`...` or an operator such as eq()',
    });
  }
  return undefined;
}

const indexWords = (name, place) => (name === undefined ? `an index of ${place.words}` : `index "${name}" of ${place.words}`);

const BTREE_WITHOUT_OPTIONS = ',"concurrently":false,"method":"btree","with":{}}';

function indexSnapshot(session, place, builder) {
  const { config } = builder;
  const { columns: list } = config;
  const given = typeof config.name === 'string' && config.name !== '' ? config.name : undefined;
  let columns = '';
  let names = place.name;
  let expression;
  for (let i = 0; i < list.length; i++) {
    const column = list[i];
    if (i > 0) columns += ',';
    if (column instanceof PgColumn || column instanceof IndexedColumn) {
      const name = session.columnName(column);
      columns += indexedText(session, place, column, name, given, builder);
      if (given === undefined) names += `_${name}`;
    } else if (column instanceof SQL) {
      expression = session.sqlText(column, 'expression of index', given, place, true);
      columns += `{"expression":${JSON.stringify(expression)},"asc":true,"isExpression":true,"nulls":"last"}`;
    } else {
      notIndexable(session, place, column, given, i + 1, builder);
    }
  }
  if (list.length === 0) {
    session.error('no-columns', `${indexWords(given, place)} names no columns`, { object: place.key, stack: builder[STACK] });
  }
  if (given === undefined && expression !== undefined) {
    session.error('index-needs-name', `an index of ${place.words} is over the expression ${expression} and has no name`, {
      object: place.key,
      stack: builder[STACK],
      help: 'name it: index("users_lower_email").on(sql`lower(...)`); only an index over plain columns can be named after them',
    });
  }
  const name = given ?? `${names}_index`;
  if (session.positions !== undefined) session.place(`index ${place.schemaName}.${name}`, builder);
  if (!session.takeRelation(place.schemaName, name, 'index', place, 'duplicate-index')) return;
  const nameText = JSON.stringify(name);
  let text = `${nameText}:{"name":${nameText},"columns":[${columns}],"isUnique":${config.unique === true}`;
  if (config.where) {
    const where = condition(session, config.where, 'WHERE of index', name, place);
    if (where !== undefined) text += `,"where":${JSON.stringify(where)}`;
  }
  text += config.method === 'btree' && config.with === undefined && config.concurrently === undefined
    ? BTREE_WITHOUT_OPTIONS
    : `,"concurrently":${config.concurrently === true},"method":${quoted(config.method)},"with":${JSON.stringify(config.with ?? {})}}`;
  place.indexes += place.indexes === '' ? text : `,${text}`;
}

function indexedText(session, place, column, name, index, builder) {
  if (column.indexState === undefined && column.indexConfig.isPlain && column.type !== 'PgVector') {
    let text = session.indexedTexts.get(name);
    if (text === undefined) {
      text = `{"expression":${quoted(name)},"isExpression":false,"asc":true,"nulls":"last"}`;
      session.indexedTexts.set(name, text);
    }
    return text;
  }
  const { order, nulls, opClass } = column.indexConfig;
  if (opClass === undefined && column.type === 'PgVector') needsOperatorClass(session, place, name, index, builder);
  const text = `{"expression":${quoted(name)},"isExpression":false,"asc":${order === 'asc'},"nulls":"${nulls}"`;
  return opClass === undefined ? `${text}}` : `${text},"opclass":${quoted(opClass)}}`;
}

function needsOperatorClass(session, place, column, name, builder) {
  session.error('index-needs-operator-class', `${indexWords(name, place)} is over the vector column "${column}" and names no operator class, of which vector has no default`, {
    object: place.key,
    stack: builder[STACK],
    help: `add one: t.${column}.op('vector_cosine_ops'), or vector_l2_ops, vector_ip_ops, vector_l1_ops`,
  });
}

function notIndexable(session, place, value, name, position, builder) {
  const path = taintOf(value);
  if (path !== null) {
    session.taint(`a column of ${indexWords(name, place)}`, path, place.key);
    return;
  }
  session.error('unknown-column', `${indexWords(name, place)} is over ${value === undefined ? `a column that does not exist (number ${position} is undefined)` : describe(value)}`, {
    object: place.key,
    stack: builder[STACK],
    help: 'name columns of the table or give sql`...`',
  });
}

function policyExtra(session, place, policy) {
  session.tablePolicies.add(policy);
  addPolicy(session, policy, place, (place.policies ??= {}));
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
  const known = session.tables.get(tableKey);
  if (known !== undefined) {
    addPolicy(session, policy, place, (known.policies ??= {}));
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
  takeLongName(session, `policy ${place.tableKey}`, name, words, key);
  const out = {
    name,
    as: policy.as?.toUpperCase() ?? 'PERMISSIVE',
    for: policy.for?.toUpperCase() ?? 'ALL',
    to: rolesOf(session, policy, words, key),
  };
  if (policy.using !== undefined && policy.using !== null) {
    const using = condition(session, policy.using, 'USING of policy', name, place);
    if (using !== undefined) out.using = using;
  }
  if (policy.withCheck !== undefined && policy.withCheck !== null) {
    const withCheck = condition(session, policy.withCheck, 'WITH CHECK of policy', name, place);
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
