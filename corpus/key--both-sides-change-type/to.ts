import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const a = pg.pgTable('a', { id: pg.text().primaryKey() });
export const b = pg.pgTable('b', { a: pg.text().references(() => a.id, { onDelete: 'set null' }) });
