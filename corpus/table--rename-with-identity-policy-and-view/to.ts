import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('new', { id: pg.integer().primaryKey().generatedAlwaysAsIdentity(), a: pg.integer().unique() }, (t) => [pg.pgPolicy('p', { using: sql`${t.a} > 0` }), pg.index().on(t.a)]);
export const v = pg.pgView('v').as((qb) => qb.select().from(t));
