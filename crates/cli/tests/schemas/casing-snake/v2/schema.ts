// A ticket shop that names nothing twice: columns take the name of their key, in snake_case.
import { eq, sql } from 'drizzle-orm';
import { check, foreignKey, index, pgEnum, pgTable, pgView, primaryKey, unique, uniqueIndex } from 'drizzle-orm/pg-core';

export const seatKind = pgEnum('seatKind', ['standing', 'seated']);

export const venues = pgTable('venues', (t) => ({
  id: t.integer().primaryKey().generatedAlwaysAsIdentity(),
  displayName: t.text().notNull(),
  streetAddress1: t.text(),
  streetAddress2: t.text(),
  geoURL: t.text(),
  wheelchairPlaces: t.smallint().notNull().default(0),
  hasHTMLPage: t.boolean().notNull().default(false),
  openedAt: t.timestamp({ withTimezone: true }).notNull().defaultNow(),
  legacyCode: t.varchar('LegacyCode', { length: 12 }).unique(),
}));

export const shows = pgTable(
  'shows',
  (t) => ({
    id: t.integer().primaryKey().generatedByDefaultAsIdentity(),
    venueId: t
      .integer()
      .notNull()
      .references(() => venues.id, { onDelete: 'restrict' }),
    startsAt: t.timestamp({ withTimezone: true, precision: 0 }).notNull(),
  headlinerName: t.text(),
    doorsOpenAt: t.timestamp({ withTimezone: true, precision: 0 }),
    ticketPrice: t.numeric({ precision: 8, scale: 2 }).notNull(),
    seatKind: seatKind().notNull().default('seated'),
    tourDates: t.date().array(),
  }),
  (t) => [
    index().on(t.venueId, t.startsAt.desc()),
    uniqueIndex('one_show_at_a_time').on(t.venueId, t.startsAt),
    check('doors_before_start', sql`${t.doorsOpenAt} < ${t.startsAt}`),
  ],
);

export const ticketHolders = pgTable(
  'ticketHolders',
  (t) => ({
    showId: t
      .integer()
      .notNull()
      .references(() => shows.id),
    seatNo: t.integer().notNull(),
    emailAddress: t.varchar({ length: 320 }).notNull(),
    resoldFromShow: t.integer(),
    resoldFromSeat: t.integer(),
    fullLabel: t.text().generatedAlwaysAs(sql`show_id::text || '/' || seat_no::text`),
  }),
  (t) => [
    primaryKey({ columns: [t.showId, t.seatNo] }),
    foreignKey({
      columns: [t.resoldFromShow, t.resoldFromSeat],
      foreignColumns: [t.showId, t.seatNo],
      name: 'resold_from',
    }).onDelete('set null'),
    index('by_email').on(sql`lower(${t.emailAddress})`, t.showId),
  ],
);

export const waitingList = pgTable(
  'waitingList',
  (t) => ({
    showId: t
      .integer()
      .notNull()
      .references(() => shows.id, { onDelete: 'cascade' }),
    emailAddress: t.text().notNull(),
    askedAt: t.timestamp({ withTimezone: true }).notNull().defaultNow(),
  }),
  (t) => [primaryKey({ columns: [t.showId, t.emailAddress] })],
);

export const soldOut = pgView('soldOut').as((qb) =>
  qb
    .select({
      showId: shows.id,
      startsAt: shows.startsAt,
      ticketsSold: sql<number>`count(${ticketHolders.seatNo})`.as('ticketsSold'),
    })
    .from(shows)
    .innerJoin(ticketHolders, eq(ticketHolders.showId, shows.id))
    .groupBy(shows.id, shows.startsAt),
);
