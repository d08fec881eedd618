// Every column type in all its forms.
import {
  bigint, bigserial, bit, boolean, char, cidr, customType, date, decimal, doublePrecision, geometry, halfvec, inet, integer,
  interval, json, jsonb, line, macaddr, macaddr8, numeric, pgTable, point, real, serial, smallint, smallserial, sparsevec,
  text, time, timestamp, uuid, varchar, vector,
} from 'drizzle-orm/pg-core';

export const numbers = pgTable('numbers', {
  a: smallint(), b: smallint('b_'), c: integer(), d: integer('d_'), e: bigint({ mode: 'number' }), f: bigint('f_', { mode: 'bigint' }),
  g: numeric(), h: numeric('h_'), i: numeric({ precision: 10 }), j: numeric('j_', { precision: 10, scale: 2 }),
  k: decimal({ precision: 5, scale: 0, mode: 'number' }), l: numeric({ mode: 'bigint', precision: 30 }), m: real(), n: real('n_'),
  o: doublePrecision(), p: doublePrecision('p_'),
});
export const serials = pgTable('serials', { a: serial(), b: serial('b_') });
export const serials2 = pgTable('serials2', { a: smallserial(), b: bigserial({ mode: 'number' }), c: bigserial('c_', { mode: 'bigint' }) });
export const texts = pgTable('texts', {
  a: text(), b: text('b_'), c: text({ enum: ['x', 'y'] }), d: text('d_', { enum: ['x'] }), e: varchar(), f: varchar('f_'),
  g: varchar({ length: 20 }), h: varchar('h_', { length: 255, enum: ['q'] }), i: char(), j: char('j_', { length: 3 }), k: char({ length: 2 }),
  l: uuid(), m: uuid('m_'), n: boolean(), o: boolean('o_'),
});
export const times = pgTable('times', {
  a: date(), b: date('b_'), c: date({ mode: 'date' }), d: date('d_', { mode: 'string' }), e: time(), f: time('f_'),
  g: time({ precision: 3 }), h: time('h_', { withTimezone: true, precision: 0 }), i: timestamp(), j: timestamp('j_'),
  k: timestamp({ precision: 3 }), l: timestamp({ mode: 'string', precision: 3 }), m: timestamp('m_', { withTimezone: true }),
  n: timestamp('n_', { withTimezone: true, mode: 'string', precision: 6 }), o: timestamp({ mode: 'date', withTimezone: true, precision: 2 }),
  p: interval(), q: interval('q_'), r: interval({ fields: 'day' }), s: interval('s_', { fields: 'day to second', precision: 3 }), t: interval({ precision: 6 }),
});
export const nets = pgTable('nets', { a: inet(), b: inet('b_'), c: cidr(), d: cidr('d_'), e: macaddr(), f: macaddr8('f_'), g: macaddr('g_'), h: macaddr8() });
export const documents = pgTable('documents', { a: json(), b: json('b_'), c: jsonb(), d: jsonb('d_').$type() });
export const shapes = pgTable('shapes', {
  a: point(), b: point('b_', { mode: 'xy' }), c: point({ mode: 'tuple' }), d: line(), e: line('e_', { mode: 'abc' }), f: line({ mode: 'tuple' }),
  g: geometry(), h: geometry('h_', { type: 'point', mode: 'xy', srid: 4326 }), i: geometry({ type: 'point', mode: 'tuple' }),
  j: vector({ dimensions: 3 }), k: vector('k_', { dimensions: 1536 }), l: halfvec({ dimensions: 4 }), m: sparsevec('m_', { dimensions: 5 }), n: bit({ dimensions: 8 }),
});
const bytea = customType({ dataType: () => 'bytea' });
const money = customType({ dataType: (config) => (config ? `numeric(${config.precision}, 2)` : 'numeric'), toDriver: (v) => String(v), fromDriver: Number });
export const customs = pgTable('customs', { a: bytea(), b: bytea('b_'), c: money(), d: money({ precision: 12 }), e: money('e_', { precision: 9 }), f: money().array() });
export const arrays = pgTable('arrays', {
  a: integer().array(), b: text('b_').array(3), c: varchar({ length: 10 }).array().array(), d: numeric({ precision: 4, scale: 1 }).array(2).array(5),
  e: timestamp({ withTimezone: true, precision: 3 }).array(), f: jsonb().array().notNull(), g: text().notNull().array(), h: uuid().array().notNull().default([]),
});
export const byCallback = pgTable('by_callback', (t) => ({
  id: t.uuid().primaryKey().defaultRandom(), a: t.integer('a_').notNull(), b: t.varchar({ length: 5 }), c: t.vector({ dimensions: 2 }), d: t.timestamp().defaultNow(),
  e: t.bigint({ mode: 'number' }), f: t.geometry(), g: t.json(),
}));
