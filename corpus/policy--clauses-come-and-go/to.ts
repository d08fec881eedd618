import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const admin = pg.pgRole('corpus admin');
export const t = pg.pgTable('t', { id: pg.integer(), name: pg.text() }, (t) => [pg.pgPolicy('a', { using: sql`name <> 'a--b;c'` }), pg.pgPolicy('b', { for: 'select', to: [admin, 'current_user'], using: sql`id > 1` })]);
