// A config file's value as JSON. What JSON cannot say becomes `{"$": kind, ...}`.
import { taintOf } from './stub.js';

export function describe(value) {
  return JSON.stringify(plain(value, [], new Set()));
}

function plain(value, path, seen) {
  const taint = taintOf(value);
  if (taint !== null && taint !== undefined) return { $: 'taint', origin: taint };
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : { $: 'other', what: String(value) };
    case 'undefined':
      return { $: 'undefined' };
    case 'object':
      break;
    default:
      return { $: 'other', what: `a ${typeof value}` };
  }
  if (value === null) return null;
  if (seen.has(value)) return { $: 'other', what: 'a cycle' };
  seen.add(value);
  let result;
  if (Array.isArray(value)) {
    result = Array.from(value, (item, index) => plain(item, [...path, index], seen));
  } else if (typeof value.then === 'function') {
    result = { $: 'other', what: 'a promise' };
  } else if (value instanceof RegExp || value instanceof Date || value instanceof Map || value instanceof Set) {
    result = { $: 'other', what: `a ${value.constructor.name}` };
  } else if (ArrayBuffer.isView(value)) {
    result = { $: 'other', what: 'binary data' };
  } else {
    result = { $: 'object', entries: Object.keys(value).map((key) => [key, plain(value[key], [...path, key], seen)]) };
  }
  seen.delete(value);
  return result;
}
