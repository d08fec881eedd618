import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const b = pg.pgEnum('b', ['x', 'y', 'z']);
export const t = pg.pgTable('t', { e: b().default('z') });
