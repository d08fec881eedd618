// Where we differ from drizzle-kit 0.31 on purpose: it writes SQL that
// Postgres refuses or that means something else, or it dies. `kit` is what it
// writes (checked when the packages are given), `ours` what we write.
// usage: node defects.test.mjs [path/to/node_modules]

import { hasPackages, moduleOf, ours, report, theirs } from './support.mjs';

const imports = `
import * as d from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
const { sql, eq, gt, and, exists, inArray } = d;
`;

const DIES = Symbol('dies');
const ANYTHING = Symbol('what it writes depends on the machine');

/** A table with the one column `x`, and its default. */
const column = (name, builder, ours, kit, before = '') => ({
  name,
  schema: `${before}; export const t = pg.pgTable('t', { x: ${builder} });`,
  pick: (snapshot) => snapshot.tables['public.t'].columns.x.default,
  ours,
  kit,
});

const table = (name, text, pick, ours, kit, casing) => ({ name, schema: text, pick: (s) => pick(s.tables['public.t'], s), ours, kit, casing });

const cases = [
  // Defaults.
  column('json with an apostrophe', `pg.jsonb().default({ a: "it's" })`, `'{"a":"it''s"}'::jsonb`, `'{"a":"it's"}'::jsonb`),
  column('json text that is no JSON', `pg.json().default('hello')`, `'"hello"'::json`, `'hello'`),
  column('json with a bigint', `pg.jsonb().default({ n: 12345678901234567890n })`, `'{"n":12345678901234567890}'::jsonb`, DIES),
  column('bigint', `pg.bigint({ mode: 'bigint' }).default(9223372036854775807n)`, '9223372036854775807', DIES),
  column('numeric of mode bigint', `pg.numeric({ mode: 'bigint' }).default(10n)`, '10', DIES),
  column('not a number', `pg.real().default(NaN)`, `'NaN'`, null),
  column('infinity', `pg.doublePrecision().default(-Infinity)`, `'-Infinity'`, null),
  column('array with a double quote', `pg.text().array().default(['a"b'])`, `'{"a\\"b"}'`, `'{"a"b"}'`),
  column('array with an apostrophe', `pg.text().array().default(["it's"])`, `'{"it''s"}'`, `'{"it's"}'`),
  column('array with a backslash', `pg.text().array().default(['a\\\\b'])`, `'{"a\\\\b"}'`, `'{"a\\b"}'`),
  column('array with NULL', `pg.integer().array().default([1, null])`, `'{1,NULL}'`, `'{1,"null"}'`),
  column('array of json with quotes', `pg.jsonb().array().default([{ a: 'x"y', b: "it's" }])`, `'{"{\\"a\\":\\"x\\\\\\"y\\",\\"b\\":\\"it''s\\"}"}'`, `'{"{\\"a\\":\\"x\\\\"y\\",\\"b\\":\\"it's\\"}"}'`),
  column('array of json lists', `pg.jsonb().array().default([[1, 2]])`, `'{"[1,2]"}'`, `'{{1,2}}'`),
  column('array of bigint', `pg.bigint({ mode: 'bigint' }).array().default([1n])`, `'{1}'`, `'{1}'`),
  column('array of points', `pg.point().array().default([[1, 2]])`, `'{"(1,2)"}'`, `'{{1,2}}'`),
  column('vector', `pg.vector({ dimensions: 3 }).default([1, 2, 3])`, `'[1,2,3]'`, [1, 2, 3]),
  column('halfvec', `pg.halfvec({ dimensions: 2 }).default([1, 2])`, `'[1,2]'`, [1, 2]),
  column('point', `pg.point().default([1, 2])`, `'(1,2)'`, [1, 2]),
  column('point of mode xy', `pg.point({ mode: 'xy' }).default({ x: 1, y: 2 })`, `'(1,2)'`, { x: 1, y: 2 }),
  column('line', `pg.line().default([1, 2, 3])`, `'{1,2,3}'`, [1, 2, 3]),
  column('line of mode abc', `pg.line({ mode: 'abc' }).default({ a: 1, b: 2, c: 3 })`, `'{1,2,3}'`, { a: 1, b: 2, c: 3 }),
  column('geometry', `pg.geometry().default([1, 2])`, `'point(1 2)'`, [1, 2]),
  column('bytes of a custom type', `c().default(new Uint8Array([1, 255]))`, `'\\x01ff'`, { 0: 1, 1: 255 }, `const c = pg.customType({ dataType: () => 'bytea' })`),
  column('object of a custom type', `c().default({ x: 1 })`, `'x=1'`, { x: 1 }, `const c = pg.customType({ dataType: () => 'hstore', toDriver: (v) => 'x=' + v.x })`),
  column('sql with a value', `pg.text().default(sql\`\${"it's"}\`)`, `'it''s'`, DIES),
  column('sql with an enum', `e().default(sql\`\${'a'}::\${e}\`)`, `'a'::"e"`, DIES, `export const e = pg.pgEnum('e', ['a'])`),
  column('sql with an identifier', `pg.text().default(sql\`\${sql.identifier('f')}()\`)`, `"f"()`, DIES),

  // `$1` where Postgres takes no parameters.
  table('check with values', `export const t = pg.pgTable('t', { x: pg.integer() }, (t) => [pg.check('c', sql\`\${t.x} > \${21} and \${t.x} <> \${-1}\`)]);`, (t) => t.checkConstraints.c.value, `"t"."x" > 21 and "t"."x" <> -1`, `"t"."x" > $1 and "t"."x" <> $2`),
  table('check with an operator', `export const t = pg.pgTable('t', { x: pg.text() }, (t) => [pg.check('c', inArray(t.x, ['a', "b'c"]))]);`, (t) => t.checkConstraints.c.value, `"t"."x" in ('a', 'b''c')`, `"t"."x" in ($1, $2)`),
  table('predicate of an index', `export const t = pg.pgTable('t', { x: pg.boolean() }, (t) => [pg.index('i').on(t.x).where(eq(t.x, true))]);`, (t) => t.indexes.i.where, `"t"."x" = true`, `"t"."x" = $1`),
  table('expression of an index', `export const t = pg.pgTable('t', { x: pg.text() }, (t) => [pg.index('i').on(sql\`coalesce(\${t.x}, \${''})\`)]);`, (t) => t.indexes.i.columns[0].expression, `coalesce("x", '')`, `coalesce("x", $1)`),
  table('policy', `export const t = pg.pgTable('t', { x: pg.text() }, (t) => [pg.pgPolicy('p', { using: eq(t.x, 'a--b'), withCheck: eq(t.x, 'c') })]);`, (t) => [t.policies.p.using, t.policies.p.withCheck], [`"t"."x" = 'a--b'`, `"t"."x" = 'c'`], [`"t"."x" = $1`, `"t"."x" = $1`]),
  table('policy with a query, which drizzle-kit leaves out', `export const t = pg.pgTable('t', { x: pg.text() }); const q = new pg.QueryBuilder().select({ x: t.x }).from(t); export const p = pg.pgPolicy('p', { using: q }).link(t);`, (t) => t.policies.p.using, `(select "x" from "t")`, undefined),
  table('generation expression', `export const t = pg.pgTable('t', { x: pg.text().generatedAlwaysAs(sql\`\${'a'} || \${1}\`) });`, (t) => t.columns.x.generated.as, `'a' || 1`, `$1 || $2`),
  table('generation expression that is a number', `export const t = pg.pgTable('t', { x: pg.integer().generatedAlwaysAs(5) });`, (t) => t.columns.x.generated.as, '5', 5),
  table('negative value after a minus', `export const t = pg.pgTable('t', { x: pg.integer() }, (t) => [pg.check('c', sql\`\${t.x} -\${-1} > 0\`)]);`, (t) => t.checkConstraints.c.value, `"t"."x" -(-1) > 0`, `"t"."x" -$1 > 0`),
  table('date in a check', `export const t = pg.pgTable('t', { x: pg.timestamp() }, (t) => [pg.check('c', gt(t.x, new Date('2024-01-02T03:04:05Z')))]);`, (t) => t.checkConstraints.c.value, `"t"."x" > '2024-01-02T03:04:05.000Z'`, `"t"."x" > $1`),

  // Names.
  table('a unique column shared by two tables', `const slug = pg.text().unique(); export const a = pg.pgTable('a', { slug }); export const t = pg.pgTable('t', { slug });`, (t) => Object.keys(t.uniqueConstraints), ['t_slug_unique'], ['a_slug_unique']),
  table('an enum from a TypeScript enum outside public', `export const s = pg.pgSchema('s'); export const e = s.enum('e', { A: 'a' }); export const t = pg.pgTable('t', { x: e() });`, (t) => t.columns.x.typeSchema, 's', undefined),
  table('select list of a view under casing', `export const t = pg.pgTable('t', { firstName: pg.text() }); export const v = pg.pgView('v').as((qb) => qb.select().from(t));`, (t, s) => s.views['public.v'].definition, `select "first_name" from "t"`, `select "firstName" from "t"`, 'snake_case'),
  table('order of a union under casing', `export const t = pg.pgTable('t', { aB: pg.text() }); export const v = pg.pgView('v').as((qb) => qb.select().from(t).union(qb.select().from(t)).orderBy(t.aB));`, (t, s) => s.views['public.v'].definition, `(select "a_b" from "t") union (select "a_b" from "t") order by "a_b" `, `(select "aB" from "t") union (select "aB" from "t") order by "aB" `, 'snake_case'),

  // Views.
  table('view with a date', `export const t = pg.pgTable('t', { x: pg.timestamp() }); export const v = pg.pgView('v').as((qb) => qb.select().from(t).where(sql\`\${t.x} > \${new Date(0)}\`));`, (t, s) => s.views['public.v'].definition.split(' > ')[1], `'1970-01-01T00:00:00.000Z'`, ANYTHING),
  table('view with a bigint', `export const t = pg.pgTable('t', { x: pg.bigint({ mode: 'bigint' }) }); export const v = pg.pgView('v').as((qb) => qb.select().from(t).where(eq(t.x, 5n)));`, (t, s) => s.views['public.v'].definition, `select "x" from "t" where "t"."x" = 5`, DIES),
  table('view over WITH and DISTINCT', `export const t = pg.pgTable('t', { x: pg.text() }); export const v = pg.pgView('v').as((qb) => { const w = qb.$with('w').as(qb.select().from(t)); return qb.with(w).selectDistinct().from(w); });`, (t, s) => s.views['public.v'].definition, `with "w" as (select "x" from "t") select distinct "x" from "w"`, `select distinct "x" from "w"`),
  table('view column whose default has an apostrophe', `export const t = pg.pgTable('t', { x: pg.text().default("it's") }); export const v = pg.pgView('v').as((qb) => qb.select().from(t));`, (t, s) => s.views['public.v'].columns.x.default, `'it''s'`, `'it's'`),
  table('view over two unique columns of one table', `export const t = pg.pgTable('t', { x: pg.text().unique() }); const u = pg.alias(t, 'u'); export const v = pg.pgView('v').as((qb) => qb.select({ a: t.x, b: u.x }).from(t).leftJoin(u, eq(u.x, t.x)));`, (t, s) => s.views['public.v'].definition, `select "t"."x", "u"."x" from "t" left join "t" "u" on "u"."x" = "t"."x"`, DIES),
];

const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);

const checks = [];
for (const { name, schema, pick, ours: expected, kit: known, casing } of cases) {
  const url = moduleOf(`${imports}\n${schema}`);
  checks.push([name, async () => {
    const { snapshot, findings } = await ours(url, { casing });
    if (findings.length > 0) return findings.map((one) => one.message).join('; ');
    const written = pick(snapshot);
    return same(written, expected) ? undefined : `${JSON.stringify(written)} instead of ${JSON.stringify(expected)}`;
  }]);
  if (!hasPackages || known === ANYTHING) continue;
  checks.push([`${name}, in drizzle-kit`, async () => {
    const result = await theirs(url, casing);
    if (known === DIES) return result.error === undefined ? 'it does not die any more' : undefined;
    if (result.error !== undefined) return result.error;
    const written = pick(result.snapshot);
    return same(written, known) ? undefined : `${JSON.stringify(written)} instead of ${JSON.stringify(known)}`;
  }]);
}
await report('defects of drizzle-kit that we do not share', checks);
