import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer(), b: pg.integer() }, (t) => [pg.index('j').on(t.a, t.b), pg.pgPolicy('q', { using: sql`a = 2` })]);
