import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer() }, (t) => [pg.unique('x2').on(t.a), pg.index('i2').on(t.a), pg.check('y2', sql`a > 0`)]);
