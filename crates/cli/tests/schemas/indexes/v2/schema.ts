// A map of running routes, searched in every way: all index methods and options.
import { sql } from 'drizzle-orm';
import {
  boolean,
  date,
  index,
  inet,
  integer,
  jsonb,
  pgSchema,
  pgTable,
  point,
  serial,
  text,
  timestamp,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/pg-core';

export const routes = pgTable(
  'routes',
  {
    id: serial('id').primaryKey(),
    slug: varchar('slug', { length: 60 }).notNull(),
    title: text('title').notNull(),
    city: text('city'),
    tags: text('tags').array().notNull().default([]),
    properties: jsonb('properties').notNull().default({}),
    metres: integer('metres').notNull(),
    start: point('start'),
    surveyedOn: date('surveyed_on'),
    isPublic: boolean('is_public').notNull().default(false),
    deletedAt: timestamp('deleted_at', { withTimezone: true }),
  },
  (t) => [
    // Named after table and columns.
    index().on(t.city),
    uniqueIndex().on(t.slug, t.city).where(sql`${t.deletedAt} is null`),
    // Order.
    index('routes_longest').on(t.metres.desc(), t.id.desc()),
    index('routes_nulls').on(t.city.asc().nullsFirst(), t.metres.desc().nullsLast()),
    index('routes_nulls_first_descending').on(t.deletedAt.desc().nullsFirst()),
    // Expressions, alone and mixed with columns.
    uniqueIndex('routes_slug_ignoring_case').on(sql`lower(trim(${t.slug}))`),
    index('routes_kilometres').on(sql`(${t.metres} / 1000)`, t.city),
    index('routes_surface').on(sql`(${t.properties} ->> 'surface')`),
    // Part of the table.
    index('routes_live').on(t.city).where(sql`${t.deletedAt} is null and ${t.isPublic}`),
    uniqueIndex('routes_public_title')
      .on(t.title)
      .where(sql`${t.isPublic} and ${t.deletedAt} is null`),
    // Methods, operator classes, storage parameters.
    index('routes_tags').using('gin', t.tags.op('array_ops')),
    index('routes_properties').using('gin', t.properties.op('jsonb_path_ops')).with({ fastupdate: true }),
    index('routes_title_search').using('gin', sql`to_tsvector('english', ${t.title})`),
    index('routes_start').using('gist', t.start),
    index('routes_start_spgist').using('spgist', t.start),
    index('routes_title_prefix').on(t.title.op('text_pattern_ops')),
    index('routes_packed').on(t.metres).with({ fillfactor: 80 }),
  ],
);

export const tracking = pgSchema('tracking');

export const runs = tracking.table(
  'runs',
  {
    id: serial('id').primaryKey(),
    routeId: integer('route_id')
      .notNull()
      .references(() => routes.id),
    day: date('day').notNull(),
    from: inet('from'),
    at: timestamp('at').notNull(),
  },
  // The older way to write them, as an object.
  (t) => ({
    byDay: index('runs_by_day').using('brin', t.day, t.at).with({ pages_per_range: 16 }),
    byNetwork: index('runs_by_network').using('gist', t.from.op('inet_ops')),
    once: index('runs_once').on(t.routeId, t.day),
  }),
);
