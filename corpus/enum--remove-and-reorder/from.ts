import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const mood = pg.pgEnum('mood', ['ok', 'sad', 'gone']);
export const t = pg.pgTable('t', { id: pg.integer().primaryKey(), m: mood().default('ok').notNull(), ms: mood().array().default(['ok']) }, (t) => [pg.index('oks').on(t.id).where(sql`m = 'ok'`)]);
export const v = pg.pgView('v').as((qb) => qb.select().from(t));
