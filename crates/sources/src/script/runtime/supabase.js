// What `drizzle-orm/supabase` exports. Supabase owns these objects.

import { built } from './entity.js';
import { bigserial, text, timestamp, uuid, varchar } from './columns.js';
import { makeTable } from './table.js';
import { PgRole } from './objects.js';
import { sql } from './sql.js';

const role = (name) => new PgRole(name).existing();
const outside = (table) => {
  built.outside.add(table);
  return table;
};

export const anonRole = role('anon');
export const authenticatedRole = role('authenticated');
export const serviceRole = role('service_role');
export const postgresRole = role('postgres_role');
export const supabaseAuthAdminRole = role('supabase_auth_admin');

export const authUsers = outside(makeTable('users', {
  id: uuid().primaryKey().notNull(),
  email: varchar({ length: 255 }),
  phone: text().unique(),
  emailConfirmedAt: timestamp('email_confirmed_at', { withTimezone: true }),
  phoneConfirmedAt: timestamp('phone_confirmed_at', { withTimezone: true }),
  lastSignInAt: timestamp('last_sign_in_at', { withTimezone: true }),
  createdAt: timestamp('created_at', { withTimezone: true }),
  updatedAt: timestamp('updated_at', { withTimezone: true }),
}, undefined, 'auth', 'users'));

export const realtimeMessages = outside(makeTable('messages', {
  id: bigserial({ mode: 'bigint' }).primaryKey(),
  topic: text().notNull(),
  extension: text({ enum: ['presence', 'broadcast', 'postgres_changes'] }).notNull(),
}, undefined, 'realtime', 'messages'));

export const authUid = sql`(select auth.uid())`;
export const realtimeTopic = sql`realtime.topic()`;
