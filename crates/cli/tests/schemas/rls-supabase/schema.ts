// A chat on Supabase: its roles and its `auth.users` exist already and are only referred to.
import { sql } from 'drizzle-orm';
import { bigint, foreignKey, index, pgPolicy, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import {
  anonRole,
  authenticatedRole,
  authUid,
  authUsers,
  serviceRole,
} from 'drizzle-orm/supabase';

export const profiles = pgTable(
  'profiles',
  {
    id: uuid('id').primaryKey(),
    handle: text('handle').notNull().unique(),
    bio: text('bio'),
  },
  (t) => [
    foreignKey({ name: 'profiles_id_fk', columns: [t.id], foreignColumns: [authUsers.id] }).onDelete(
      'cascade',
    ),
    pgPolicy('profiles_are_public', {
      for: 'select',
      to: [anonRole, authenticatedRole],
      using: sql`true`,
    }),
    pgPolicy('profiles_edit_own', {
      for: 'update',
      to: authenticatedRole,
      using: sql`${authUid} = ${t.id}`,
      withCheck: sql`${authUid} = ${t.id}`,
    }),
    pgPolicy('profiles_sign_up', {
      for: 'insert',
      to: serviceRole,
      withCheck: sql`true`,
    }),
  ],
);

export const rooms = pgTable('rooms', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
  topic: text('topic').notNull().unique(),
  createdBy: uuid('created_by').references(() => profiles.id, { onDelete: 'set null' }),
}).enableRLS();

export const posts = pgTable(
  'posts',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    roomId: bigint('room_id', { mode: 'number' })
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    authorId: uuid('author_id')
      .notNull()
      .default(sql`auth.uid()`)
      .references(() => profiles.id),
    body: text('body').notNull(),
    postedAt: timestamp('posted_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [
    index('posts_room_idx').on(t.roomId, t.postedAt),
    pgPolicy('posts_of_author', {
      for: 'all',
      to: authenticatedRole,
      using: sql`(select auth.uid()) = ${t.authorId}`,
      withCheck: sql`(select auth.uid()) = ${t.authorId}`,
    }),
  ],
);
