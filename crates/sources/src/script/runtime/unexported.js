// What was built but is exported by no schema file. drizzle-kit does not see
// it, so whatever needs it would name something that nothing creates.

import { TableName, Schema, STACK, ViewBaseConfig, built } from './entity.js';
import { tableWords, partWords } from './session.js';

/** Reports what is missing and answers the keys of everything that is not exported. */
export function checkExported(session) {
  const { snapshot } = session;
  const list = [];
  schemas(session, snapshot, list);
  enums(session, snapshot, list);
  sequences(session, snapshot, list);
  roles(session, snapshot, list);
  tables(session, snapshot, list);
  others(session, list);
  return list;
}

const EXPORT_IT = 'export it from a schema file, so that drizzle-kit and Driftless see it';

function enums(session, snapshot, list) {
  for (const one of built.enums) {
    if (!session.exportNames.has(one)) list.push(`enum ${one.schema || 'public'}.${one.enumName}`);
  }
  for (const [one, user] of session.usedEnums) {
    const schema = one.schema || 'public';
    const key = `${schema}.${one.enumName}`;
    if (snapshot.enums[key] !== undefined || session.exportNames.has(one)) continue;
    session.place(`enum ${key}`, one);
    session.error('unexported-enum', `enum "${schema === 'public' ? one.enumName : key}" is not exported, but ${user.words} has its type`, {
      object: `enum ${key}`,
      stack: one[STACK],
      notes: [`used by ${user.words}`],
      help: `${EXPORT_IT}: export const ${identifier(one.enumName)} = pgEnum(...)`,
    });
  }
}

const identifier = (name) => String(name).replace(/[^A-Za-z0-9_$]+(.)?/g, (_all, next) => (next ?? '').toUpperCase()) || 'name';

function schemas(session, snapshot, list) {
  for (const schema of built.schemas) {
    if (!session.exportNames.has(schema)) list.push(`schema ${schema.schemaName}`);
  }
  for (const [name, user] of session.usedSchemas) {
    if (snapshot.schemas[name] !== undefined) continue;
    const schema = built.schemas.find((one) => one.schemaName === name);
    session.place(`schema ${name}`, schema);
    session.error('unexported-schema', `schema "${name}" is not exported, but ${user.words} is in it`, {
      object: schema === undefined ? user.object : `schema ${name}`,
      stack: schema?.[STACK],
      help: schema === undefined
        ? `export pgSchema("${name}") from a schema file; if the schema is somebody else's, do not export its objects`
        : `${EXPORT_IT}: export const ${identifier(name)} = pgSchema("${name}")`,
    });
  }
}

function sequences(session, snapshot, list) {
  let expressions;
  for (const sequence of built.sequences) {
    const schema = sequence.schema ?? 'public';
    const key = `${schema}.${sequence.seqName}`;
    if (session.exportNames.has(sequence)) continue;
    list.push(`sequence ${key}`);
    if (snapshot.sequences[key] !== undefined) continue;
    expressions ??= nextvals(session);
    const user = expressions.find(({ text }) => text.includes(sequence.seqName));
    if (user === undefined) continue;
    session.place(`sequence ${key}`, sequence);
    session.error('unexported-sequence', `sequence "${schema === 'public' ? sequence.seqName : key}" is not exported, but ${user.words} takes values from it`, {
      object: `sequence ${key}`,
      stack: sequence[STACK],
      help: `${EXPORT_IT}: export const ${identifier(sequence.seqName)} = pgSequence(...)`,
    });
  }
}

function nextvals(session) {
  const found = [];
  for (const { columns, words } of session.tables.values()) {
    for (const column of Object.values(JSON.parse(`{${columns}}`))) {
      if (typeof column.default !== 'string' || !/nextval/i.test(column.default)) continue;
      found.push({ text: column.default, words: `the default of column "${column.name}" of ${words}` });
    }
  }
  return found;
}

function roles(session, snapshot, list) {
  for (const role of built.roles) {
    if (!role._existing && !session.exportNames.has(role)) list.push(`role ${role.name}`);
  }
  for (const [role, user] of session.usedRoles) {
    if (role._existing || session.exportNames.has(role) || snapshot.roles[role.name] !== undefined) continue;
    const object = `role ${role.name}`;
    session.place(object, role);
    session.report('unexported-role', 'warning', `role "${role.name}" is not exported, so nothing creates it, but ${user.words} is for it`, {
      object,
      stack: role[STACK],
      help: 'export it from a schema file, or say that it is there already: pgRole(...).existing()',
    });
  }
}

function tables(session, snapshot, list) {
  for (const table of built.tables) {
    if (session.exportNames.has(table) || session.tables.has(keyOf(table))) continue;
    const object = `table ${keyOf(table)}`;
    list.push(object);
    const reference = session.references.get(table);
    session.place(object, table);
    // A table in a schema that is not ours either is the usual way to refer to somebody else's table.
    const foreign = table[Schema] !== undefined && snapshot.schemas[table[Schema]] === undefined;
    if (reference !== undefined && !foreign) {
      const user = partWords(reference.kind, reference.part, reference.place);
      session.error('unexported-table', `${tableWords(table)} is not exported, so nothing creates it, but ${user} refers to it`, {
        object,
        stack: table[STACK],
        notes: [`referred to by ${user}`],
        help: EXPORT_IT,
      });
    } else if (!foreign) {
      session.report('unexported-table', 'warning', `${tableWords(table)} is not exported from a schema file, so it is not managed`, {
        object,
        stack: table[STACK],
        help: 'export it, or add its file to `schema` in the config',
      });
    }
  }
}

const keyOf = (table) => `${table[Schema] ?? 'public'}.${table[TableName]}`;

function others(session, list) {
  for (const view of built.views) {
    if (session.exportNames.has(view)) continue;
    const config = view[ViewBaseConfig];
    if (!config.isExisting) list.push(`view ${config.schema ?? 'public'}.${config.name}`);
  }
}
