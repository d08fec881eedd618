import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const a = pg.pgTable('a', { id: pg.serial().primaryKey(), x: pg.text() });
export const b = pg.pgTable('b', { id: pg.integer().notNull(), x: pg.text() });
export const c = pg.pgTable('c', { id: pg.bigint({ mode: 'number' }).notNull(), x: pg.text() });
