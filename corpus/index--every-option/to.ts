import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export const users = pg.pgTable('users', {
	id: pg.serial().primaryKey(),
	name: pg.text().notNull(),
	age: pg.integer(),
}, (t) => [pg.index('i1').on(t.name.desc().nullsFirst(), t.age.asc()), pg.uniqueIndex('i2').on(sql`lower(${t.name})`), pg.index('i3').using('gin', sql`to_tsvector('simple', ${t.name})`).with({ fastupdate: false }), pg.index('i4').on(t.name.op('text_pattern_ops').desc()).where(sql`${t.age} > 3`), pg.index('i5').using('hash', t.name), pg.index('i6').on(t.id).concurrently()]);
