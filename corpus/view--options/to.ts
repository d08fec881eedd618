import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', { id: pg.integer() });
export const v = pg.pgView('v').with({ securityBarrier: true, checkOption: 'local' }).as((qb) => qb.select().from(t));
export const m = pg.pgMaterializedView('m').with({ autovacuumEnabled: false }).as((qb) => qb.select().from(t));
