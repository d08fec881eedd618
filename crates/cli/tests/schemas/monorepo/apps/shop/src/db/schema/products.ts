import { createTable, primary, tracked, translated } from '@bakery/db-kit';
import { money } from '@bakery/money';
import { relations } from 'drizzle-orm';
import { boolean, integer, pgEnum, primaryKey, uuid, varchar } from 'drizzle-orm/pg-core';
import { Allergen, MAX_NAME, WEEKDAYS } from '#constants';
import { notNegative } from '../helpers';

export const allergen = pgEnum('bakery_allergen', Allergen);

/** baked_on_mon, baked_on_tue, ...: one column for each day that the oven is on. */
const weekdays = Object.fromEntries(
  WEEKDAYS.map((day) => [`bakedOn_${day}`, boolean(`baked_on_${day}`).notNull().default(true)]),
);

export const products = createTable(
  'product',
  {
    ...primary(),
    name: varchar('name', { length: MAX_NAME }).notNull().unique(),
    description: translated('description'),
    ...money('price'),
    weight: integer('weight').notNull().default(0),
    ...weekdays,
    ...tracked,
  },
  (t) => notNegative('product', t.price, t.weight),
);

export const productAllergens = createTable(
  'product_allergen',
  {
    productId: uuid('product_id')
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    allergen: allergen('allergen').notNull(),
  },
  (t) => [primaryKey({ columns: [t.productId, t.allergen] })],
);

export const productRelations = relations(products, ({ many }) => ({
  allergens: many(productAllergens),
}));
