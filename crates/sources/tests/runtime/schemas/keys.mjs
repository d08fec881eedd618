// Primary keys, unique constraints, foreign keys and checks.
import { eq, gt, sql } from 'drizzle-orm';
import { bigserial, check, foreignKey, integer, pgTable, primaryKey, serial, text, unique, uuid } from 'drizzle-orm/pg-core';

export const users = pgTable('users', {
  id: serial().primaryKey(), email: text().notNull().unique(), name: text('full_name').unique('named_unique'), code: text().unique('code_u', { nulls: 'not distinct' }),
  other: text().unique(undefined, { nulls: 'distinct' }), managerId: integer('manager_id').references(() => users.id),
  mentor: integer().references(() => users.id, { onDelete: 'set null', onUpdate: 'cascade' }), token: uuid().notNull(),
}, (t) => [
  unique().on(t.name, t.code), unique('nnd').on(t.other).nullsNotDistinct(), unique().on(t.token),
  check('name_not_empty', sql`${t.name} <> ''`), check('id_positive', sql`${t.id} > 0 and ${users.id} < 1000`),
]);
export const teams = pgTable('teams', { org: integer(), no: integer('team_no'), title: text() }, (t) => [primaryKey({ columns: [t.org, t.no] })]);
export const seats = pgTable('seats', {
  a: integer().notNull(), b: integer().notNull(), userId: integer('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
}, (t) => ({
  pk: primaryKey({ name: 'seats_key', columns: [t.userId, t.a] }),
  team: foreignKey({ columns: [t.a, t.b], foreignColumns: [teams.org, teams.no] }).onDelete('restrict').onUpdate('set default'),
  named: foreignKey({ name: 'seats_named_fk', columns: [t.b], foreignColumns: [users.id] }),
  c: check('c', gt(t.a, sql`0`)), none: undefined,
}));
export const oldKey = pgTable('old_key', { a: integer(), b: integer() }, (t) => [primaryKey(t.a, t.b)]);
export const left = pgTable('left', { id: bigserial({ mode: 'number' }).primaryKey(), right: integer().references(() => right.id) });
export const right = pgTable('right', { id: serial().primaryKey(), left: integer().references(() => left.id, { onDelete: 'no action' }) });
export const self = pgTable('self', { id: integer().primaryKey(), parent: integer() }, (t) => [
  foreignKey({ columns: [t.parent], foreignColumns: [t.id] }).onDelete('cascade'), check('not_own_parent', sql`${t.parent} is distinct from ${t.id}`),
]);
export const several = pgTable('several', { a: integer().references(() => users.id).references(() => left.id) });
void eq;
