import { createTable, primary } from '@bakery/db-kit';
import { integer, text, uuid } from 'drizzle-orm/pg-core';
import { products } from './products';

const STORES = ['flour', 'dairy', 'fruit'] as const;

/** The same table for each store, made in a loop. */
function store(name: (typeof STORES)[number]) {
  return createTable(`${name}_stock`, {
    ...primary(),
    label: text('label').notNull(),
    grams: integer('grams').notNull().default(0),
    usedIn: uuid('used_in').references(() => products.id, { onDelete: 'set null' }),
  });
}

export const [flourStock, dairyStock, fruitStock] = STORES.map(store);
