import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const users = pg.pgTable('users', {
	id: pg.serial().primaryKey(),
	name: pg.text().notNull(),
	age: pg.integer(),
});

export const a = pg.pgTable('a', { id: pg.integer().primaryKey(), b: pg.integer().references((): pg.AnyPgColumn => b.id), parent: pg.integer().references((): pg.AnyPgColumn => a.id) });
export const b = pg.pgTable('b', { id: pg.integer().primaryKey(), a: pg.integer().references((): pg.AnyPgColumn => a.id) });
