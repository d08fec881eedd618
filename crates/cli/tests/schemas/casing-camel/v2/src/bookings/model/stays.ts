import { sql } from 'drizzle-orm';
import { check, date, index, integer, numeric, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { guests } from '../../accounts/guests.sql';
import { staff } from '../../accounts/staff.sql.js';
import { rooms } from './rooms';

// Seen through the second pattern; guests.sql.ts only through the first.
export const stays = pgTable(
  'stays',
  {
    room_number: integer()
      .notNull()
      .references(() => rooms.room_number, { onUpdate: 'cascade' }),
    first_night: date().notNull(),
    last_night: date().notNull(),
    guest_id: uuid()
      .notNull()
      .references(() => guests.row_id),
    checked_in_by: uuid().references(() => staff.row_id, { onDelete: 'set null' }),
    agreed_price: numeric({ precision: 9, scale: 2 }),
  },
  (t) => [
    primaryKey({ columns: [t.room_number, t.first_night] }),
    index().on(t.guest_id, t.first_night.desc()).where(sql`${t.checked_in_by} is null`),
    check('nights_in_order', sql`${t.first_night} <= ${t.last_night}`),
  ],
);
