// Enums, schemas, sequences and roles of the snapshot.

import { describe } from './entity.js';
import { taintOf } from './stub.js';
import { sequenceOptions } from './identity.js';
import { isTooLong, takeLongName } from './long_names.js';

export function enumSnapshot(session, one) {
  const schema = one.schema || 'public';
  const name = one.enumName;
  const key = `${schema}.${name}`;
  const object = `enum ${key}`;
  const words = `enum "${schema === 'public' ? name : key}"`;
  session.place(object, one);
  if (unnamed(session, one, name, 'enum', object)) return;
  if (schema !== 'public' && !session.usedSchemas.has(schema)) session.usedSchemas.set(schema, { object, words });
  const values = one.enumValues;
  if (values.length === 0) {
    session.error('empty-enum', `${words} has no values`, { object, help: 'give it at least one value' });
  }
  const seen = new Set();
  for (const value of values) {
    if (typeof value !== 'string') {
      const path = taintOf(value);
      if (path !== null) {
        session.taint(`some values of ${words}`, path.replace(/\[\d+\]$/, ''), object);
      } else {
        session.error('enum-value-not-text', `${words} has the value ${describe(value)}, which is not text`, {
          object,
          help: 'use an enum whose values are strings',
        });
      }
    } else if (seen.has(value)) {
      session.error('duplicate-enum-value', `${words} has the value "${value}" twice`, { object, help: 'drop one of them' });
    } else if (isTooLong(value)) {
      session.error('enum-value-too-long', `${words} has the value "${value}", and Postgres takes 63 bytes at most`, { object, help: 'shorten it' });
    }
    seen.add(value);
  }
  const { enums } = session.snapshot;
  const before = enums[key];
  if (before !== undefined && !sameValues(before.values, values)) {
    session.error('duplicate-enum', `${words} is declared twice, with different values`, {
      object,
      notes: [`one has ${before.values.join(', ')}`, `the other has ${values.join(', ')}`],
      help: 'rename one of them, or export only one',
    });
    return;
  }
  takeLongName(session, `type ${schema}`, name, words, object);
  const relation = session.relations.get(schema)?.get(name);
  if (relation !== undefined && (relation.kind === 'table' || relation.kind === 'view')) {
    session.error('duplicate-enum', `${words} has the name of ${relation.place.words}`, {
      object,
      help: 'give one of them another name; a table and a view are types of their names too',
    });
  }
  enums[key] = { name, schema, values: values.filter((value) => typeof value === 'string') };
}

function sameValues(left, right) {
  return left.length === right.length && left.every((value, at) => value === right[at]);
}

function unnamed(session, value, name, kind, object) {
  if (typeof name === 'string' && name !== '') return false;
  const exported = session.exportNames.get(value)?.name;
  session.error(`${kind}-without-name`, `the ${kind} exported as "${exported}" has no name`, { object, help: 'give the name first' });
  return true;
}

export function schemaSnapshot(session, schema) {
  const { schemaName } = schema;
  const object = `schema ${schemaName}`;
  session.place(object, schema);
  if (unnamed(session, schema, schemaName, 'schema', object)) return;
  takeLongName(session, 'schema', schemaName, `schema "${schemaName}"`, object);
  session.snapshot.schemas[schemaName] = schemaName;
}

export function sequenceSnapshot(session, sequence) {
  const schema = sequence.schema ?? 'public';
  const name = sequence.seqName;
  const key = `${schema}.${name}`;
  const object = `sequence ${key}`;
  session.place(object, sequence);
  if (unnamed(session, sequence, name, 'sequence', object)) return;
  if (schema !== 'public' && !session.usedSchemas.has(schema)) {
    session.usedSchemas.set(schema, { object, words: `sequence "${key}"` });
  }
  const words = `sequence "${sequence.schema === undefined ? name : key}"`;
  if (!session.takeRelation(schema, name, 'sequence', { words }, 'duplicate-sequence')) return;
  const options = sequenceOptions(sequence.seqOptions, '-9223372036854775808', '9223372036854775807');
  session.snapshot.sequences[key] = { name, schema, ...options };
}

export function roleSnapshot(session, role) {
  if (role._existing) return;
  const { name } = role;
  const object = `role ${name}`;
  session.place(object, role);
  if (unnamed(session, role, name, 'role', object)) return;
  const { roles } = session.snapshot;
  if (roles[name] !== undefined) {
    session.error('duplicate-role', `role "${name}" is declared twice`, { object, help: 'export only one of them' });
    return;
  }
  takeLongName(session, 'role', name, `role "${name}"`, object);
  roles[name] = {
    name,
    createDb: role.createDb === undefined ? false : role.createDb,
    createRole: role.createRole === undefined ? false : role.createRole,
    inherit: role.inherit === undefined ? true : role.inherit,
  };
}
