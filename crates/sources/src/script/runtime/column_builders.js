// The argument of `pgTable('name', (t) => ({ ... }))`.

import * as plain from './columns.js';
import * as special from './columns_special.js';

const { bigint, bigserial, boolean, char, cidr, date, doublePrecision, inet, integer, interval } = plain;
const { macaddr, macaddr8, numeric, real, serial, smallint, smallserial, text, time, timestamp, uuid, varchar } = plain;
const { customType, json, jsonb, line, point, geometry, bit, halfvec, sparsevec, vector } = special;

export const columnBuilders = {
  bigint, bigserial, boolean, char, cidr, customType, date, doublePrecision, inet, integer, interval, json, jsonb,
  line, macaddr, macaddr8, numeric, point, real, serial, smallint, smallserial, text, time, timestamp, uuid, varchar,
  geometry, bit, halfvec, sparsevec, vector,
};

/** Drizzle's name for the same. */
export const getPgColumnBuilders = () => columnBuilders;
