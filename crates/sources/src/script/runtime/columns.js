// Numbers, text, dates and the other plain column types.

import { entityKind } from './entity.js';
import { PgColumnBuilder, defineType, configOf, noteTaint } from './column.js';
import { sql } from './sql.js';

export class PgIntColumnBaseBuilder extends PgColumnBuilder {
  static [entityKind] = 'PgIntColumnBaseBuilder';

  generatedAlwaysAsIdentity(sequence) {
    return identity(this, 'always', sequence);
  }

  generatedByDefaultAsIdentity(sequence) {
    return identity(this, 'byDefault', sequence);
  }
}

function identity(builder, type, sequence) {
  if (sequence) {
    const { name, ...options } = sequence;
    builder.identity = { type, sequenceName: name, sequenceOptions: options };
  } else {
    builder.identity = { type };
  }
  builder.hasDefault = true;
  builder.isNotNull = true;
  return builder;
}

export class PgDateColumnBaseBuilder extends PgColumnBuilder {
  static [entityKind] = 'PgDateColumnBaseBuilder';

  defaultNow() {
    return this.default(sql`now()`);
  }
}

const toNumber = { mapFromDriverValue: (value) => (typeof value === 'number' ? value : Number(value)) };
const toBigint = { mapFromDriverValue: (value) => BigInt(value) };
const Int = PgIntColumnBaseBuilder;
const Dated = PgDateColumnBaseBuilder;

export const [PgInteger, PgIntegerBuilder] = defineType('PgInteger', 'number', 'integer', {
  mapFromDriverValue: (value) => (typeof value === 'string' ? Number.parseInt(value) : value),
}, Int);
export const [PgSmallInt, PgSmallIntBuilder] = defineType('PgSmallInt', 'number', 'smallint', {
  mapFromDriverValue: (value) => (typeof value === 'string' ? Number(value) : value),
}, Int);
export const [PgBigInt53, PgBigInt53Builder] = defineType('PgBigInt53', 'number', 'bigint', toNumber, Int);
export const [PgBigInt64, PgBigInt64Builder] = defineType('PgBigInt64', 'bigint', 'bigint', toBigint, Int);
export const [PgSerial, PgSerialBuilder] = defineType('PgSerial', 'number', 'serial');
export const [PgSmallSerial, PgSmallSerialBuilder] = defineType('PgSmallSerial', 'number', 'smallserial');
export const [PgBigSerial53, PgBigSerial53Builder] = defineType('PgBigSerial53', 'number', 'bigserial', toNumber);
export const [PgBigSerial64, PgBigSerial64Builder] = defineType('PgBigSerial64', 'bigint', 'bigserial', toBigint);
export const [PgReal, PgRealBuilder] = defineType('PgReal', 'number', 'real', {
  mapFromDriverValue: (value) => (typeof value === 'string' ? Number.parseFloat(value) : value),
});
export const [PgDoublePrecision, PgDoublePrecisionBuilder] = defineType('PgDoublePrecision', 'number', 'double precision', {
  mapFromDriverValue: (value) => (typeof value === 'string' ? Number.parseFloat(value) : value),
});
export const [PgBoolean, PgBooleanBuilder] = defineType('PgBoolean', 'boolean', 'boolean');
export const [PgInet, PgInetBuilder] = defineType('PgInet', 'string', 'inet');
export const [PgCidr, PgCidrBuilder] = defineType('PgCidr', 'string', 'cidr');
export const [PgMacaddr, PgMacaddrBuilder] = defineType('PgMacaddr', 'string', 'macaddr');
export const [PgMacaddr8, PgMacaddr8Builder] = defineType('PgMacaddr8', 'string', 'macaddr8');

for (const Builder of [PgSerialBuilder, PgSmallSerialBuilder, PgBigSerial53Builder]) {
  Object.assign(Builder.prototype, { hasDefault: true, isNotNull: true });
}
PgBigSerial64Builder.prototype.hasDefault = true; // and not NOT NULL: Drizzle's own slip, kept

export const integer = (name) => new PgIntegerBuilder(name);
export const smallint = (name) => new PgSmallIntBuilder(name);
export const serial = (name) => new PgSerialBuilder(name);
export const smallserial = (name) => new PgSmallSerialBuilder(name);
export const real = (name) => new PgRealBuilder(name);
export const doublePrecision = (name) => new PgDoublePrecisionBuilder(name);
export const boolean = (name) => new PgBooleanBuilder(name);
export const inet = (name) => new PgInetBuilder(name);
export const cidr = (name) => new PgCidrBuilder(name);
export const macaddr = (name) => new PgMacaddrBuilder(name);
export const macaddr8 = (name) => new PgMacaddr8Builder(name);

export function bigint(a, b) {
  return byMode('bigint', a, b, PgBigInt53Builder, PgBigInt64Builder);
}

export function bigserial(a, b) {
  return byMode('bigserial', a, b, PgBigSerial53Builder, PgBigSerial64Builder);
}

function byMode(what, a, b, NumberBuilder, BigintBuilder) {
  const { mode } = configOf(a, b);
  if (mode === undefined) {
    throw new Error(`${what}() needs a mode: ${what}('name', { mode: 'number' }) or { mode: 'bigint' }`);
  }
  return mode === 'number' ? new NumberBuilder(a) : new BigintBuilder(a);
}

const numericMembers = {
  getSQLType() {
    const { precision, scale } = this.builder;
    if (precision === undefined) return 'numeric';
    return scale === undefined ? `numeric(${precision})` : `numeric(${precision}, ${scale})`;
  },
  get precision() {
    return this.builder.precision;
  },
  get scale() {
    return this.builder.scale;
  },
};
const withNumeric = (members) => Object.defineProperties(members, Object.getOwnPropertyDescriptors(numericMembers));

export const [PgNumeric, PgNumericBuilder] = defineType('PgNumeric', 'string', 'numeric', withNumeric({
  mapFromDriverValue: (value) => String(value),
}));
export const [PgNumericNumber, PgNumericNumberBuilder] = defineType('PgNumericNumber', 'number', 'numeric', withNumeric({
  mapFromDriverValue: (value) => Number(value),
  mapToDriverValue: (value) => String(value),
}));
export const [PgNumericBigInt, PgNumericBigIntBuilder] = defineType('PgNumericBigInt', 'bigint', 'numeric', withNumeric({
  mapFromDriverValue: (value) => BigInt(value),
  mapToDriverValue: (value) => String(value),
}));

export function numeric(a, b) {
  const config = configOf(a, b);
  const mode = config.mode;
  const Builder = mode === 'number' ? PgNumericNumberBuilder : mode === 'bigint' ? PgNumericBigIntBuilder : PgNumericBuilder;
  const builder = new Builder(a);
  builder.precision = config.precision;
  builder.scale = config.scale;
  return typeof config === 'function' ? noteTaint(builder, config) : builder;
}
export const decimal = numeric;

const sized = (word) => ({
  getSQLType() {
    const length = this.builder.length;
    return length === undefined ? word : `${word}(${length})`;
  },
  get length() {
    return this.builder.length;
  },
});

export const [PgText, PgTextBuilder] = defineType('PgText', 'string', 'text');
export const [PgVarchar, PgVarcharBuilder] = defineType('PgVarchar', 'string', 'varchar', sized('varchar'));
export const [PgChar, PgCharBuilder] = defineType('PgChar', 'string', 'char', sized('char'));

export function text(a, b) {
  const builder = new PgTextBuilder(a);
  const config = configOf(a, b);
  if (config.enum !== undefined) builder.enumValues = config.enum;
  return builder;
}

function sizedText(Builder, a, b) {
  const builder = new Builder(a);
  const config = configOf(a, b);
  if (config.length !== undefined) builder.length = config.length;
  if (config.enum !== undefined) builder.enumValues = config.enum;
  return builder;
}
export const varchar = (a, b) => sizedText(PgVarcharBuilder, a, b);
export const char = (a, b) => sizedText(PgCharBuilder, a, b);

const iso = (value) => (typeof value === 'string' ? value : value.toISOString());

export const [PgDate, PgDateBuilder] = defineType('PgDate', 'date', 'date', {
  mapFromDriverValue: (value) => (typeof value === 'string' ? new Date(value) : value),
  mapToDriverValue: iso,
}, Dated);
export const [PgDateString, PgDateStringBuilder] = defineType('PgDateString', 'string', 'date', {
  mapFromDriverValue: (value) => (typeof value === 'string' ? value : value.toISOString().slice(0, -14)),
}, Dated);

export function date(a, b) {
  const config = configOf(a, b);
  return config.mode === 'date' ? new PgDateBuilder(a) : new PgDateStringBuilder(a);
}

/** `word(precision) with time zone`; mode "date" of timestamp has a blank before the precision. */
const timed = (word, blank, members = {}) => Object.defineProperties(members, Object.getOwnPropertyDescriptors({
  getSQLType() {
    const { precision, withTimezone } = this.builder;
    return `${word}${precision === undefined ? '' : `${blank}(${precision})`}${withTimezone ? ' with time zone' : ''}`;
  },
  get withTimezone() {
    return this.builder.withTimezone;
  },
  get precision() {
    return this.builder.precision;
  },
}));

export const [PgTime, PgTimeBuilder] = defineType('PgTime', 'string', 'time', timed('time', ''), Dated);
export const [PgTimestamp, PgTimestampBuilder] = defineType('PgTimestamp', 'date', 'timestamp', timed('timestamp', ' ', {
  mapFromDriverValue(value) {
    return typeof value === 'string' ? new Date(this.withTimezone ? value : `${value}+0000`) : value;
  },
  mapToDriverValue: iso,
}), Dated);
export const [PgTimestampString, PgTimestampStringBuilder] = defineType('PgTimestampString', 'string', 'timestamp', timed('timestamp', ''), Dated);

function timedColumn(Builder, a, config) {
  const builder = new Builder(a);
  builder.withTimezone = config.withTimezone ?? false;
  if (config.precision !== undefined) builder.precision = config.precision;
  return typeof config === 'function' || typeof builder.withTimezone === 'function'
    ? noteTaint(builder, config, builder.withTimezone)
    : builder;
}
export const time = (a, b) => timedColumn(PgTimeBuilder, a, configOf(a, b));

export function timestamp(a, b) {
  const config = configOf(a, b);
  return timedColumn(config.mode === 'string' ? PgTimestampStringBuilder : PgTimestampBuilder, a, config);
}

export const [PgInterval, PgIntervalBuilder] = defineType('PgInterval', 'string', 'interval', {
  getSQLType() {
    const { fields, precision } = this.builder;
    return `interval${fields ? ` ${fields}` : ''}${precision ? `(${precision})` : ''}`;
  },
  get fields() {
    return this.builder.fields;
  },
  get precision() {
    return this.builder.precision;
  },
});

export function interval(a, b) {
  const builder = new PgIntervalBuilder(a);
  const config = configOf(a, b);
  builder.fields = config.fields;
  builder.precision = config.precision;
  return builder;
}

export const [PgUUID, PgUUIDBuilder] = defineType('PgUUID', 'string', 'uuid');
PgUUIDBuilder.prototype.defaultRandom = function () {
  return this.default(sql`gen_random_uuid()`);
};
export const uuid = (name) => new PgUUIDBuilder(name);
