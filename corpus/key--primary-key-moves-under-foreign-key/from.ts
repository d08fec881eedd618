import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const a = pg.pgTable('a', { id: pg.integer().primaryKey(), code: pg.text().notNull().unique() });
export const b = pg.pgTable('b', { a: pg.integer().references(() => a.id) });
