import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', {
  id: pg.integer(), a: pg.integer().default(1), b: pg.numeric({ precision: 3 }), c: pg.boolean().default(true).notNull(), d: pg.boolean(),
});
