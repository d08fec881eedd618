import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer(), b: pg.integer().generatedAlwaysAs(sql`a * 2`), c: pg.integer() }, (t) => [pg.index('by_c').on(t.c)]);
