import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', {
  id: pg.integer(), a: pg.boolean().default(true), b: pg.boolean(), c: pg.smallint().default(1).notNull(), d: pg.integer(),
});
