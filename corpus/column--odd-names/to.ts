import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('Odd "table"', { a: pg.text('select'), b: pg.integer('with "quotes"').notNull().default(1).unique('u "x"'), c: pg.text('a.b') }, (t) => [pg.index('i "x"').on(t.c), pg.check('c;--\'x', sql`${t.c} <> 'a;b--c'`)]);
