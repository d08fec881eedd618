import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const items = pg.pgTable('items', {
	cents: pg.integer().notNull(),
	label: pg.text().generatedAlwaysAs(sql`CASE WHEN cents > 9 THEN 'dear' ELSE 'cheap' END`),
}, (t) => [pg.check('positive', sql`${t.cents} > 0`), pg.index('cheap').on(t.cents).where(sql`${t.cents} < 10`)]);
