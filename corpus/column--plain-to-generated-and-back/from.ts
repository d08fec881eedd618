import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer(), b: pg.integer(), c: pg.integer().generatedAlwaysAs(sql`a + 1`) }, (t) => [pg.index('by_c').on(t.c)]);
