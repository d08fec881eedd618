import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { a: pg.integer().generatedByDefaultAsIdentity({ startWith: 20, increment: 5 }), b: pg.integer().generatedAlwaysAsIdentity({ name: 'b_numbers' }), c: pg.bigint({ mode: 'number' }).notNull() });
