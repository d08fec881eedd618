import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer() }, (t) => [pg.check('x', sql`a > 0`), pg.unique('y').on(t.a)]);
