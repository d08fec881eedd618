// A print shop that numbers everything: identity columns, sequences and generated columns.
import { sql, type SQL } from 'drizzle-orm';
import {
  bigint,
  customType,
  integer,
  jsonb,
  numeric,
  pgSchema,
  pgSequence,
  pgTable,
  smallint,
  text,
} from 'drizzle-orm/pg-core';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

export const jobNumbers = pgSequence('job_numbers', { increment: 2, cache: 20 });

export const proofNumbers = pgSequence('proof_numbers', {
  startWith: 100,
  increment: 10,
  minValue: 100,
  maxValue: 99990,
  cache: 5,
  cycle: true,
});

export const countdown = pgSequence('countdown', {
  increment: -1,
  minValue: 1,
  maxValue: 1000,
  startWith: 500,
});

export const press = pgSchema('press');

export const plateNumbers = press.sequence('plate_numbers');

export const runNumbers = press.sequence('run_numbers', { startWith: '1000000' });

export const jobs = pgTable('jobs', {
  id: integer('id').primaryKey().generatedByDefaultAsIdentity(),
  number: bigint('number', { mode: 'number' })
    .notNull()
    .unique()
    .default(sql`nextval('job_numbers')`),
  title: text('title').notNull(),
  customer: text('customer').notNull().default('unknown'),
  details: jsonb('details').notNull().default({ copies: 1 }),
  copies: integer('copies').generatedAlwaysAs(sql`(details ->> 'copies')::integer`),
  search: tsvector('search').generatedAlwaysAs(
    (): SQL => sql`to_tsvector('simple', ${jobs.title} || ' ' || ${jobs.customer})`,
  ),
  slug: text('slug').notNull(),
});

export const proofs = pgTable('proofs', {
  id: smallint('id').primaryKey().generatedByDefaultAsIdentity({
    name: 'proof_ids',
    startWith: 10,
    increment: 1,
    minValue: 10,
    maxValue: 30000,
    cache: 3,
    cycle: true,
  }),
  number: bigint('number', { mode: 'number' }).default(sql`nextval('proof_numbers'::regclass)`),
  jobId: integer('job_id')
    .notNull()
    .references(() => jobs.id),
  revision: integer('revision').notNull().generatedAlwaysAsIdentity({ startWith: 2 }),
});

export const runs = press.table('runs', {
  id: bigint('id', { mode: 'bigint' }).generatedAlwaysAsIdentity({ startWith: 5000 }),
  sheets: integer('sheets').notNull(),
  plate: bigint('plate', { mode: 'number' }).default(sql`nextval('press.plate_numbers')`),
  pricePerSheet: numeric('price_per_sheet', { precision: 8, scale: 4 }).notNull(),
  total: numeric('total', { precision: 12, scale: 2 }).generatedAlwaysAs(
    sql`round(sheets * price_per_sheet * 1.19, 2)`,
  ),
});
