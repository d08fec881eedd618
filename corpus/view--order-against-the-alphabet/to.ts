import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const users = pg.pgTable('users', {
	id: pg.serial().primaryKey(),
	name: pg.text().notNull(),
	age: pg.integer(),
});

export const top = pg.pgView('a_top', { id: pg.integer() }).as(sql`select id from z_base`);
export const z_base = pg.pgView('z_base').as((qb) => qb.select({ id: users.id }).from(users));
