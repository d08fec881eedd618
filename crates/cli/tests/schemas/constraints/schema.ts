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
    phone: text('phone').unique('clubs_phone', { nulls: 'not distinct' }),
    founded: smallint('founded'),
  },
  (t) => [
    unique().on(t.country, t.name),
    unique('clubs_one_founder').on(t.parentId, t.founded).nullsNotDistinct(),
    check('clubs_founded', sql`${t.founded} between 1850 and 2100`),
    check('clubs_not_own_parent', sql`${t.parentId} is distinct from ${t.id}`),
  ],
);

// Clubs and players refer to each other.
export const players = pgTable('players', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull(),
  clubId: integer('club_id')
    .notNull()
    .references(() => clubs.id, { onDelete: 'restrict', onUpdate: 'restrict' }),
  birthday: date('birthday'),
  isAmateur: boolean('is_amateur').notNull().default(true),
});

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
      onUpdate: 'set null',
    }),
    runnerUpId: integer('runner_up_id'),
  },
  (t) => ({
    pk: primaryKey({ name: 'seasons_key', columns: [t.country, t.year] }),
    runnerUp: foreignKey({ columns: [t.runnerUpId], foreignColumns: [clubs.id] }),
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
    foreignKey({ name: 'matches_home', columns: [t.homeId], foreignColumns: [clubs.id] }),
    foreignKey({ name: 'matches_guest', columns: [t.guestId], foreignColumns: [clubs.id] }),
    unique('matches_guest_once').on(t.country, t.year, t.round, t.guestId),
    check('matches_two_clubs', sql`${t.homeId} <> ${t.guestId}`),
    check('matches_played_has_goals', sql`${or(eq(t.isPlayed, sql`false`), isNotNull(t.goals))}`),
    check('matches_goals', and(sql`cardinality(${t.goals}) = 2`, sql`0 <= all (${t.goals})`)!),
  ],
);
