import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer(), c: pg.integer().generatedAlwaysAs(sql`a + 2`) }, (t) => [pg.index('by_c').on(t.c), pg.check('c_small', sql`c < 100`)]);
