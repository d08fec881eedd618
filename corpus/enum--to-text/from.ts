import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const a = pg.pgEnum('a', ['x', 'y']);
export const t = pg.pgTable('t', { e: a().default('x'), f: a().array() });
