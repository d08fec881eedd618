import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const kind = pg.pgEnum('kind', ['b', 'c', 'a']);
export const a = pg.pgTable('aa', { id: pg.bigserial({ mode: 'number' }).primaryKey(), kind: kind().notNull().default('a'), amount: pg.numeric({ precision: 10, scale: 2 }).default('1'), come: pg.text().notNull().default('x') }, (t) => [pg.index('a_n').on(t.amount.desc()), pg.check('n_positive', sql`${t.amount} > 1 OR ${t.amount} = 1`)]);
export const b = pg.pgTable('b', { id: pg.serial().primaryKey(), a: pg.bigint({ mode: 'number' }).references(() => a.id, { onDelete: 'set null' }), kind: kind().array() });
export const v = pg.pgView('v').as((qb) => qb.select({ n: a.amount, kind: a.kind }).from(a));
