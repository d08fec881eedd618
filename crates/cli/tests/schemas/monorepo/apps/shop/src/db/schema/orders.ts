import { createTable } from '@bakery/db-kit';
import { primary, tracked } from '@bakery/db-kit/columns';
import { money } from '@bakery/money';
import { sql } from 'drizzle-orm';
import { date, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { notNegative } from '~/db/helpers';
import { products } from './products.js';

export const orders = createTable(
  'order',
  {
    ...primary(),
    email: text('email').notNull(),
    pickUpOn: date('pick_up_on').notNull(),
    ...money('deposit'),
    ...money('total'),
    ...tracked,
  },
  (t) => [
    index('order_open_idx').on(t.pickUpOn).where(sql`${t.pickUpOn} is not null`),
    ...notNegative('order', t.total, t.deposit),
  ],
);

export const orderLines = createTable(
  'order_line',
  {
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    productId: uuid('product_id')
      .notNull()
      .references(() => products.id),
    pieces: integer('pieces').notNull().default(1),
  },
  (t) => [primaryKey({ columns: [t.orderId, t.productId] }), ...notNegative('order_line', t.pieces)],
);
