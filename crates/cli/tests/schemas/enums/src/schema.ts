// A mail-order shop: enums from literals, TypeScript enums, const objects and const arrays, as
// plain columns, arrays, defaults and array defaults, in `public` and in a schema of its own.
import { pgEnum, pgSchema, pgTable, primaryKey, serial, text, integer } from 'drizzle-orm/pg-core';
import { Carrier, LABELS, OrderState } from './states';

export const orderState = pgEnum('order_state', OrderState);
export const carrier = pgEnum('carrier', Carrier);
export const label = pgEnum('Label', LABELS);
export const currency = pgEnum('currency', ['EUR', 'USD', 'GBP']);
/** Not used by a table yet, created all the same. */
export const returnReason = pgEnum('return_reason', ['damaged', 'wrong size', 'other']);

export const warehouse = pgSchema('warehouse');
export const shelfKind = warehouse.enum('shelf_kind', ['floor', 'rack', 'cold']);
/** Its values come from a function, as they do in code that builds them. */
export const priority = warehouse.enum('priority', levels(3));

function levels(count: number): [string, ...string[]] {
  const [first, ...rest] = Array.from({ length: count }, (_, index) => `p${index}`);
  return [first!, ...rest];
}

export const orders = pgTable('orders', {
  id: serial('id').primaryKey(),
  state: orderState('state').notNull().default(OrderState.Draft),
  previousStates: orderState('previous_states').array().notNull().default([]),
  currency: currency().notNull().default('EUR'),
  carrier: carrier('carrier'),
  labels: label('labels').array(),
  accepted: currency('accepted').array().notNull().default(['EUR', 'USD']),
  note: text('note', { enum: LABELS }),
});

export const shelves = warehouse.table('shelves', {
  id: serial('id').primaryKey(),
  kind: shelfKind('kind').notNull().default('rack'),
  restock: priority('restock').default('p1'),
  holds: label('holds').array(2),
});

export const slots = warehouse.table(
  'slots',
  {
    shelfId: integer('shelf_id')
      .notNull()
      .references(() => shelves.id, { onDelete: 'cascade' }),
    kind: shelfKind('kind').notNull(),
    orderId: integer('order_id').references(() => orders.id, { onDelete: 'set null' }),
  },
  (t) => [primaryKey({ columns: [t.shelfId, t.kind] })],
);
