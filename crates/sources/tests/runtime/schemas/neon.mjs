// The helpers of Neon.
import { sql } from 'drizzle-orm';
import { anonymousRole, authenticatedRole, authUid, crudPolicy, usersSync } from 'drizzle-orm/neon';
import { pgTable, text } from 'drizzle-orm/pg-core';

export const todos = pgTable('todos', { id: text().primaryKey(), userId: text('user_id').references(() => usersSync.id), body: text() }, (t) => [
  crudPolicy({ role: authenticatedRole, read: authUid(t.userId), modify: authUid(t.userId) }),
  crudPolicy({ role: [anonymousRole, 'other'], read: true, modify: null }),
]);
export const more = pgTable('more', { id: text() }, () => [crudPolicy({ role: 'x', read: sql`1 = 1`, modify: false })]);
