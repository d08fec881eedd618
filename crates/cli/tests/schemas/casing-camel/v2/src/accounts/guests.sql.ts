import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { base } from '../shared';

export const guests = pgTable(
  'guests',
  {
    ...base,
    first_name: text().notNull(),
    last_name: text().notNull(),
    email_address: text().notNull(),
    passport_no: text('passport_no'),
    loyalty_points: integer().notNull().default(0),
    full_name: text().generatedAlwaysAs(sql`"firstName" || ' ' || "lastName"`),
  },
  (t) => [
    uniqueIndex().on(t.email_address),
    check('has_a_name', sql`length(trim(${t.last_name})) > 0`),
  ],
);
