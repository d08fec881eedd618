import { char, numeric } from 'drizzle-orm/pg-core';

export const CURRENCIES = ['EUR', 'CHF'] as const;

/** Two columns for one amount: `price` and `price_currency`. */
export function money<Key extends string>(key: Key) {
  return {
    [key]: numeric(key, { precision: 10, scale: 2 }).notNull().default('0'),
    [`${key}Currency`]: char(`${key}_currency`, { length: 3, enum: CURRENCIES })
      .notNull()
      .default(CURRENCIES[0]),
  } as const;
}
