// The sql template and everything that can be put into it.
import { and, eq, gt, inArray, isNull, not, or, sql, notBetween, notIlike, notLike, gte, lte, arrayOverlaps, arrayContained, cosineDistance, l2Distance, innerProduct, l1Distance } from 'drizzle-orm';
import { alias, check, index, integer, json, numeric, pgEnum, pgSchema, pgTable, pgView, text, timestamp, vector } from 'drizzle-orm/pg-core';

export const kind = pgEnum('kind', ['a']);
export const app = pgSchema('app');
export const things = app.table('things', { id: integer(), name: text('the_name'), price: numeric({ mode: 'number' }), at: timestamp(), v: vector({ dimensions: 2 }), data: json(), tags: text().array() }, (t) => [
  check('pieces', sql`${sql.raw('1')} = ${sql.identifier('a"b')} and ${sql`nested ${sql`deeper ${t.id}`}`}`), check('joined', sql.join([sql`${t.id} > 1`, sql`${t.name} <> ''`], sql` and `)),
  check('listed', sql.fromList([sql`a`, sql` b`])), check('table', sql`${things}.x = ${kind} and ${app} is null`), check('ops', or(isNull(t.id), not(gt(t.id, t.price)))),
  check('single', and(eq(t.id, t.price))), check('undef', sql`1 = 1${undefined}`), check('aliased', sql`${sql`1`.as('one')} = 1`), check('if', sql`a${sql` b`.if(true)}${sql` c`.if(false)}`),
  check('appended', sql`a`.append(sql` b ${t.id}`)), index('expr').on(sql`(${t.name} || ${sql.raw("'x'")})`), check('inlined', sql`${t.id} > ${5}`.inlineParams()), check('mapped', sql`${t.id} > 1`.mapWith(Number)),
]);
export const v1 = pgView('v1').as((qb) => qb.select({ id: things.id }).from(things).where(and(
  eq(things.price, 1.5), gte(things.at, new Date('2024-05-06T07:08:09Z')), inArray(things.name, ['a', "b'"]), notLike(things.name, 'x'), notIlike(things.name, 'y'), notBetween(things.id, 1, 2), lte(things.id, sql.param(7)),
  arrayOverlaps(things.tags, ['x']), arrayContained(things.tags, ['q"r', 's\\t']), sql`${things.id} in ${[1, 2, 3]}`, sql`${true} and ${null} is null`, eq(things.data, { a: "b'c" }), sql`${sql.param({ k: 1 })}::json is not null`,
)));
export const v2 = pgView('v2').as((qb) => qb.select({ d: cosineDistance(things.v, [1, 2]).as('d'), e: sql`${l2Distance(things.v, [1, 2])}`.as('e'), f: innerProduct(things.v, '[1,2]').as('f'), g: l1Distance(things.v, things.v).as('g') }).from(things).orderBy((t) => t.d));
const t2 = alias(things, 'T2');
export const v3 = pgView('v3', { id: integer() }).as(sql`select ${t2.id} from ${things} ${sql.identifier('T2')} where ${t2.name} = ${'x'}`);
