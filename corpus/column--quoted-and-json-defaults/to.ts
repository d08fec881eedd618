import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const t = pg.pgTable('t', {
	a: pg.text().default("it's \\ \"quoted\""),
	j: pg.jsonb().$type<object>().default({ note: "it's", list: ['a"b', 1, null] }),
	tags: pg.text().array().notNull().default(['a"b', "c'd", 'e,f', 'g\\h', '', 'NULL']),
	n: pg.bigint({ mode: 'bigint' }).default(9007199254740993n),
	when: pg.timestamp().default(new Date('2024-02-29T12:00:00Z')),
	at: pg.point().default([1, 2]),
	nested: pg.integer().array().array().default([[1, 2], [3, 4]]),
});
