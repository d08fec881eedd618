// A weather service: every column type that Postgres has without an extension.
import {
  bigint,
  bigserial,
  bit,
  boolean,
  char,
  cidr,
  date,
  decimal,
  doublePrecision,
  inet,
  integer,
  interval,
  json,
  jsonb,
  line,
  macaddr,
  macaddr8,
  numeric,
  pgTable,
  point,
  real,
  serial,
  smallint,
  smallserial,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

export const stations = pgTable('stations', {
  id: serial('id').primaryKey(),
  publicId: uuid('public_id').notNull().defaultRandom(),
  code: char('code', { length: 4 }).notNull(),
  grade: char('grade', { enum: ['A', 'B', 'C'] }).notNull().default('C'),
  name: varchar('name', { length: 80 }).notNull(),
  operator: varchar('operator').default('met office'),
  kind: varchar('kind', { length: 16, enum: ['land', 'ship', 'buoy'] }).notNull().default('land'),
  notes: text('notes'),
  visibility: text('visibility', { enum: ['public', 'partners'] }).notNull().default('public'),
  isActive: boolean('is_active').notNull().default(true),
  position: point('position'),
  anchor: point('anchor', { mode: 'xy' }),
  coastline: line('coastline'),
  horizon: line('horizon', { mode: 'abc' }),
  sensors: bit('sensors', { dimensions: 8 }),
});

export const readings = pgTable('readings', {
  id: bigserial('id', { mode: 'bigint' }).primaryKey(),
  series: smallserial('series').notNull(),
  batch: bigserial('batch', { mode: 'number' }).notNull(),
  stationId: integer('station_id')
    .notNull()
    .references(() => stations.id),
  temperature: real('temperature'),
  pressure: doublePrecision('pressure').default(1013.25),
  humidity: smallint('humidity').default(0),
  windDirection: integer('wind_direction').notNull().default(-1),
  rainMicrolitres: bigint('rain_microlitres', { mode: 'number' }).notNull().default(0),
  radiation: bigint('radiation', { mode: 'bigint' }),
  confidence: numeric('confidence', { precision: 5, scale: 4 }).notNull().default('1.0000'),
  correction: decimal('correction', { precision: 8 }),
  raw: numeric('raw'),
  cloudCover: numeric('cloud_cover', { precision: 3, scale: 2, mode: 'number' }).default(0.5),
  counter: numeric('counter', { mode: 'bigint' }),
});

export const calibrations = pgTable('calibrations', {
  id: uuid().primaryKey(),
  day: date().notNull().defaultNow(),
  certifiedOn: date('certified_on', { mode: 'date' }).default(new Date('2025-01-31T00:00:00Z')),
  expiresOn: date('expires_on', { mode: 'string' }).default('2099-12-31'),
  startsAt: time('starts_at').notNull().default('08:00:00'),
  endsAt: time('ends_at', { precision: 3 }),
  localTime: time('local_time', { withTimezone: true, precision: 0 }).defaultNow(),
  createdAt: timestamp('created_at').notNull().defaultNow(),
  measuredAt: timestamp('measured_at', { withTimezone: true, precision: 6 }).notNull(),
  reportedAt: timestamp('reported_at', { mode: 'string', precision: 3 }),
  validFrom: timestamp('valid_from', { mode: 'date', withTimezone: true }).default(
    new Date('2025-06-01T12:30:00.000Z'),
  ),
  validUntil: timestamp('valid_until', { mode: 'string', withTimezone: true }).default(
    '2030-01-01 00:00:00+00',
  ),
  duration: interval('duration').notNull().default('15 minutes'),
  drift: interval('drift', { fields: 'day to second', precision: 2 }),
  season: interval('season', { fields: 'month' }),
});

export const uplinks = pgTable('uplinks', {
  stationId: integer('station_id')
    .primaryKey()
    .references(() => stations.id, { onDelete: 'cascade' }),
  address: inet('address').notNull().default('127.0.0.1'),
  network: cidr('network'),
  mac: macaddr('mac'),
  eui64: macaddr8('eui64'),
  lastPacket: json('last_packet'),
  settings: jsonb('settings').notNull().default({ intervalSeconds: 60, retry: true }),
});
