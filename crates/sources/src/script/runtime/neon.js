// What `drizzle-orm/neon` exports.

import { built } from './entity.js';
import { jsonb } from './columns_special.js';
import { text, timestamp } from './columns.js';
import { makeTable } from './table.js';
import { PgRole } from './objects.js';
import { pgPolicy } from './constraints.js';
import { sql } from './sql.js';

export const authenticatedRole = new PgRole('authenticated').existing();
export const anonymousRole = new PgRole('anonymous').existing();

export const authUid = (userIdColumn) => sql`(select auth.user_id() = ${userIdColumn})`;

const moment = (name) => timestamp(name, { withTimezone: true, mode: 'string' });

export const usersSync = makeTable('users_sync', {
  rawJson: jsonb('raw_json').notNull(),
  id: text().primaryKey().notNull(),
  name: text(),
  email: text(),
  createdAt: moment('created_at'),
  deletedAt: moment('deleted_at'),
  updatedAt: moment('updated_at'),
}, undefined, 'neon_auth', 'users_sync');
built.outside.add(usersSync);

/** Four policies, one for each command, from one condition for reading and one for writing. */
export function crudPolicy({ role, read, modify }) {
  if (read === undefined) throw new Error('crudPolicy() needs `read`: a condition, true, false or null');
  if (modify === undefined) throw new Error('crudPolicy() needs `modify`: a condition, true, false or null');
  const reading = condition(read);
  const writing = condition(modify);
  const named = Array.isArray(role) ? role.map(roleName).join('-') : roleName(role);
  const policy = (command, config) => pgPolicy(`crud-${named}-policy-${command}`, { for: command, to: role, ...config });
  return [
    reading && policy('select', { using: reading }),
    writing && policy('insert', { withCheck: writing }),
    writing && policy('update', { using: writing, withCheck: writing }),
    writing && policy('delete', { using: writing }),
  ].filter(Boolean);
}

const roleName = (role) => (role instanceof PgRole ? role.name : role);

function condition(value) {
  if (value === true) return sql`true`;
  if (value === false) return sql`false`;
  return value === null ? undefined : value;
}
