import { bigint, customType, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Drizzle has no bytea of its own yet. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({
  dataType: () => 'bytea',
});

/** Full text search; only ever written by Postgres itself. */
export const tsvector = customType<{ data: string }>({
  dataType: () => 'tsvector',
});

export const id = () => uuid('id').primaryKey().defaultRandom();

/** Money is whole cents. Floats and money do not mix. */
export const cents = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/** A moment, always with its time zone. */
export const moment = (name: string) => timestamp(name, { withTimezone: true });

export const createdAt = {
  createdAt: moment('created_at').notNull().defaultNow(),
};

export const timestamps = {
  ...createdAt,
  updatedAt: moment('updated_at')
    .notNull()
    .defaultNow()
    .$onUpdate(() => new Date()),
};

/** Rows that are hidden first and deleted for good later, by a nightly job. */
export const softDelete = {
  deletedAt: moment('deleted_at'),
};
