import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const a = pg.pgTable('a', { id: pg.integer().primaryKey().generatedAlwaysAsIdentity(), x: pg.text() });
export const b = pg.pgTable('b', { id: pg.integer().generatedByDefaultAsIdentity({ increment: -5 }), x: pg.text() });
export const c = pg.pgTable('c', { id: pg.bigint({ mode: 'number' }).generatedByDefaultAsIdentity({ startWith: 1000 }), x: pg.text() });
