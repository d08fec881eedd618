// The `casing` option: names of columns whose name is the key in the table.

import { entityKind } from './entity.js';

const APOSTROPHES = /['\u2019]/g;
const WORDS = /[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g;

function words(input) {
  return input.replace(APOSTROPHES, '').match(WORDS) ?? [];
}

export function toSnakeCase(input) {
  return words(input)
    .map((word) => word.toLowerCase())
    .join('_');
}

export function toCamelCase(input) {
  let text = '';
  for (const word of words(input)) {
    text += text === '' ? word.toLowerCase() : word[0].toUpperCase() + word.slice(1);
  }
  return text;
}

/** A function from key to column name, or undefined where the key stays as it is. */
export function converter(casing) {
  if (casing !== 'snake_case' && casing !== 'camelCase') return undefined;
  const convert = casing === 'snake_case' ? toSnakeCase : toCamelCase;
  const known = new Map();
  return (key) => {
    let name = known.get(key);
    if (name === undefined) {
      name = convert(key);
      known.set(key, name);
    }
    return name;
  };
}

export class CasingCache {
  static [entityKind] = 'CasingCache';

  constructor(casing) {
    this.convert = converter(casing) ?? ((key) => key);
  }

  getColumnCasing(column) {
    return column.keyAsName ? this.convert(column.name) : column.name;
  }

  clearCache() {}
}
