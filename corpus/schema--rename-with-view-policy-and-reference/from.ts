import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const s = pg.pgSchema('old');
export const mood = s.enum('mood', ['ok', 'sad']);
export const a = s.table('a', { id: pg.integer().primaryKey(), m: mood().array().default(['ok']) }, (t) => [pg.pgPolicy('p', { using: sql`${t.id} in (select id from old.a)` })]);
export const b = pg.pgTable('b', { a: pg.integer().references(() => a.id) });
export const v = s.view('v').as((qb) => qb.select({ id: a.id }).from(a));
