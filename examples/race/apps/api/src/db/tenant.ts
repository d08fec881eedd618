/**
 * Who is who: the accounts (our tenants), the people, and which of them belong together.
 *
 * Every other table that holds an account's data has an `account_id` and gets its row level
 * security in migrations/0001_rls_policies.sql. Two rules keep accounts apart here:
 *
 * 1. `account_id` comes from `accountId()`, is never null, and leads an index of every table.
 * 2. A reference from one account's row to another row goes through `sameAccount()`, so the
 *    account is part of the foreign key and a row can never point into a foreign account.
 */
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import type { AnyPgColumn, UpdateDeleteAction } from 'drizzle-orm/pg-core';
import type { AccountPreferences } from '../settings.js';
import { createdAt, id, moment, softDelete, timestamps } from './columns.js';
import { memberRole } from './enums';

/** Where an account's data is kept. The same for everybody, kept by us. */
export const regions = pgTable('regions', {
  code: varchar('code', { length: 8 }).primaryKey(),
  name: text('name').notNull(),
});

export const accounts = pgTable(
  'accounts',
  {
    id: id(),
    slug: varchar('slug', { length: 63 }).notNull(),
    name: text('name').notNull(),
    region: varchar('region', { length: 8 })
      .notNull()
      .default('eu')
      .references(() => regions.code, { onDelete: 'set default', onUpdate: 'cascade' }),
    preferences: jsonb('preferences')
      .$type<AccountPreferences>()
      .notNull()
      .default({ weeklyReport: true, timezone: 'UTC' }),
    ...timestamps,
    ...softDelete,
  },
  (t) => [
    uniqueIndex('accounts_slug_key').on(sql`lower(${t.slug})`),
    check('accounts_slug_shape', sql`${t.slug} ~ '^[a-z0-9][a-z0-9-]*$'`),
  ],
);

/** People log in once and may belong to several accounts, so a user has no account_id. */
export const users = pgTable(
  'users',
  {
    id: id(),
    email: text('email').notNull(),
    name: text('name').notNull().default(''),
    isStaff: boolean('is_staff').notNull().default(false),
    invitedById: uuid('invited_by_id').references((): AnyPgColumn => users.id, {
      onDelete: 'set null',
    }),
    lastSeenAt: moment('last_seen_at'),
    ...timestamps,
  },
  (t) => [
    uniqueIndex('users_email_key').on(sql`lower(${t.email})`),
    index('users_invited_by_idx').on(t.invitedById),
  ],
);

/** The column that makes a table account-scoped. */
export const accountId = () =>
  uuid('account_id')
    .notNull()
    .references(() => accounts.id, { onDelete: 'cascade' });

type InAccount = { accountId: AnyPgColumn; id: AnyPgColumn };

/** A foreign key that includes the account: (account_id, x_id) -> (account_id, id). */
export function sameAccount(
  name: string,
  columns: [account: AnyPgColumn, reference: AnyPgColumn],
  parent: InAccount,
  onDelete: UpdateDeleteAction = 'cascade',
) {
  return foreignKey({
    name,
    columns,
    foreignColumns: [parent.accountId, parent.id],
  }).onDelete(onDelete);
}

/** What `sameAccount()` points at; it also is the index that leads with the account. */
export const perAccount = (t: InAccount) => unique().on(t.accountId, t.id);

export const memberships = pgTable(
  'memberships',
  {
    accountId: accountId(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: memberRole('role').notNull().default('viewer'),
    ...createdAt,
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.userId] }),
    index('memberships_user_idx').on(t.userId),
    // An account has one owner; handing it over is an update of both rows in one transaction.
    uniqueIndex('memberships_one_owner').on(t.accountId).where(sql`${t.role} = 'owner'`),
  ],
);

export const invitations = pgTable(
  'invitations',
  {
    id: id(),
    accountId: accountId(),
    email: text('email').notNull(),
    role: memberRole('role').notNull().default('developer'),
    invitedById: uuid('invited_by_id').references(() => users.id, { onDelete: 'set null' }),
    expiresAt: moment('expires_at')
      .notNull()
      .default(sql`now() + interval '7 days'`),
    acceptedAt: moment('accepted_at'),
    ...createdAt,
  },
  (t) => [
    perAccount(t),
    uniqueIndex('invitations_open_key')
      .on(t.accountId, sql`lower(${t.email})`)
      .where(sql`${t.acceptedAt} is null`),
    check('invitations_not_owner', sql`${t.role} <> 'owner'`),
  ],
);

export const teams = pgTable(
  'teams',
  {
    id: id(),
    accountId: accountId(),
    parentId: uuid('parent_id'),
    name: text('name').notNull(),
    ...timestamps,
  },
  (t) => [
    perAccount(t),
    unique('teams_name_key').on(t.accountId, t.parentId, t.name).nullsNotDistinct(),
    sameAccount('teams_parent_fk', [t.accountId, t.parentId], t, 'restrict'),
    check('teams_not_own_parent', sql`${t.parentId} <> ${t.id}`),
  ],
);

export const teamMembers = pgTable(
  'team_members',
  {
    accountId: accountId(),
    teamId: uuid('team_id').notNull(),
    userId: uuid('user_id').notNull(),
    ...createdAt,
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.teamId, t.userId] }),
    sameAccount('team_members_team_fk', [t.accountId, t.teamId], teams),
    // Leaving the account means leaving its teams.
    foreignKey({
      name: 'team_members_membership_fk',
      columns: [t.accountId, t.userId],
      foreignColumns: [memberships.accountId, memberships.userId],
    }).onDelete('cascade'),
  ],
);
