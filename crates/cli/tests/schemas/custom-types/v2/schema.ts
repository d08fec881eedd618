// An auction house: types that Drizzle has no builder for.
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, pgTable, primaryKey, serial } from 'drizzle-orm/pg-core';
import { bytea, cents, int4range, name, shortText, trimmed, tstzrange, xml } from './types';

export const lots = pgTable(
  'lots',
  {
    id: serial('id').primaryKey(),
    title: trimmed('title').notNull(),
    code: shortText('code', { length: 16 }).notNull().unique(),
    owner: name().notNull().default(sql`current_user`),
    picture: bytea('picture'),
    estimate: int4range('estimate').notNull().default('[0,1000)'),
    open: tstzrange('open'),
    startPrice: cents('start_price').notNull().default(sql`0`),
    reserve: cents('reserve', { digits: 14 }),
    certificate: xml('certificate'),
    thumbnails: bytea('thumbnails').array(),
    periods: tstzrange('periods').array().notNull().default(sql`'{}'`),
  },
  (t) => [
    index('lots_open').using('gist', t.open, t.estimate),
    check('lots_estimate_from_zero', sql`lower(${t.estimate}) >= 0`),
  ],
);

export const visits = pgTable('visits', {
  id: serial('id').primaryKey(),
  during: tstzrange('during').notNull(),
  photo: bytea('photo'),
});

export const bids = pgTable(
  'bids',
  {
    lotCode: shortText('lot_code', { length: 16 }).notNull(),
    bidder: integer('bidder').notNull(),
    amount: cents('amount').notNull(),
    signature: bytea('signature'),
    note: trimmed('note').notNull().default(''),
  },
  (t) => [
    primaryKey({ columns: [t.lotCode, t.bidder] }),
    foreignKey({ columns: [t.lotCode], foreignColumns: [lots.code], name: 'bids_lot' }).onUpdate('cascade'),
  ],
);
