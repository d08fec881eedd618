// Roles, sequences and schemas.

import { entityKind, POSITIONS, mark, built, is } from './entity.js';
import { SQL, Name } from './sql.js';
import { enumIn } from './columns_special.js';
import { pgTableWithSchema } from './table.js';
import { pgViewWithSchema, pgMaterializedViewWithSchema } from './view.js';
import { taintOf } from './stub.js';

const nameText = (name) => (taintOf(name) === null ? name : String(name));

export class PgRole {
  static [entityKind] = 'PgRole';

  constructor(name, config) {
    this.name = nameText(name);
    this._existing = undefined;
    this.createDb = config?.createDb;
    this.createRole = config?.createRole;
    this.inherit = config?.inherit;
    if (POSITIONS) mark(this);
  }

  existing() {
    this._existing = true;
    return this;
  }
}

export function pgRole(name, config) {
  const role = new PgRole(name, config);
  built.roles.push(role);
  return role;
}

export class PgSequence {
  static [entityKind] = 'PgSequence';

  constructor(seqName, seqOptions, schema) {
    this.seqName = nameText(seqName);
    this.seqOptions = seqOptions;
    this.schema = schema;
    if (POSITIONS) mark(this);
  }
}

export function pgSequenceWithSchema(name, options, schema) {
  const sequence = new PgSequence(name, options, schema);
  built.sequences.push(sequence);
  return sequence;
}

export const pgSequence = (name, options) => pgSequenceWithSchema(name, options, undefined);
export const isPgSequence = (value) => is(value, PgSequence);

export class PgSchema {
  static [entityKind] = 'PgSchema';

  constructor(schemaName) {
    this.schemaName = nameText(schemaName);
    // Own functions, because `const { table } = pgSchema('x')` is common.
    this.table = (name, columns, extraConfig) => pgTableWithSchema(name, columns, extraConfig, this.schemaName);
    this.view = (name, columns) => pgViewWithSchema(name, columns, this.schemaName);
    this.materializedView = (name, columns) => pgMaterializedViewWithSchema(name, columns, this.schemaName);
    this.sequence = (name, options) => pgSequenceWithSchema(name, options, this.schemaName);
    if (POSITIONS) mark(this);
  }

  enum(enumName, input) {
    return enumIn(enumName, input, this.schemaName);
  }

  getSQL() {
    return new SQL([new Name(this.schemaName)]);
  }

  shouldOmitSQLParens() {
    return true;
  }
}

export function pgSchema(name) {
  if (name === 'public') {
    throw new Error(
      "pgSchema('public') is not allowed: Postgres puts objects into public by itself, so use pgTable() for tables of public",
    );
  }
  const schema = new PgSchema(name);
  built.schemas.push(schema);
  return schema;
}

export const isPgSchema = (value) => is(value, PgSchema);
