import { char, numeric } from 'drizzle-orm/pg-core';

export const CURRENCIES = ['CHF', 'EUR'] as const;

const amount = (name: string) => numeric(name, { precision: 12, scale: 2 }).notNull().default('0');

const currency = (name: string) =>
  char(name, { length: 3, enum: CURRENCIES }).notNull().default(CURRENCIES[0]);

/** Two columns for one amount: `price` and `price_currency`. */
export function money<Key extends string>(key: Key) {
  const columns = { [key]: amount(key), [`${key}Currency`]: currency(`${key}_currency`) };
  return columns as Record<Key, ReturnType<typeof amount>> &
    Record<`${Key}Currency`, ReturnType<typeof currency>>;
}
