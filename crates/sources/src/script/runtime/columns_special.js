// JSON, enums, custom types, geometry and vectors.

import { isPgEnumSym, built, POSITIONS, mark, inherit, describe } from './entity.js';
import { PgColumn, defineType, configOf, fillColumn, SPECIAL_TYPE } from './column.js';
import { taintOf, taintText } from './stub.js';

const jsonMembers = {
  mapToDriverValue: (value) => JSON.stringify(value),
  mapFromDriverValue(value) {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  },
};
export const [PgJson, PgJsonBuilder] = defineType('PgJson', 'json', 'json', jsonMembers);
export const [PgJsonb, PgJsonbBuilder] = defineType('PgJsonb', 'json', 'jsonb', jsonMembers);
export const json = (name) => new PgJsonBuilder(name);
export const jsonb = (name) => new PgJsonbBuilder(name);

// Enums.

const enumMembers = {
  getSQLType() {
    return this.builder.enum.enumName;
  },
  get enum() {
    return this.builder.enum;
  },
};
export const [PgEnumColumn, PgEnumColumnBuilder] = defineType('PgEnumColumn', 'string', undefined, enumMembers);
export const [PgEnumObjectColumn, PgEnumObjectColumnBuilder] = defineType('PgEnumObjectColumn', 'string', undefined, enumMembers);

export function isPgEnum(value) {
  return typeof value === 'function' && value[isPgEnumSym] === true;
}

function makeEnum(Builder, enumName, values, schema) {
  const instance = (name) => {
    const builder = new Builder(name);
    builder.flags |= SPECIAL_TYPE;
    builder.enum = instance;
    builder.enumValues = values;
    return builder;
  };
  instance.enumName = taintOf(enumName) === null ? enumName : String(enumName);
  instance.enumValues = values;
  instance.schema = schema;
  instance[isPgEnumSym] = true;
  if (POSITIONS) mark(instance);
  built.enums.push(instance);
  return instance;
}

export function pgEnumWithSchema(enumName, values, schema) {
  return makeEnum(PgEnumColumnBuilder, enumName, values, schema);
}

export function pgEnumObjectWithSchema(enumName, values, schema) {
  return makeEnum(PgEnumObjectColumnBuilder, enumName, Object.values(values), schema);
}

/** `pgEnum(name, [...])` or `pgEnum(name, EnumObject)`, in `schema` or in public. */
export function enumIn(enumName, input, schema) {
  const path = taintOf(input);
  if (path !== null) return pgEnumWithSchema(enumName, [taintText(path)], schema);
  if (Array.isArray(input)) return pgEnumWithSchema(enumName, [...input], schema);
  if (typeof input !== 'object' || input === null) {
    throw new Error(`pgEnum(${describe(enumName)}) needs a list of values or an enum, not ${describe(input)}`);
  }
  return pgEnumObjectWithSchema(enumName, input, schema);
}

export const pgEnum = (enumName, input) => enumIn(enumName, input, undefined);

// Custom types.

export const [, PgCustomColumnBuilder] = defineType('PgCustomColumn', 'custom', undefined);
export const PgCustomColumn = inherit(
  function PgCustomColumn(table, builder) {
    fillColumn(this, table, builder);
    const { fieldConfig, params } = builder;
    this.sqlName = params.dataType(fieldConfig);
    if (params.toDriver !== undefined) this.mapTo = params.toDriver;
    if (params.fromDriver !== undefined) this.mapFrom = params.fromDriver;
  },
  PgColumn,
  'PgCustomColumn',
  {
    getSQLType() {
      return this.sqlName;
    },
    mapFromDriverValue(value) {
      return typeof this.mapFrom === 'function' ? this.mapFrom(value) : value;
    },
    mapToDriverValue(value) {
      return typeof this.mapTo === 'function' ? this.mapTo(value) : value;
    },
  },
);
PgCustomColumnBuilder.prototype.Column = PgCustomColumn;

export function customType(params) {
  if (typeof params?.dataType !== 'function') {
    throw new Error('customType() needs a dataType function that answers the name of the type');
  }
  return (a, b) => {
    const builder = new PgCustomColumnBuilder(a);
    builder.flags |= SPECIAL_TYPE;
    builder.fieldConfig = typeof a === 'object' && a !== null ? a : b;
    builder.params = params;
    return builder;
  };
}

// Points, lines, geometry.

const coordinates = (value) => value.slice(1, -1).split(',').map((one) => Number.parseFloat(one));
const both = (value, toText, tuple) => (typeof value === 'string' ? value : toText(tuple ? value : [value.x, value.y]));
const pointText = ([x, y]) => `(${x},${y})`;
const geometryText = ([x, y]) => `point(${x} ${y})`;
const lineText = ([a, b, c]) => `{${a},${b},${c}}`;

export const [PgPointTuple, PgPointTupleBuilder] = defineType('PgPointTuple', 'array', 'point', {
  mapFromDriverValue: (value) => (typeof value === 'string' ? coordinates(value) : [value.x, value.y]),
  mapToDriverValue: (value) => both(value, pointText, true),
});
export const [PgPointObject, PgPointObjectBuilder] = defineType('PgPointObject', 'json', 'point', {
  mapFromDriverValue(value) {
    if (typeof value !== 'string') return value;
    const [x, y] = coordinates(value);
    return { x, y };
  },
  mapToDriverValue: (value) => both(value, pointText, false),
});
export const [PgLineTuple, PgLineBuilder] = defineType('PgLine', 'array', 'line', {
  mapFromDriverValue: coordinates,
  mapToDriverValue: (value) => both(value, lineText, true),
});
export const [PgLineABC, PgLineABCBuilder] = defineType('PgLineABC', 'json', 'line', {
  mapFromDriverValue(value) {
    const [a, b, c] = coordinates(value);
    return { a, b, c };
  },
  mapToDriverValue: (value) => (typeof value === 'string' ? value : lineText([value.a, value.b, value.c])),
});
export const [PgGeometry, PgGeometryBuilder] = defineType('PgGeometry', 'array', 'geometry(point)', {
  mapToDriverValue: (value) => both(value, geometryText, true),
});
export const [PgGeometryObject, PgGeometryObjectBuilder] = defineType('PgGeometryObject', 'json', 'geometry(point)', {
  mapToDriverValue: (value) => both(value, geometryText, false),
});

function tupleOr(Tuple, Other, a, b) {
  const config = configOf(a, b);
  return !config.mode || config.mode === 'tuple' ? new Tuple(a) : new Other(a);
}
export const point = (a, b) => tupleOr(PgPointTupleBuilder, PgPointObjectBuilder, a, b);
export const line = (a, b) => tupleOr(PgLineBuilder, PgLineABCBuilder, a, b);
export const geometry = (a, b) => tupleOr(PgGeometryBuilder, PgGeometryObjectBuilder, a, b);

// pgvector.

const dimensioned = (members = {}) => Object.defineProperty(members, 'dimensions', {
  get() {
    return this.builder.dimensions;
  },
  enumerable: true,
  configurable: true,
});
const listMembers = () => ({
  mapToDriverValue: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  mapFromDriverValue: coordinates,
});
export const [PgVector, PgVectorBuilder] = defineType('PgVector', 'array', 'vector', dimensioned(listMembers()));
export const [PgHalfVector, PgHalfVectorBuilder] = defineType('PgHalfVector', 'array', 'halfvec', dimensioned(listMembers()));
export const [PgSparseVector, PgSparseVectorBuilder] = defineType('PgSparseVector', 'string', 'sparsevec', dimensioned());
export const [PgBinaryVector, PgBinaryVectorBuilder] = defineType('PgBinaryVector', 'string', 'bit', dimensioned());

function dimensionedColumn(what, Builder, a, b) {
  const { dimensions } = configOf(a, b);
  if (dimensions === undefined) throw new Error(`${what}() needs its size: ${what}('name', { dimensions: 3 })`);
  const builder = new Builder(a);
  builder.dimensions = dimensions;
  builder.sqlType = `${builder.sqlType}(${dimensions})`;
  return builder;
}
export const vector = (a, b) => dimensionedColumn('vector', PgVectorBuilder, a, b);
export const halfvec = (a, b) => dimensionedColumn('halfvec', PgHalfVectorBuilder, a, b);
export const sparsevec = (a, b) => dimensionedColumn('sparsevec', PgSparseVectorBuilder, a, b);
export const bit = (a, b) => dimensionedColumn('bit', PgBinaryVectorBuilder, a, b);
