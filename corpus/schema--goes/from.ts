import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const app = pg.pgSchema('app');
export const mood = app.enum('mood', ['a']);
export const t = app.table('users', { id: pg.integer().primaryKey().references(() => users.id), m: mood() });

export const users = pg.pgTable('users', {
	id: pg.serial().primaryKey(),
	name: pg.text().notNull(),
	age: pg.integer(),
});
