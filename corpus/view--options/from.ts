import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { id: pg.integer() });
export const v = pg.pgView('v').with({ securityInvoker: true }).as((qb) => qb.select().from(t));
export const m = pg.pgMaterializedView('m').with({ fillfactor: 70 }).as((qb) => qb.select().from(t));
