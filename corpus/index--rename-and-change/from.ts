import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer(), b: pg.integer() }, (t) => [pg.index('i').on(t.a), pg.pgPolicy('p', { using: sql`a = 1` })]);
