import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const q = pg.pgSequence('q', { startWith: 5, cycle: true, cache: 3 });
export const t = pg.pgTable('t', { n: pg.integer().default(sql`nextval('q')`) });
