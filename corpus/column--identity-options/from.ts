import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer().generatedAlwaysAsIdentity({ startWith: 10, cycle: true }), b: pg.integer().notNull(), c: pg.bigint({ mode: 'number' }).generatedByDefaultAsIdentity() });
