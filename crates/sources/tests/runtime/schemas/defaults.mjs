// Defaults that drizzle-kit writes rightly, and modifiers without DDL.
import { sql } from 'drizzle-orm';
import {
  bigint, boolean, char, customType, date, doublePrecision, integer, interval, json, jsonb, numeric, pgEnum, pgTable, real, text, time, timestamp, uuid, varchar,
} from 'drizzle-orm/pg-core';

export const mood = pgEnum('mood', ['sad', 'it\'s ok', 'happy']);
const citext = customType({ dataType: () => 'citext' });

export const plain = pgTable('plain', {
  a: text().default('x'), b: text().default("it's"), c: text().default(''), d: varchar({ length: 3 }).default('abc'), e: char({ length: 1 }).default('"'),
  f: integer().default(0), g: integer().default(-5), h: real().default(1.5), i: doublePrecision().default(1e21), j: boolean().default(true), k: boolean().default(false),
  l: numeric().default('10.50'), m: numeric({ mode: 'number' }).default(12.5), n: bigint({ mode: 'number' }).default(9007199254740991), o: text().default('back\\slash'),
  p: text().default('line\nbreak'), q: mood().default('sad'), r: mood('mood').notNull().default("it's ok"), s: citext().default('x'), t: text().default(null),
  u: uuid().default('00000000-0000-0000-0000-000000000000'), v: interval().default('1 day'), w: text().default('$1 %s {}'),
});
export const dates = pgTable('dates', {
  a: date().default('2024-01-02'), b: date({ mode: 'date' }).default(new Date('2024-01-02T03:04:05.678Z')), c: timestamp().default(new Date('2024-01-02T03:04:05.678Z')),
  d: timestamp({ precision: 3 }).default(new Date('2024-01-02T03:04:05.678Z')), e: timestamp({ withTimezone: true }).default(new Date('2024-01-02T03:04:05.678Z')),
  f: timestamp({ mode: 'string' }).default('2024-01-02 03:04:05'), g: time().default('03:04'), h: timestamp().defaultNow(), i: date().defaultNow().notNull(), j: time().defaultNow(),
  k: timestamp({ withTimezone: true, precision: 3 }).defaultNow().$onUpdate(() => new Date()), l: uuid().defaultRandom(),
});
export const documents = pgTable('documents', {
  a: json().default({ a: 1, b: [true, null], c: { d: 'e' } }), b: jsonb().default([]), c: jsonb().default({}), d: jsonb().default([1, 'two']), e: json().default(5),
  f: jsonb().default(true), g: jsonb().default('{"text": "is json"}'), h: jsonb().default('[]'), i: jsonb().default(null),
});
export const arrays = pgTable('arrays', {
  a: integer().array().default([]), b: integer().array().default([1, 2, 3]), c: text().array().default(['a', 'b c']), d: boolean().array().default([true, false]),
  e: integer().array().array().default([[1, 2], [3, 4]]), f: mood().array().default(['sad', 'happy']), g: date({ mode: 'date' }).array().default([new Date('2024-01-02T00:00:00Z')]),
  h: timestamp().array().default([new Date('2024-01-02T03:04:05.678Z')]), i: timestamp({ withTimezone: true }).array().default([new Date('2024-01-02T03:04:05.678Z')]),
  j: jsonb().array().default([{ a: 1 }, { b: 'c' }]), k: text().array().default(['']), l: numeric().array().default(['1.5']), m: text().array().array().default([[], []]),
  n: real().array().default([1.5, -2]), o: uuid().array().default(sql`'{}'::uuid[]`), p: text().array().default(sql`ARRAY[]::text[]`), q: text().array().default('{}'),
});
export const expressions = pgTable('expressions', {
  a: timestamp().default(sql`now()`), b: text().default(sql`gen_random_uuid()::text`), c: integer().default(sql`1 + 1`), d: text().default(sql.raw("'raw'")),
  e: timestamp().default(sql`(now() at time zone 'utc')`), f: text().default(sql`'a' || ${sql.raw("'b'")}`), g: text().default(sql.empty()), h: text().default(sql.join([sql`'a'`, sql`'b'`], sql` || `)),
});
export const noDdl = pgTable('no_ddl', {
  a: text().$defaultFn(() => 'x'), b: text().$default(() => 'y'), c: text().$onUpdateFn(() => 'z'), d: text().$type().notNull(), e: text({ enum: ['a', 'b'] }).default('a'),
});
