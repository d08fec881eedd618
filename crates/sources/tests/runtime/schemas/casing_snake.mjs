// casing: snake_case
import { eq, sql } from 'drizzle-orm';
import { alias, check, foreignKey, index, integer, pgTable, pgView, primaryKey, serial, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';

export const casing = 'snake_case';
export const userAccounts = pgTable('userAccounts', {
  accountId: serial().primaryKey(), firstName: text().notNull().unique(), lastName: text('lastName'), HTMLBody: text(), x2Y: text(), 'odd-key': text(), parentId: integer().references(() => userAccounts.accountId),
  full: text().generatedAlwaysAs(() => sql`${userAccounts.firstName} || ${userAccounts.lastName}`), counter: integer().generatedAlwaysAsIdentity(),
}, (t) => [
  index().on(t.firstName, t.lastName), index('named').on(sql`lower(${t.firstName})`).where(eq(t.lastName, sql`'x'`)), uniqueIndex().on(t.HTMLBody), unique().on(t.firstName, t.x2Y),
  check('c', sql`${t.parentId} > 0`), foreignKey({ columns: [t.parentId], foreignColumns: [t.accountId] }),
]);
export const pairs = pgTable('pairs', { leftId: integer(), rightId: integer() }, (t) => [
  primaryKey({ columns: [t.leftId, t.rightId] }), foreignKey({ columns: [t.leftId], foreignColumns: [userAccounts.accountId] }).onDelete('cascade'), foreignKey({ name: 'keepLeftId', columns: [t.rightId], foreignColumns: [userAccounts.accountId] }),
]);
const other = alias(userAccounts, 'otherOne');
export const names = pgView('namesView').as((qb) => qb.select({ firstName: userAccounts.firstName, other: other.lastName }).from(userAccounts).leftJoin(other, eq(other.accountId, userAccounts.parentId)));
