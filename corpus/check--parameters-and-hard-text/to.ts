import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

import { and, gt, like, lt, ne } from 'drizzle-orm';
export const users = pg.pgTable('users', {
	id: pg.serial().primaryKey(),
	name: pg.text().notNull(),
	age: pg.integer(),
}, (t) => [
	pg.check('adult', sql`${and(gt(t.age, 17), lt(t.age, 150))}`),
	pg.check('named', sql`${ne(t.name, "a;b--c'd")}`),
	pg.index('a_names').on(t.name).where(like(t.name, 'a%')),
]);
