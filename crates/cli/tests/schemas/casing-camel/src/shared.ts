import { timestamp, uuid } from 'drizzle-orm/pg-core';

// Keys in snake_case, columns in camelCase: the other way round than most.
export const base = {
  row_id: uuid().primaryKey().defaultRandom(),
  created_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
};
