// Shared notes on Neon: the four policies of a table written at once by crudPolicy().
import { sql } from 'drizzle-orm';
import { bigserial, boolean, pgRole, pgTable, primaryKey, text, bigint } from 'drizzle-orm/pg-core';
import { anonymousRole, authenticatedRole, authUid, crudPolicy } from 'drizzle-orm/neon';

export const moderator = pgRole('moderator');

export const notes = pgTable(
  'notes',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    ownerId: text('owner_id')
      .notNull()
      .default(sql`(auth.user_id())`),
    body: text('body').notNull().default(''),
    title: text('title'),
    isShared: boolean('is_shared').notNull().default(false),
  },
  (t) => [
    crudPolicy({ role: authenticatedRole, read: authUid(t.ownerId), modify: authUid(t.ownerId) }),
    crudPolicy({ role: anonymousRole, read: sql`${t.isShared} and ${t.body} <> ''`, modify: false }),
  ],
);

export const readers = pgTable(
  'readers',
  {
    noteId: bigint('note_id', { mode: 'number' })
      .notNull()
      .references(() => notes.id, { onDelete: 'cascade' }),
    readerId: text('reader_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.noteId, t.readerId] }),
    crudPolicy({
      role: authenticatedRole,
      read: true,
      modify: sql`exists (select 1 from notes where notes.id = ${t.noteId} and notes.owner_id = auth.user_id())`,
    }),
  ],
);
