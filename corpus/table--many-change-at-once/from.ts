import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const kind = pg.pgEnum('kind', ['a', 'b']);
export const a = pg.pgTable('a', { id: pg.serial().primaryKey(), kind: kind().notNull().default('a'), n: pg.integer().default(1), gone: pg.text() }, (t) => [pg.index('a_n').on(t.n), pg.check('n_positive', sql`${t.n} > 0`)]);
export const b = pg.pgTable('b', { id: pg.serial().primaryKey(), a: pg.integer().notNull().references(() => a.id), kind: kind() });
export const v = pg.pgView('v').as((qb) => qb.select({ n: a.n, kind: a.kind }).from(a));
