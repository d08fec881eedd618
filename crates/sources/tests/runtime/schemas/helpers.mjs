// What several schemas here share: a file that exports columns and functions.
import { customType, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export * from 'drizzle-orm/pg-core';
export const tsvector = customType({ dataType: () => 'tsvector' });
export const timestamps = {
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow().$onUpdate(() => new Date()),
};
export const id = () => uuid('id').primaryKey().defaultRandom();
export const label = () => text().notNull();
