import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const users = pg.pgTable('people', {
	id: pg.serial().primaryKey(),
	name: pg.text().notNull(),
	age: pg.bigint({ mode: 'number' }), mail: pg.text(),
});
