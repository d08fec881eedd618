import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer() }, (t) => [pg.unique('x').on(t.a), pg.index('i').on(t.a), pg.check('y', sql`a > 0`)]);
