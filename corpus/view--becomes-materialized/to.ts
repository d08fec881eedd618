import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { id: pg.integer() });
export const v = pg.pgMaterializedView('v').withNoData().as((qb) => qb.select().from(t));
export const m = pg.pgView('m').as((qb) => qb.select().from(t));
