import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { id: pg.integer() });
export const v = pg.pgView('v').as((qb) => qb.select().from(t));
export const m = pg.pgMaterializedView('m').as((qb) => qb.select().from(t));
