import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const users = pg.pgTable('users', {
	id: pg.serial().primaryKey(),
	name: pg.text().notNull(),
	age: pg.integer(),
});

export const posts = pg.pgTable('posts', { id: pg.integer().primaryKey(), author: pg.integer().references(() => users.id), slug: pg.text().unique() });
