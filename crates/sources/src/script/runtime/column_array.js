// Array columns: `text().array()`.

import { entityKind, describe } from './entity.js';
import { PgColumn, PgColumnBuilder, SPECIAL_TYPE, noteTaint } from './column.js';
import { taintText } from './stub.js';
import { makePgArray, parsePgArray } from './array.js';

export class PgArrayBuilder extends PgColumnBuilder {
  static [entityKind] = 'PgArrayBuilder';

  constructor(name, base, size) {
    super(name);
    this.base = base;
    this.size = size;
    noteTaint(this, size, base.taint === undefined ? undefined : taintText(base.taint));
  }
}

export class PgArray extends PgColumn {
  static [entityKind] = 'PgArray';

  get size() {
    return this.builder.size;
  }

  // Built late: only the type, the encoder and an enum are asked of it.
  get baseColumn() {
    const column = this.builder.base.build(this.table);
    Object.defineProperty(this, 'baseColumn', { value: column, configurable: true });
    return column;
  }

  getSQLType() {
    const size = this.builder.size;
    return `${this.baseColumn.getSQLType()}[${typeof size === 'number' ? size : ''}]`;
  }

  mapFromDriverValue(value) {
    if (typeof value === 'string') value = parsePgArray(value);
    return value.map((one) => this.baseColumn.mapFromDriverValue(one));
  }

  mapToDriverValue(value, isNested = false) {
    if (!Array.isArray(value)) throw new Error(`column "${this.name}" is an array and cannot be compared with ${describe(value)}`);
    const base = this.baseColumn;
    const list = value.map((one) => {
      if (one === null) return null;
      return base instanceof PgArray ? base.mapToDriverValue(one, true) : base.mapToDriverValue(one);
    });
    return isNested ? list : makePgArray(list);
  }
}
Object.assign(PgArrayBuilder.prototype, {
  Column: PgArray,
  columnType: 'PgArray',
  dataType: 'array',
  flags: SPECIAL_TYPE,
});

// Here, because a builder and its array need each other.
PgColumnBuilder.prototype.array = function (size) {
  return new PgArrayBuilder(this.name, this, size);
};
