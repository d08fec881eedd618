import { integer, pgEnum, pgTable, smallint, varchar } from 'drizzle-orm/pg-core';

export const bedSize = pgEnum('bedSize', ['single', 'double', 'king']);

export const rooms = pgTable('rooms', {
  room_number: integer().primaryKey(),
  floor_no: smallint().notNull(),
  bed_size: bedSize().notNull().default('double'),
  door_code: varchar({ length: 8 }),
});
