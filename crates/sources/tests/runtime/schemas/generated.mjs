// Generated and identity columns, sequences.
import { sql } from 'drizzle-orm';
import { bigint, integer, pgSchema, pgSequence, pgTable, smallint, text, tsvector as missing } from './helpers.mjs';

export const app = pgSchema('app');
export const plain = pgTable('plain', {
  first: text(), last: text(),
  a: text().generatedAlwaysAs(sql`'constant'`), b: text().generatedAlwaysAs(() => sql`${plain.first} || ' ' || ${plain.last}`), c: text().generatedAlwaysAs('upper(first)'),
  d: integer().generatedAlwaysAs(() => sql`length(${plain.first})`).notNull(),
});
export const identities = app.table('identities', {
  a: integer().generatedAlwaysAsIdentity(), b: integer('b_').generatedByDefaultAsIdentity(), c: bigint({ mode: 'number' }).generatedAlwaysAsIdentity({ startWith: 100 }),
  d: smallint().generatedByDefaultAsIdentity({ name: 'own_seq', increment: 2, minValue: 1, maxValue: 1000, startWith: 3, cache: 20, cycle: true }),
  e: integer().generatedAlwaysAsIdentity({ increment: -1 }), f: integer().primaryKey().generatedAlwaysAsIdentity({ name: 'f_seq' }),
  g: bigint({ mode: 'bigint' }).generatedAlwaysAsIdentity({ maxValue: '900', cycle: false }),
});
export const s1 = pgSequence('s1');
export const s2 = pgSequence('s2', { startWith: 10, increment: 5, minValue: 5, maxValue: 500, cache: 3, cycle: true });
export const s3 = app.sequence('s3', { increment: -2, startWith: '-5' });
export const s4 = app.sequence('s1');
void missing;
