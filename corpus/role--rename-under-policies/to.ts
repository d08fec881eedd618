import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const r = pg.pgRole('corpus_b');
export const t = pg.pgTable('t', { id: pg.integer() }, () => [pg.pgPolicy('p', { to: r, using: sql`true` })]);
