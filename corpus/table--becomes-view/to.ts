import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { id: pg.integer() });
export const u = pg.pgView('u').as((qb) => qb.select().from(t));
