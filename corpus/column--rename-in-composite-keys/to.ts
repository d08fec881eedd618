import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const a = pg.pgTable('a', { x: pg.integer(), why: pg.integer(), mail: pg.text().unique() }, (t) => [pg.primaryKey({ columns: [t.x, t.why] }), pg.index().on(t.why)]);
export const b = pg.pgTable('b', { x: pg.integer(), why: pg.integer() }, (t) => [pg.foreignKey({ columns: [t.x, t.why], foreignColumns: [a.x, a.why] }).onDelete('cascade')]);
