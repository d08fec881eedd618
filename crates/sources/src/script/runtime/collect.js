// Which exports are database objects. drizzle-kit's order: files as given,
// names by code unit, each object once.

import { IsAlias, isPgEnumSym, kindOf } from './entity.js';
import { PgTable, Table } from './table.js';
import { PgView, PgMaterializedView, DefaultViewBuilderCore } from './view.js';
import { PgSchema, PgSequence, PgRole } from './objects.js';
import {
  PgPolicy, IndexBuilder, IndexBuilderOn, ForeignKeyBuilder, CheckBuilder, PrimaryKeyBuilder, UniqueConstraintBuilder,
  UniqueOnConstraintBuilder,
} from './constraints.js';
import { ColumnBuilder, Column } from './column.js';
import { SQL, Name, Param, Placeholder, StringChunk } from './sql.js';
import { Relations, Relation } from './relations.js';
import { Subquery } from './subquery.js';
import { TypedQueryBuilder, PgSelectBuilder, QueryBuilder } from './query_builder.js';

const OTHER_DIALECTS = [
  [/^MySql/, 'MySQL', 'mysql'],
  [/^SQLite/, 'SQLite', 'sqlite'],
  [/^SingleStore/, 'SingleStore', 'singlestore'],
  [/^Gel/, 'Gel', 'gel'],
  [/^MsSql/, 'SQL Server', 'mssql'],
  [/^Cockroach/, 'CockroachDB', 'cockroach'],
];

/** Exports that have no DDL of their own and that drizzle-kit passes over too. */
const HARMLESS = [
  Relations, Relation, ColumnBuilder, Column, SQL, SQL.Aliased, Name, Param, Placeholder, StringChunk, Subquery,
  TypedQueryBuilder, PgSelectBuilder, QueryBuilder,
];

/** Exports that do nothing unless they are among the extras of a table. */
const UNATTACHED = [
  [IndexBuilder, 'an index'], [IndexBuilderOn, 'an index'], [ForeignKeyBuilder, 'a foreign key'], [CheckBuilder, 'a check'],
  [PrimaryKeyBuilder, 'a primary key'], [UniqueConstraintBuilder, 'a unique constraint'],
  [UniqueOnConstraintBuilder, 'a unique constraint'],
];

export function collect(session, files) {
  const found = {
    tables: [], enums: [], schemas: [], sequences: [], roles: [], policies: [], views: [], matViews: [], count: 0,
  };
  const seen = new Set();
  for (const { path, exports } of files) {
    for (const name of Object.keys(exports).sort()) {
      const value = exports[name];
      const type = typeof value;
      if ((type !== 'object' && type !== 'function') || value === null || seen.has(value)) continue;
      const list = listOf(session, found, value, type, name, path);
      if (list === undefined) continue;
      seen.add(value);
      session.exportNames.set(value, { name, path });
      list.push(value);
      found.count += 1;
    }
  }
  return found;
}

function listOf(session, found, value, type, name, path) {
  if (type === 'function') return value[isPgEnumSym] === true ? found.enums : undefined;
  if (value instanceof PgTable) {
    if (!value[IsAlias]) return found.tables;
    session.error('exported-alias', `the export "${name}" is an alias of a table, which drizzle-kit would create as a second table`, {
      notes: [`exported in ${path}`],
      help: 'do not export the alias from a schema file',
    });
    return undefined;
  }
  if (value instanceof PgView) return value[IsAlias] ? undefined : found.views;
  if (value instanceof PgMaterializedView) return value[IsAlias] ? undefined : found.matViews;
  if (value instanceof PgSchema) return found.schemas;
  if (value instanceof PgSequence) return found.sequences;
  if (value instanceof PgRole) return found.roles;
  if (value instanceof PgPolicy) return found.policies;
  const kind = kindOf(value);
  if (kind !== undefined) notAnObject(session, value, kind, name, path);
  return undefined;
}

function notAnObject(session, value, kind, name, path) {
  if (value instanceof DefaultViewBuilderCore) {
    if (value.finished) return;
    session.error('view-without-definition', `view "${value.name}" has no definition`, {
      object: `view ${value.schema ?? 'public'}.${value.name}`,
      notes: [`exported as "${name}" in ${path}`],
      help: 'end it with .as((qb) => ...), with .as(sql`...`) after its columns, or with .existing()',
    });
    session.place(`view ${value.schema ?? 'public'}.${value.name}`, value);
    return;
  }
  for (const Class of HARMLESS) if (value instanceof Class) return;
  for (const [Class, word] of UNATTACHED) {
    if (!(value instanceof Class)) continue;
    session.report('not-attached', 'warning', `the export "${name}" is ${word} that belongs to no table, so it creates nothing`, {
      notes: [`exported in ${path}`],
      help: 'return it from the third argument of pgTable()',
    });
    return;
  }
  for (const [pattern, product, word] of OTHER_DIALECTS) {
    if (!pattern.test(kind)) continue;
    session.error('wrong-dialect', `the export "${name}" is for ${product} (${kind}), not for Postgres`, {
      notes: [`exported in ${path}`],
      help: `build it with drizzle-orm/pg-core instead of drizzle-orm/${word}-core, or take the file out of \`schema\` in the config`,
    });
    return;
  }
  if (value instanceof Table || /^(Pg)?(Table|View|MaterializedView|Schema|Sequence|Role|Policy)$/.test(kind)) {
    session.error('not-understood', `the export "${name}" is a Drizzle object (${kind}) that cannot be read`, {
      notes: [`exported in ${path}`],
      help: 'it may come from a second copy of drizzle-orm inside a package; declare it in a schema file with drizzle-orm/pg-core',
    });
  }
}
