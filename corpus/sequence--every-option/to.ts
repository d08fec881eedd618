import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const q = pg.pgSequence('q', { startWith: 5, increment: 2, minValue: 1, maxValue: 1000, cache: 1 });
export const t = pg.pgTable('t', { n: pg.integer().default(sql`nextval('q')`) });
