import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const admin = pg.pgRole('corpus admin');
export const t = pg.pgTable('t', { id: pg.integer(), name: pg.text() }, (t) => [pg.pgPolicy('a', { using: sql`name <> 'a--b;c'`, withCheck: sql`true` }), pg.pgPolicy('b', { for: 'select', using: sql`true` })]);
