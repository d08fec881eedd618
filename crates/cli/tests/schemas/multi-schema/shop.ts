import { check, integer, numeric, pgSchema, primaryKey, text, unique, type AnyPgColumn } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { employees, items as lentItems } from './people';

export const shop = pgSchema('shop');
/** With capitals, so that it must be quoted. */
export const archive = pgSchema('Archive');

export const itemState = shop.enum('item_state', ['new', 'used']);

export const branches = shop.table('branches', {
  id: integer('id').primaryKey().generatedByDefaultAsIdentity(),
  city: text('city').notNull().unique(),
  managerId: integer('manager_id').references((): AnyPgColumn => employees.id, {
    onDelete: 'set null',
  }),
});

export const items = shop.table(
  'items',
  {
    branchId: integer('branch_id')
      .notNull()
      .references(() => branches.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    title: text('title').notNull(),
    price: numeric('price', { precision: 8, scale: 2 }),
    state: itemState('state').notNull().default('new'),
    twinId: integer('twin_id').references(() => lentItems.id),
  },
  (t) => [
    primaryKey({ columns: [t.branchId, t.number] }),
    unique('items_title').on(t.branchId, t.title),
    check('items_price', sql`${t.price} >= 0`),
  ],
);

export const soldItems = archive.table('Sold Items', {
  id: integer('id').primaryKey(),
  soldBy: integer('sold_by').references(() => employees.id, { onDelete: 'set null' }),
  state: itemState('state'),
});

export const stock = shop.view('stock').as((qb) =>
  qb
    .select({ city: branches.city, items: sql<number>`count(*)`.as('items') })
    .from(branches)
    .innerJoin(items, sql`${items.branchId} = ${branches.id}`)
    .groupBy(branches.city),
);
