import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const items = pg.pgTable('items', {
	price: pg.integer().notNull(),
	label: pg.text().generatedAlwaysAs(sql`CASE WHEN price > 9 THEN 'dear' ELSE 'cheap' END`),
}, (t) => [pg.check('positive', sql`${t.price} > 0`), pg.index('cheap').on(t.price).where(sql`${t.price} < 10`)]);
