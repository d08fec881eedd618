// Names that must be quoted, and names that look like something else.
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  pgEnum,
  pgSchema,
  pgTable,
  pgView,
  primaryKey,
  serial,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core';

export const order = pgEnum('order', ['select', 'from', 'WHERE', "it's", 'two words', 'ünïcode', 'DESC', '']);

export const user = pgTable(
  'user',
  {
    table: serial('table').primaryKey(),
    default: text('default').notNull().default('default'),
    check: boolean('check').notNull().default(true),
    select: order('select').default('two words'),
    quote: text('quote').notNull().default("it isn't a \\ backslash"),
    percent: text('per cent %').default('100 %'),
    Upper: text('Upper'),
    upper: text('upper'),
    question: text('what?').default('?'),
    colon: text('a:b').default('now()'),
    'end of line': text('end of line').notNull().default(''),
  },
  (t) => [
    index('Index On User').on(t.upper, t.Upper),
    unique('unique').on(t.default, t.percent),
    check('check', sql`${t.Upper} <> ${t.upper} and ${t.percent} like '%' || '$$' || '%'`),
  ],
);

export const group = pgTable(
  'Group Members',
  {
    user: integer('user')
      .notNull()
      .references(() => user.table, { onDelete: 'cascade' }),
    when: timestamp('when').notNull().defaultNow(),
    größe: integer('größe'),
  },
  (t) => [primaryKey({ columns: [t.user, t.when] }), index().on(t.größe)],
);

export const grant = pgSchema('grant');

export const level = grant.enum('Level', ['low', 'high']);

export const all = grant.table('all', {
  end: integer('end')
    .primaryKey()
    .references(() => user.table, { onUpdate: 'cascade' }),
  Level: level('Level').notNull().default('low'),
});

export const window = pgView('window').as((qb) =>
  qb.select({ end: all.end, Level: all.Level }).from(all).where(sql`${all.Level} = 'high'`),
);

/** Sixty-three bytes, the longest name that Postgres keeps. */
export const limit = grant.table('limit', {
  offset: serial('offset').primaryKey(),
  by: integer('by').references(() => all.end, { onDelete: 'set null' }),
});

export const longest = pgTable('a_table_with_quite_a_long_name_that_just_about_fits_in_postgres', {
  id: serial('id').primaryKey(),
});
