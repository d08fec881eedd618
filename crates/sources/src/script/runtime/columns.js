// Numbers, text, dates and the other plain column types.

import { entityKind } from './entity.js';
import {
  PgColumnBuilder, defineType, configOf, noteTaint, NOT_NULL, HAS_DEFAULT, IDENTITY,
} from './column.js';
import { sql } from './sql.js';
import './column_array.js';

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
  builder.flags |= IDENTITY | HAS_DEFAULT | NOT_NULL;
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
  Builder.prototype.flags = HAS_DEFAULT | NOT_NULL;
}
PgBigSerial64Builder.prototype.flags = HAS_DEFAULT; // and not NOT NULL: Drizzle's own slip, kept

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

/** Getters that answer what the column was configured with. */
const settings = (names, members = {}) => {
  for (const name of names) {
    Object.defineProperty(members, name, {
      get() {
        return this.builder[name];
      },
      enumerable: true,
      configurable: true,
    });
  }
  return members;
};

const withNumeric = (members) => settings(['precision', 'scale'], members);

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
  const { precision, scale } = config;
  if (precision !== undefined) {
    builder.precision = precision;
    builder.scale = scale;
    builder.sqlType = scale === undefined ? `numeric(${precision})` : `numeric(${precision}, ${scale})`;
  }
  return typeof config === 'function' ? noteTaint(builder, config) : builder;
}
export const decimal = numeric;

export const [PgText, PgTextBuilder] = defineType('PgText', 'string', 'text');
export const [PgVarchar, PgVarcharBuilder] = defineType('PgVarchar', 'string', 'varchar', settings(['length']));
export const [PgChar, PgCharBuilder] = defineType('PgChar', 'string', 'char', settings(['length']));

export function text(a, b) {
  if (b === undefined && typeof a !== 'object') return new PgTextBuilder(a);
  const builder = new PgTextBuilder(a);
  const config = configOf(a, b);
  if (config.enum !== undefined) builder.enumValues = config.enum;
  return builder;
}

function sizedText(Builder, a, b) {
  const builder = new Builder(a);
  const config = configOf(a, b);
  if (config.length !== undefined) {
    builder.length = config.length;
    builder.sqlType = `${builder.sqlType}(${config.length})`;
  }
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

const timed = (members) => settings(['precision', 'withTimezone'], members);

export const [PgTime, PgTimeBuilder] = defineType('PgTime', 'string', 'time', timed(), Dated);
export const [PgTimestamp, PgTimestampBuilder] = defineType('PgTimestamp', 'date', 'timestamp', timed({
  mapFromDriverValue(value) {
    return typeof value === 'string' ? new Date(this.withTimezone ? value : `${value}+0000`) : value;
  },
  mapToDriverValue: iso,
}), Dated);
export const [PgTimestampString, PgTimestampStringBuilder] = defineType('PgTimestampString', 'string', 'timestamp', timed(), Dated);

/** `word(precision) with time zone`; mode "date" of timestamp has a blank before the precision. */
function timedColumn(Builder, a, config, word, blank) {
  const builder = new Builder(a);
  const { withTimezone, precision } = config;
  builder.withTimezone = withTimezone ?? false;
  if (precision !== undefined) {
    builder.precision = precision;
    builder.sqlType = `${word}${blank}(${precision})${withTimezone ? ' with time zone' : ''}`;
  } else if (withTimezone) {
    builder.sqlType = word === 'time' ? 'time with time zone' : 'timestamp with time zone';
  }
  return typeof config === 'function' || typeof withTimezone === 'function'
    ? noteTaint(builder, config, withTimezone)
    : builder;
}
export const time = (a, b) => timedColumn(PgTimeBuilder, a, configOf(a, b), 'time', '');

export function timestamp(a, b) {
  const config = configOf(a, b);
  return config.mode === 'string'
    ? timedColumn(PgTimestampStringBuilder, a, config, 'timestamp', '')
    : timedColumn(PgTimestampBuilder, a, config, 'timestamp', ' ');
}

export const [PgInterval, PgIntervalBuilder] = defineType('PgInterval', 'string', 'interval', settings(['fields', 'precision']));

export function interval(a, b) {
  const builder = new PgIntervalBuilder(a);
  const { fields, precision } = configOf(a, b);
  builder.fields = fields;
  builder.precision = precision;
  if (fields || precision) {
    builder.sqlType = `interval${fields ? ` ${fields}` : ''}${precision ? `(${precision})` : ''}`;
  }
  return builder;
}

export const [PgUUID, PgUUIDBuilder] = defineType('PgUUID', 'string', 'uuid');
PgUUIDBuilder.prototype.defaultRandom = function () {
  return this.default(sql`gen_random_uuid()`);
};
export const uuid = (name) => new PgUUIDBuilder(name);
