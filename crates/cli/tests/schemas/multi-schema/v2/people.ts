// Two modules that own a schema each and refer to one another, in both directions.
import { foreignKey, integer, pgSchema, pgTable, text, type AnyPgColumn } from 'drizzle-orm/pg-core';
import { branches } from './shop';

export const people = pgSchema('people');

export const position = people.enum('position', ['cashier', 'manager', 'regional manager', 'owner']);

export const employees = people.table(
  'employees',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    position: position('position').notNull().default('cashier'),
    bossId: integer('boss_id').references((): AnyPgColumn => employees.id, { onDelete: 'set null' }),
    branchId: integer('branch_id').references((): AnyPgColumn => branches.id, {
      onDelete: 'restrict',
      onUpdate: 'cascade',
    }),
    mentorId: integer('mentor_id'),
    badge: text('badge').unique(),
  },
  (t) => [
    foreignKey({ name: 'employees_mentor', columns: [t.mentorId], foreignColumns: [t.id] })
      .onDelete('set null')
      .onUpdate('restrict'),
  ],
);

/** In `public`, with the name of a table in another schema. */
export const items = pgTable('items', {
  id: integer('id').primaryKey(),
  lentTo: integer('lent_to').references(() => employees.id),
});
