// A league: keys, unique constraints, checks and foreign keys in every form.
import { and, eq, isNotNull, or, sql } from 'drizzle-orm';
import {
  boolean,
  char,
  check,
  date,
  foreignKey,
  integer,
  pgTable,
  primaryKey,
  serial,
  smallint,
  text,
  unique,
  uuid,
  varchar,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';

export const countries = pgTable('countries', {
  code: char('code', { length: 2 }).primaryKey(),
  name: text('name').notNull().unique(),
  callingCode: varchar('calling_code', { length: 5 }).unique('countries_dial'),
});

export const clubs = pgTable(
  'clubs',
  {
    id: serial('id').primaryKey(),
    name: text('name').notNull(),
    country: char('country', { length: 2 })
      .notNull()
      .default('ch')
      .references(() => countries.code, { onDelete: 'set default', onUpdate: 'cascade' }),
    parentId: integer('parent_id').references((): AnyPgColumn => clubs.id, { onDelete: 'set null' }),
    captainId: uuid('captain_id').references((): AnyPgColumn => players.id, { onDelete: 'set null' }),
    phone: text('phone').unique('clubs_phone', { nulls: 'distinct' }),
    founded: smallint('founded'),
  },
  (t) => [
    unique('clubs_one_founder').on(t.parentId, t.founded).nullsNotDistinct(),
    check('clubs_founded', sql`${t.founded} between 1800 and 2100`),
    check('clubs_not_own_parent', sql`${t.parentId} is distinct from ${t.id}`),
  ],
);

// Clubs and players refer to each other.
export const players = pgTable('players', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull(),
  clubId: integer('club_id')
    .notNull()
    .references(() => clubs.id, { onDelete: 'cascade', onUpdate: 'restrict' }),
  birthday: date('birthday').notNull(),
  shirt: smallint('shirt'),
  isAmateur: boolean('is_amateur').notNull().default(true),
});

export const transfers = pgTable(
  'transfers',
  {
    playerId: uuid('player_id')
      .notNull()
      .references(() => players.id, { onDelete: 'cascade' }),
    on: date('on').notNull(),
    fromId: integer('from_id').references(() => clubs.id),
    toId: integer('to_id').references(() => clubs.id),
  },
  (t) => [
    primaryKey({ columns: [t.playerId, t.on] }),
    check('transfers_somewhere', sql`${t.fromId} is not null or ${t.toId} is not null`),
  ],
);

// The older way to write extras: an object.
export const seasons = pgTable(
  'seasons',
  {
    country: char('country', { length: 2 })
      .notNull()
      .references(() => countries.code),
    year: smallint('year').notNull(),
    championId: integer('champion_id').references(() => clubs.id, {
      onDelete: 'no action',
      onUpdate: 'cascade',
    }),
    runnerUpId: integer('runner_up_id'),
  },
  (t) => ({
    pk: primaryKey({ name: 'seasons_key', columns: [t.country, t.year] }),
    differ: check('seasons_differ', sql`${t.championId} <> ${t.runnerUpId}`),
  }),
);

export const matches = pgTable(
  'matches',
  {
    country: char('country', { length: 2 }).notNull(),
    year: smallint('year').notNull(),
    round: smallint('round').notNull(),
    homeId: integer('home_id').notNull(),
    guestId: integer('guest_id').notNull(),
    goals: smallint('goals').array(2),
    isPlayed: boolean('is_played').notNull().default(false),
    leg: smallint('leg').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.country, t.year, t.round, t.homeId] }),
    foreignKey({
      name: 'matches_season',
      columns: [t.country, t.year],
      foreignColumns: [seasons.country, seasons.year],
    })
      .onDelete('cascade')
      .onUpdate('cascade'),
    foreignKey({ name: 'matches_home', columns: [t.homeId], foreignColumns: [clubs.id] }).onDelete('restrict'),
    foreignKey({ name: 'matches_guest', columns: [t.guestId], foreignColumns: [clubs.id] }),
    unique('matches_guest_once').on(t.country, t.year, t.round, t.guestId, t.leg),
    check('matches_two_clubs', sql`${t.homeId} <> ${t.guestId}`),
    check('matches_played_has_goals', sql`${or(eq(t.isPlayed, sql`false`), isNotNull(t.goals))}`),
    check('matches_goals', and(sql`cardinality(${t.goals}) = 2`, sql`0 <= all (${t.goals})`)!),
  ],
);
