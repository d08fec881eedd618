import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const a = pg.pgTable('a', { x: pg.integer(), y: pg.integer(), u: pg.text().unique() }, (t) => [pg.primaryKey({ columns: [t.x, t.y] }), pg.index().on(t.y)]);
export const b = pg.pgTable('b', { x: pg.integer(), y: pg.integer() }, (t) => [pg.foreignKey({ columns: [t.x, t.y], foreignColumns: [a.x, a.y] }).onDelete('cascade')]);
