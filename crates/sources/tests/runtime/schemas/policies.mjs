// Roles, row level security and the helpers of Supabase.
import { sql } from 'drizzle-orm';
import { anonRole, authenticatedRole, authUid, authUsers, realtimeMessages, realtimeTopic, serviceRole } from 'drizzle-orm/supabase';
import { integer, pgPolicy, pgRole, pgSchema, pgTable, text, uuid } from 'drizzle-orm/pg-core';

export const admin = pgRole('admin', { createDb: true, createRole: true, inherit: false });
export const app = pgRole('app');
export const there = pgRole('there').existing();
export const tenant = pgSchema('tenant');
export const notes = pgTable('notes', { id: integer().primaryKey(), owner: uuid().references(() => authUsers.id, { onDelete: 'cascade' }), body: text() }, (t) => [
  pgPolicy('all'), pgPolicy('read', { for: 'select', to: authenticatedRole, using: sql`${authUid} = ${t.owner}` }),
  pgPolicy('write', { as: 'restrictive', for: 'insert', to: [app, 'public', admin], withCheck: sql`${t.owner} is not null` }),
  pgPolicy('both', { as: 'permissive', for: 'update', to: 'current_user', using: sql`true`, withCheck: sql`false` }), pgPolicy('drop', { for: 'delete', to: [serviceRole, there] }),
]);
export const secrets = tenant.table('secrets', { id: integer() }, () => ({ p: pgPolicy('p', { to: anonRole, using: sql`false` }) })).enableRLS();
export const linked = pgPolicy('linked', { to: app, using: sql`${notes.id} > 1` }).link(notes);
export const outside = pgPolicy('outside', { for: 'select', to: authenticatedRole, using: sql`${realtimeTopic} = 'x'` }).link(realtimeMessages);
export const outside2 = pgPolicy('outside2').link(authUsers);
