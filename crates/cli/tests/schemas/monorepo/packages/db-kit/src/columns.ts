import { jsonb, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Translated } from './types';

export const primary = () => ({ id: uuid('id').primaryKey().defaultRandom() });

export const tracked = {
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true })
    .notNull()
    .defaultNow()
    .$onUpdateFn(() => new Date()),
};

export function translated(name: string, fallback: Translated = { de: '', en: '' }) {
  return jsonb(name).$type<Translated>().notNull().default(fallback);
}
