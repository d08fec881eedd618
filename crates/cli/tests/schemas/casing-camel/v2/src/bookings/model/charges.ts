import { bigint, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { guests } from '../../accounts/guests.sql';
import { base } from '../../shared';

export const charges = pgTable('charges', {
  ...base,
  guest_id: uuid()
    .notNull()
    .references(() => guests.row_id, { onDelete: 'cascade' }),
  what_for: text().notNull(),
  amount_cents: bigint({ mode: 'number' }).notNull(),
});
