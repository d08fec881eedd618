// The `sql` template and the pieces it is made of.

import { entityKind, is, POSITIONS, mark } from './entity.js';
import { renderParams } from './render.js';

export class StringChunk {
  static [entityKind] = 'StringChunk';

  constructor(value) {
    this.value = Array.isArray(value) ? value : [value];
  }

  getSQL() {
    return new SQL([this]);
  }
}

export const noopDecoder = { mapFromDriverValue: (value) => value };
export const noopEncoder = { mapToDriverValue: (value) => value };
export const noopMapper = { mapFromDriverValue: (value) => value, mapToDriverValue: (value) => value };

export class SQL {
  static [entityKind] = 'SQL';

  constructor(queryChunks) {
    this.queryChunks = queryChunks;
    if (POSITIONS) mark(this);
  }

  append(query) {
    this.queryChunks.push(...query.queryChunks);
    return this;
  }

  toQuery(config) {
    return renderParams(this, config);
  }

  getSQL() {
    return this;
  }

  as(alias) {
    return alias === undefined ? this : new Aliased(this, alias);
  }

  mapWith(decoder) {
    this.decoder = typeof decoder === 'function' ? { mapFromDriverValue: decoder } : decoder;
    return this;
  }

  inlineParams() {
    this.shouldInlineParams = true;
    return this;
  }

  if(condition) {
    return condition ? this : undefined;
  }
}
SQL.prototype.decoder = noopDecoder;
SQL.prototype.shouldInlineParams = false;
Object.defineProperty(SQL.prototype, 'usedTables', { get: () => [] });

class Aliased {
  static [entityKind] = 'SQL.Aliased';

  constructor(inner, fieldAlias) {
    this.sql = inner;
    this.fieldAlias = fieldAlias;
    this.isSelectionField = false;
  }

  getSQL() {
    return this.sql;
  }

  clone() {
    return new Aliased(this.sql, this.fieldAlias);
  }
}
SQL.Aliased = Aliased;

export class Name {
  static [entityKind] = 'Name';

  constructor(value) {
    this.value = value;
  }

  getSQL() {
    return new SQL([this]);
  }
}

export function name(value) {
  return new Name(value);
}

export class Param {
  static [entityKind] = 'Param';

  constructor(value, encoder = noopEncoder) {
    this.value = value;
    this.encoder = encoder;
  }

  getSQL() {
    return new SQL([this]);
  }
}

export function param(value, encoder) {
  return new Param(value, encoder);
}

export class Placeholder {
  static [entityKind] = 'Placeholder';

  constructor(placeholderName) {
    this.name = placeholderName;
  }

  getSQL() {
    return new SQL([this]);
  }
}

export function placeholder(placeholderName) {
  return new Placeholder(placeholderName);
}

/** A column that is written without its table, as in the select list of a query over one table. */
export class BareColumn {
  constructor(column) {
    this.column = column;
  }

  getSQL() {
    return new SQL([this]);
  }
}

export class FakePrimitiveParam {
  static [entityKind] = 'FakePrimitiveParam';
}

export function sql(strings, ...params) {
  const chunks = [];
  if (params.length > 0 || (strings.length > 0 && strings[0] !== '')) chunks.push(new StringChunk(strings[0]));
  for (let i = 0; i < params.length; i++) chunks.push(params[i], new StringChunk(strings[i + 1]));
  return new SQL(chunks);
}
sql.empty = () => new SQL([]);
sql.fromList = (list) => new SQL(list);
sql.raw = (text) => new SQL([new StringChunk(text)]);
sql.join = (chunks, separator) => {
  const list = [];
  let first = true;
  for (const chunk of chunks) {
    if (!first && separator !== undefined) list.push(separator);
    first = false;
    list.push(chunk);
  }
  return new SQL(list);
};
sql.identifier = name;
sql.placeholder = placeholder;
sql.param = param;

export function isSQLWrapper(value) {
  return value !== null && value !== undefined && typeof value.getSQL === 'function';
}

export function isDriverValueEncoder(value) {
  return typeof value === 'object' && value !== null && typeof value.mapToDriverValue === 'function';
}

export function fillPlaceholders(params, values) {
  const valueOf = (key) => {
    if (!(key in values)) throw new Error(`No value for placeholder "${key}" was provided`);
    return values[key];
  };
  return params.map((one) => {
    if (is(one, Placeholder)) return valueOf(one.name);
    if (is(one, Param) && is(one.value, Placeholder)) return one.encoder.mapToDriverValue(valueOf(one.value.name));
    return one;
  });
}
