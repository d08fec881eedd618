import { customType } from 'drizzle-orm/pg-core';

export const bytea = customType<{ data: Uint8Array; notNull: false; default: false }>({
  dataType: () => 'bytea',
});

export const money = customType<{ data: string }>({ dataType: () => 'money' });

export const xml = customType<{ data: string }>({
  dataType() {
    return 'xml';
  },
});

export const int4range = customType<{ data: string; driverData: string }>({
  dataType: () => 'int4range',
});

export const tstzrange = customType<{ data: [Date, Date]; driverData: string }>({
  dataType: () => 'tstzrange',
  toDriver: ([from, to]) => `[${from.toISOString()},${to.toISOString()})`,
  fromDriver: (value) => value.slice(1, -1).split(',').map((end) => new Date(end)) as [Date, Date],
});

export const name = customType<{ data: string }>({ dataType: () => 'name' });

/** Takes a parameter, as numeric and varchar do. */
export const cents = customType<{ data: number; config: { digits: number }; driverData: string }>({
  dataType: (config) => `numeric(${config?.digits ?? 16}, 2)`,
  fromDriver: (value) => Math.round(Number(value) * 100),
  toDriver: (value) => (value / 100).toFixed(2),
});

export const shortText = customType<{ data: string; config: { length: number }; configRequired: true }>({
  dataType: ({ length }) => `varchar(${length})`,
});

/** A text that is trimmed on the way in: no type of its own in Postgres. */
export const trimmed = customType<{ data: string }>({
  dataType: () => 'text',
  toDriver: (value) => value.trim(),
});
