// What is wrong with a schema: every finding by code and message.
// usage: node findings.test.mjs

import { forgetBuilt, moduleOf, ours, report } from './support.mjs';

const runtime = new URL('../../src/script/runtime/', import.meta.url).href;
const imports = `
import * as d from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { stub } from '${runtime}stub.js';
const { sql, eq, and } = d;
const { pgTable, pgEnum, pgSchema, text, integer, serial, index, unique, check, primaryKey, foreignKey, pgPolicy } = pg;
const z = stub('zod');
`;

/** `[what, schema, ...'code: message']`; a warning's code ends in `?`. */
const cases = [
  // Names that are taken.
  ['table twice', `export const a = pgTable('t', { x: text() }); export const b = pgTable('t', { y: text() });`, 'duplicate-table: table "t" is declared twice'],
  ['table and view', `export const a = pgTable('t', { x: text() }); export const b = pg.pgView('t', { x: text() }).as(sql\`select 1\`);`, 'duplicate-view: the name "t" is taken twice in schema "public": by table "t" and by view "t"'],
  ['enum twice', `export const a = pgEnum('e', ['a']); export const b = pgEnum('e', ['b']);`, 'duplicate-enum: enum "e" is declared twice, with different values'],
  ['enum twice alike', `export const a = pgEnum('e', ['a']); export const b = pgEnum('e', ['a']);`],
  ['view twice', `export const a = pg.pgView('v', { x: text() }).as(sql\`select 1\`); export const b = pg.pgMaterializedView('v', { x: text() }).as(sql\`select 1\`);`, 'duplicate-view: view "v" is declared twice'],
  ['sequence twice', `export const a = pg.pgSequence('s'); export const b = pg.pgSequence('s');`, 'duplicate-sequence: sequence "s" is declared twice'],
  ['role twice', `export const a = pg.pgRole('r'); export const b = pg.pgRole('r');`, 'duplicate-role: role "r" is declared twice'],
  ['policy twice', `export const a = pgTable('t', { x: text() }, () => [pgPolicy('p'), pgPolicy('p')]);`, 'duplicate-policy: policy "p" on table "t" is declared twice'],
  ['linked policy twice', `export const a = pgTable('t', { x: text() }, () => [pgPolicy('p')]); export const p = pgPolicy('p').link(a);`, 'duplicate-policy: policy "p" on table "t" is declared twice'],
  ['index in two tables', `export const a = pgTable('a', { x: text() }, (t) => [index('i').on(t.x)]); export const b = pgTable('b', { x: text() }, (t) => [index('i').on(t.x)]);`, 'duplicate-index: the name "i" is taken twice in schema "public": by index "i" of table "a" and by index "i" of table "b"'],
  ['index of one name in two schemas', `export const s = pgSchema('s'); export const a = pgTable('a', { x: text() }, (t) => [index('i').on(t.x)]); export const b = s.table('b', { x: text() }, (t) => [index('i').on(t.x)]);`],
  ['index like a unique constraint', `export const a = pgTable('a', { x: text().unique('u') }, (t) => [index('u').on(t.x)]);`, 'duplicate-index: the name "u" is taken twice in schema "public": by unique constraint "u" of table "a" and by index "u" of table "a"'],
  ['unique twice', `export const a = pgTable('a', { x: text().unique() }, (t) => [unique().on(t.x)]);`, 'duplicate-constraint: unique constraint "a_x_unique" of table "a" is declared twice'],
  ['check twice', `export const a = pgTable('a', { x: text() }, (t) => [check('c', sql\`1\`), check('c', sql\`2\`)]);`, 'duplicate-constraint: check "c" of table "a" is declared twice'],
  ['foreign key twice, alike', `export const a = pgTable('a', { id: serial().primaryKey(), x: integer().references(() => a.id) }, (t) => [foreignKey({ columns: [t.x], foreignColumns: [t.id] })]);`],
  ['foreign key twice', `export const a = pgTable('a', { id: serial().primaryKey(), x: integer().references(() => a.id) }, (t) => [foreignKey({ columns: [t.x], foreignColumns: [t.id] }).onDelete('cascade')]);`, 'duplicate-constraint: foreign key "a_x_a_id_fk" of table "a" is declared twice, and differently'],
  ['column twice', `export const a = pgTable('a', { x: text('n'), y: text('n') });`, 'duplicate-column: column "n" of table "a" is declared twice'],
  ['one column of that name in each table', `export const a = pgTable('a', { x: text('n') }); export const b = pgTable('b', { y: text('n') });`],

  // What is not exported.
  ['enum', `const e = pgEnum('e', ['a']); export const t = pgTable('t', { x: e() });`, 'unexported-enum: enum "e" is not exported, but column "x" of table "t" has its type'],
  ['enum of an array', `const e = pgEnum('e', ['a']); export const t = pgTable('t', { x: e().array() });`, 'unexported-enum: enum "e" is not exported, but column "x" of table "t" has its type'],
  ['enum with an exported twin', `const e = pgEnum('e', ['a']); export const f = pgEnum('e', ['a']); export const t = pgTable('t', { x: e() });`],
  ['schema', `const s = pgSchema('s'); export const t = s.table('t', { x: text() });`, 'unexported-schema: schema "s" is not exported, but table "s.t" is in it'],
  ['schema of an enum', `const s = pgSchema('s'); export const e = s.enum('e', ['a']);`, 'unexported-schema: schema "s" is not exported, but enum "s.e" is in it'],
  ['sequence', `const s = pg.pgSequence('s'); export const t = pgTable('t', { x: integer().default(sql\`nextval('s')\`) });`, `unexported-sequence: sequence "s" is not exported, but the default of column "x" of table "t" takes values from it`],
  ['role', `const r = pg.pgRole('r'); export const t = pgTable('t', { x: text() }, () => [pgPolicy('p', { to: r })]);`, 'unexported-role?: role "r" is not exported, so nothing creates it, but policy "p" on table "t" is for it'],
  ['table', `const a = pgTable('a', { x: text() }); export const t = pgTable('t', { x: text() });`, 'unexported-table?: table "a" is not exported from a schema file, so it is not managed'],
  ['table referred to', `const a = pgTable('a', { id: serial().primaryKey() }); export const t = pgTable('t', { x: integer().references(() => a.id) });`, 'unexported-table: table "a" is not exported, so nothing creates it, but the foreign key of column "x" of table "t" refers to it'],
  ["somebody else's table", `const auth = pgSchema('auth'); const users = auth.table('users', { id: serial().primaryKey() }); export const t = pgTable('t', { x: integer().references(() => users.id) });`],
  ['nothing', `export const x = 1; export const f = () => 1; export const q = z.object({});`, 'no-tables: the schema files export nothing that Postgres could hold: no table, no enum, no view'],
  ['an alias', `export const t = pgTable('t', { x: text() }); export const u = pg.alias(t, 'u');`, 'exported-alias: the export "u" is an alias of a table, which drizzle-kit would create as a second table'],

  // Stand-ins that reach DDL.
  ['default', `export const t = pgTable('users', { tier: text().default(z.string().min(1)) });`, 'tainted-value: default of column "tier" of table "users" comes from "zod#string().min()", which is not evaluated'],
  ['default in text', 'export const t = pgTable("t", { x: text().default(`a${z.b}`) });', 'tainted-value: default of column "x" of table "t" comes from "zod#b", which is not evaluated'],
  ['sql', 'export const t = pgTable("t", { x: text().default(sql`${z.b}`), y: text() }, (t) => [check("c", sql`${t.y} <> ${z.c}`)]);', 'tainted-value: default of column "x" of table "t" comes from "zod#b", which is not evaluated', 'tainted-value: value of check "c" of table "t" comes from "zod#c", which is not evaluated'],
  ['names', `export const t = pgTable(z.table, { x: text() }); export const u = pgTable('u', { x: text(z.column) }, (t) => [index(z.index).on(t.x)]); export const e = pgEnum(z.e, ['a']);`,
    'tainted-value: name of a table comes from "zod#table", which is not evaluated', 'tainted-value: name of a column of table "u" comes from "zod#column", which is not evaluated',
    'tainted-value: name of an index of table "u" comes from "zod#index", which is not evaluated', 'tainted-value: name of an enum comes from "zod#e", which is not evaluated'],
  ['types', `const c = pg.customType({ dataType: () => z.type }); export const t = pgTable('t', { a: pg.varchar({ length: z.n }), b: c(), d: pg.vector({ dimensions: z.d }), e: pg.timestamp({ withTimezone: z.tz }), f: pg.timestamp(z.config).array() });`,
    'tainted-value: type of column "b" of table "t" comes from "zod#type", which is not evaluated', 'tainted-value: type of column "e" of table "t" comes from "zod#tz", which is not evaluated',
    'tainted-value: type of column "a" of table "t" comes from "zod#n", which is not evaluated', 'tainted-value: type of column "d" of table "t" comes from "zod#d", which is not evaluated',
    'tainted-value: name of a column of table "t" comes from "zod#config", which is not evaluated'],
  ['enum values', `export const e = pgEnum('e', z.enum(['a']).options); export const f = pgEnum('f', [...z.list]); export const g = pgEnum('g', Object.values(z.obj));`,
    'tainted-value: some values of enum "f" come from "zod#list", which is not evaluated', 'tainted-value: some values of enum "g" come from "zod#obj", which is not evaluated', 'tainted-value: values of enum "e" come from "zod#enum().options", which is not evaluated'],
  ['columns', `export const t = pgTable('t', { id: serial(), ...z.shape, y: z.col() });`, 'tainted-value: some columns of table "t" come from "zod#shape", which is not evaluated', 'tainted-value: column "y" of table "t" comes from "zod#col()", which is not evaluated'],
  ['references', `export const t = pgTable('t', { x: integer().references(() => z.users.id) });`, 'tainted-value: a column of the foreign key of column "x" of table "t" comes from "zod#users.id", which is not evaluated'],
  ['extras', `export const t = pgTable('t', { x: integer() }, (t) => [z.index(), index('i').on(z.col), index('j').using(z.method, t.x), pgPolicy('p', { to: z.role, using: z.cond, for: z.for })]);`,
    'tainted-value: one of the extras of table "t" comes from "zod#index()", which is not evaluated', 'tainted-value: a column of index "i" of table "t" comes from "zod#col", which is not evaluated', 'tainted-value: role of policy "p" on table "t" comes from "zod#role", which is not evaluated',
    'tainted-value: USING of policy "p" of table "t" comes from "zod#cond", which is not evaluated', 'tainted-value: method of index "j" of table "t" comes from "zod#method", which is not evaluated', 'tainted-value: for of policy "p" of table "t" comes from "zod#for.toUpperCase()", which is not evaluated'],
  ['not in DDL', `export const t = pgTable('t', { x: text({ enum: z.list }).$type(z.t).$defaultFn(z.fn) }); export const schema = z.object({ ...z.shape }); export const rel = d.relations(t, () => ({}));`],

  // What Postgres refuses.
  ['index over an expression without a name', `export const t = pgTable('t', { x: text() }, (t) => [index().on(sql\`lower(\${t.x})\`)]);`, 'index-needs-name: an index of table "t" is over the expression lower("x") and has no name'],
  ['empty enum', `export const e = pgEnum('e', []);`, 'empty-enum: enum "e" has no values'],
  ['numbers in an enum', `export const e = pgEnum('e', { A: 0, 0: 'A' });`, 'enum-value-not-text: enum "e" has the value 0, which is not text'],
  ['value twice', `export const e = pgEnum('e', ['a', 'a']);`, 'duplicate-enum-value: enum "e" has the value "a" twice'],
  ['no type', `const c = pg.customType({ dataType: () => undefined }); export const t = pgTable('t', { a: c(), b: undefined, c: 5, d: text });`,
    'column-without-type: column "b" of table "t" has no type: it is undefined', 'column-without-type: column "c" of table "t" has no type: it is 5', 'column-without-type: column "d" of table "t" has no type: it is a function', 'column-without-type: column "a" of table "t" has no type'],
  ['column of another table', `export const a = pgTable('a', { x: text() }); export const b = pgTable('b', { ...a });`, 'column-not-a-builder: column "x" of table "b" is a column of table "a", which cannot be in two tables'],
  ['no columns', `export const t = pgTable('t');`, 'table-without-columns: table "t" has undefined in place of its columns'],
  ['no name', `export const t = pgTable('', { x: text() }); export const v = pg.pgView('', { x: text() }).existing(); export const e = pgEnum('', ['a']);`, 'table-without-name: the table exported as "t" has no name', 'view-without-name: the view exported as "v" has no name', 'enum-without-name: the enum exported as "e" has no name'],
  ['no definition', `export const v = pg.pgView('v'); export const w = pg.pgMaterializedView('w', { x: text() });`, 'view-without-definition: view "v" has no definition', 'view-without-definition: view "w" has no definition', 'no-tables: the schema files export nothing that Postgres could hold: no table, no enum, no view'],
  ['two primary keys', `export const t = pgTable('t', { a: integer().primaryKey(), b: integer().primaryKey() }); export const u = pgTable('u', { a: integer().primaryKey(), b: integer() }, (t) => [primaryKey({ columns: [t.a, t.b] })]);`, 'several-primary-keys: table "t" has 2 primary keys', 'several-primary-keys: table "u" has 2 primary keys'],
  ['identity and default', `export const t = pgTable('t', { a: integer().generatedAlwaysAsIdentity().default(1), b: integer().default(1).generatedAlwaysAs(sql\`1\`), c: serial().default(1) });`,
    'identity-and-default: column "a" of table "t" has both an identity and a default, which Postgres refuses', 'generated-and-default: column "b" of table "t" has both a generation expression and a default, which Postgres refuses', 'serial-and-default: column "c" of table "t" has both the type serial, which has a default of its own, and a default, which Postgres refuses'],
  ['defaults', `export const t = pgTable('t', { a: text().default(() => 'x'), b: text().default({}), c: text().default(['a']), d: text().default(sql\`\${text}\`), e: pg.timestamp().default(new Date('x')) });
    export const u = pgTable('u', { a: text().default(sql\`\${t.a}\`) });`,
    'invalid-default: the default of column "a" of table "t" is a function, which is no value of type text', 'invalid-default: the default of column "b" of table "t" is an object, which is no value of type text', 'invalid-default: the default of column "c" of table "t" is an array, which is no value of type text',
    'sql-without-text: the default of column "d" of table "t" cannot be written as SQL: it contains a function, which has no SQL text', 'schema-exception: writing the default of column "e" of table "t" failed: Invalid time value', 'default-refers-to-column: the default of column "a" of table "u" refers to column "a", which Postgres refuses'],
  ['placeholder', `export const t = pgTable('t', { x: text() }, (t) => [check('c', sql\`\${t.x} = \${sql.placeholder('who')}\`)]);`, 'sql-without-text: the check "c" of table "t" cannot be written as SQL: it contains the placeholder "who", which has a value only when a query runs'],
  ['unknown columns', `export const t = pgTable('t', { x: text() }, (t) => [index('i').on(t.nope), unique().on(t.nope), primaryKey({ columns: [t.nope] }), foreignKey({ columns: [t.x], foreignColumns: [t.nope] })]); export const u = pgTable('u', { x: integer().references(() => undefined) });`,
    'unknown-column: index "i" of table "t" is over a column that does not exist (number 1 is undefined)', 'unknown-column: the unique constraint of table "t" is over a column that does not exist', 'unknown-column: the primary key of table "t" is over a column that does not exist',
    'unknown-column: the foreign key of table "t" refers to a column that does not exist', 'unknown-column: the foreign key of column "x" of table "u" refers to a column that does not exist'],
  ['unfinished extras', `export const t = pgTable('t', { x: text() }, (t) => [index('i'), unique('u'), 5, undefined, null, false]); export const u = pgTable('u', { x: text() }, (t) => { index().on(t.x); }); export const v = pgTable('v', { x: text() }, (t) => index().on(t.x));`,
    'no-columns: index "i" of table "t" names no columns', 'no-columns: unique constraint "u" of table "t" names no columns', 'extra-not-understood: one of the extras of table "t" is 5, which is no index, key, check or policy', 'extra-not-understood: the extras of table "u" are undefined, not a list', 'extra-not-understood: the extras of table "v" are a PgIndexBuilder, not a list'],
  ['extras that throw', `export const t = pgTable('t', { x: text() }, (t) => [index().on(t.x.nope())]); export const u = pgTable('u', { x: integer().references(() => t.a.b) });`, `schema-exception: the extras of table "t" failed: t.x.nope is not a function`, `schema-exception: the foreign key of column "x" of table "u" failed: Cannot read properties of undefined (reading 'b')`],
  ['conditions', `export const t = pgTable('t', { x: text() }, (t) => [check('a', and()), check('b', 'x > 1'), pgPolicy('p', { using: 'true' })]);`, 'condition-missing: the check "a" of table "t" has no condition', 'condition-not-sql: the check "b" of table "t" is "x > 1", not SQL', 'condition-not-sql: the USING of policy "p" of table "t" is "true", not SQL'],
  ['references', `export const a = pgTable('a', { x: integer(), y: integer() }); export const b = pgTable('b', { x: integer() }, (t) => [foreignKey({ columns: [t.x], foreignColumns: [a.x, a.y] }), foreignKey({ name: 'f', columns: [a.x], foreignColumns: [a.y] })]); const v = pg.pgView('v', { i: integer() }).existing(); export const c = pgTable('c', { x: integer().references(() => v.i) });`,
    'invalid-reference: the foreign key of table "b" is over 1 columns but refers to 2', 'invalid-reference: the foreign key "f" of table "b" is over column "x" of table "a"', 'invalid-reference: the foreign key of column "x" of table "c" refers to "v", which is no table'],
  ['vector without an operator class', `export const t = pgTable('t', { v: pg.vector({ dimensions: 2 }) }, (t) => [index('i').using('hnsw', t.v)]);`, 'index-needs-operator-class: index "i" of table "t" is over the vector column "v" and names no operator class, of which vector has no default'],
  ['policy without a table', `export const t = pgTable('t', { x: text() }); export const p = pgPolicy('p');`, 'policy-not-linked?: policy "p" belongs to no table, so it creates nothing'],
  ['policy exported and in its table', `export const p = pgPolicy('p'); export const t = pgTable('t', { x: text() }, () => [p]);`],
  ['index outside a table', `export const t = pgTable('t', { x: text() }); export const i = index().on(t.x);`, 'not-attached?: the export "i" is an index that belongs to no table, so it creates nothing'],
  ['another dialect', `class MySqlTable { static [Symbol.for('drizzle:entityKind')] = 'MySqlTable' } export const t = new MySqlTable(); class SQLiteView { static [Symbol.for('drizzle:entityKind')] = 'SQLiteView' } export const u = new SQLiteView();`,
    'wrong-dialect: the export "t" is for MySQL (MySqlTable), not for Postgres', 'wrong-dialect: the export "u" is for SQLite (SQLiteView), not for Postgres', 'no-tables: the schema files export nothing that Postgres could hold: no table, no enum, no view'],
  ['a second copy of Drizzle', `class PgTable { static [Symbol.for('drizzle:entityKind')] = 'PgTable' } export const t = new PgTable(); export const u = pgTable('u', { x: text() });`, 'not-understood: the export "t" is a Drizzle object (PgTable) that cannot be read'],
];

await report('findings', cases.map(([name, schema, ...expected]) => [name, async () => {
  forgetBuilt();
  const { findings } = await ours(moduleOf(imports + schema));
  const said = findings.map((one) => `${one.code}${one.severity === 'warning' ? '?' : ''}: ${one.message}`);
  return JSON.stringify(said) === JSON.stringify(expected) ? undefined : `${said.join('\n    ')}\n    instead of\n    ${expected.join('\n    ')}`;
}]));

const throwing = [
  ['public', `pgSchema('public')`, "pgSchema('public') is not allowed: Postgres puts objects into public by itself, so use pgTable() for tables of public"],
  ['bigint', `pg.bigint('x')`, "bigint() needs a mode: bigint('name', { mode: 'number' }) or { mode: 'bigint' }"],
  ['vector', `pg.vector('x')`, "vector() needs its size: vector('name', { dimensions: 3 })"],
  ['enum', `pgEnum('x')`, 'pgEnum("x") needs a list of values or an enum, not undefined'],
  ['view', `pg.pgView('v').as(sql\`select 1\`)`, 'view "v" needs a query: .as((qb) => qb.select()...), not an SQL; with raw SQL, give its columns: pgView(name, { ... }).as(sql`...`)'],
];
await report('exceptions', throwing.map(([name, expression, expected]) => [name, async () => {
  const said = await ours(moduleOf(`${imports}${expression};`)).then(() => 'nothing', (error) => error.message);
  return said === expected ? undefined : `${said}\n    instead of\n    ${expected}`;
}]));
