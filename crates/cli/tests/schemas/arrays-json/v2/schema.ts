// A recipe collection: arrays of everything, and JSON defaults of every shape.
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  char,
  date,
  doublePrecision,
  integer,
  json,
  jsonb,
  numeric,
  pgTable,
  serial,
  smallint,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

export interface Step {
  text: string;
  minutes?: number;
}

export const recipes = pgTable('recipes', {
  id: serial('id').primaryKey(),
  tags: text('tags').array(),
  languages: varchar('languages', { length: 5 }).array().notNull().default(['en']),
  aliases: varchar('aliases', { length: 80 }).array().notNull().default([]),
  keywords: text('keywords').array().notNull().default(['quick']),
  ratings: integer('ratings').array().default([]),
  portions: integer('portions').array(3).notNull().default([2, 4, 8]),
  weights: bigint('weights', { mode: 'number' }).array().default([]),
  prices: numeric('prices', { precision: 6, scale: 2 }).array().default(['1.50', '2.00']),
  ratios: doublePrecision('ratios').array().default([0.5, 1.25]),
  vegan: boolean('vegan').array().notNull().default([true, false]),
  cookedOn: date('cooked_on').array().default(['2025-01-01', '2025-12-24']),
  servedAt: time('served_at').array(),
  seenAt: timestamp('seen_at', { withTimezone: true }).array(),
  relatedTo: uuid('related_to').array(),
  matrix: integer('matrix').array().array().notNull().default([]),
  cooks: text('cooks').array().notNull().default(['anna', 'ben']),
  board: text('board').array(8).array(8),
  sources: text('sources').array().notNull().default(sql`'{}'::text[]`),
  initials: text('initials').array().default(sql`array['a', 'b']`),
  photos: jsonb('photos').array(),
});

export const menus = pgTable('menus', {
  id: uuid('id').primaryKey().defaultRandom(),
  courses: integer('courses').array().notNull().default([]),
  notes: jsonb('notes').notNull().default({ seasonal: [] }),
});

export const documents = pgTable('documents', {
  id: serial('id').primaryKey(),
  steps: jsonb('steps').$type<Step[]>().notNull().default([]),
  firstSteps: jsonb('first_steps')
    .$type<Step[]>()
    .default([{ text: 'Preheat the oven', minutes: 10 }, { text: 'Mix "dry" parts' }]),
  nutrition: jsonb('nutrition').notNull().default({ kcal: 0, per: { grams: 100 }, exact: false }),
  settings: json('settings').notNull().default({ units: 'metric', decimals: 2, rounding: 'half-up' }),
  raw: json('raw').default(sql`'{"made": "by hand"}'::json`),
  umlauts: jsonb('umlauts').default({ grüße: 'schön', emoji: '🥖' }),
});
