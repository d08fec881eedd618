import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { id: pg.integer().primaryKey(), status: pg.text().notNull().default('open'), owner: pg.text() }, (t) => [
	pg.check('known', sql`${t.status} IN ('open', 'shut')`),
	pg.index('open_ones').on(t.id).where(sql`${t.status} = 'open'`),
	pg.pgPolicy('mine', { for: 'select', using: sql`${t.status} = 'open'` }),
]);
export const open = pg.pgView('open').as((qb) => qb.select().from(t));
export const deep = pg.pgView('deep').as((qb) => qb.select({ status: open.status }).from(open));
