// `node:url` and the `URL` of the web, as far as config and schema files use
// them: taking addresses apart, and `new URL('./x', import.meta.url)`.

import { resolve } from './node_path.js';

const PARTS = /^([a-z][a-z\d+.-]*:)(\/\/)?([^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/i;
const PORTS = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21' };
const SPECIAL = new Set([...Object.keys(PORTS), 'file:']);

export class URLSearchParams {
  constructor(init = '') {
    this.pairs = [];
    if (typeof init === 'string') {
      for (const pair of init.replace(/^\?/, '').split('&')) {
        if (pair === '') continue;
        const at = pair.indexOf('=');
        this.pairs.push(at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]);
      }
    } else {
      const pairs = init instanceof URLSearchParams ? init.pairs : Symbol.iterator in Object(init) ? init : Object.entries(init);
      for (const [name, value] of pairs) this.pairs.push([String(name), String(value)]);
    }
  }

  get size() {
    return this.pairs.length;
  }

  get(name) {
    return this.pairs.find((pair) => pair[0] === name)?.[1] ?? null;
  }

  getAll(name) {
    return this.pairs.filter((pair) => pair[0] === name).map((pair) => pair[1]);
  }

  has(name) {
    return this.pairs.some((pair) => pair[0] === name);
  }

  set(name, value) {
    const first = this.pairs.find((pair) => pair[0] === name);
    if (first === undefined) return this.append(name, value);
    first[1] = String(value);
    this.pairs = this.pairs.filter((pair) => pair === first || pair[0] !== name);
    return this.changed?.();
  }

  append(name, value) {
    this.pairs.push([String(name), String(value)]);
    this.changed?.();
  }

  delete(name) {
    this.pairs = this.pairs.filter((pair) => pair[0] !== name);
    this.changed?.();
  }

  forEach(callback) {
    for (const [name, value] of this.pairs) callback(value, name, this);
  }

  *keys() {
    for (const pair of this.pairs) yield pair[0];
  }

  *values() {
    for (const pair of this.pairs) yield pair[1];
  }

  entries() {
    return this[Symbol.iterator]();
  }

  *[Symbol.iterator]() {
    for (const [name, value] of this.pairs) yield [name, value];
  }

  toString() {
    return this.pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  }
}

const decode = (text) => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};
const encode = (text) => encodeURIComponent(text).replaceAll('%20', '+');

export class URL {
  constructor(input, base) {
    let text = String(input).trim();
    if (!PARTS.test(text)) {
      if (base === undefined) throw new TypeError(`Invalid URL: ${text}`);
      text = against(text, new URL(base));
    }
    const [, protocol, slashes, authority = '', path = '', search = '', hash = ''] = PARTS.exec(text);
    this.protocol = protocol.toLowerCase();
    this.slashes = slashes === '//';
    const at = authority.lastIndexOf('@');
    const [, username = '', password = ''] = at < 0 ? [] : /^([^:]*):?(.*)$/s.exec(authority.slice(0, at));
    const [, hostname, port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority.slice(at + 1)) ?? [];
    if (hostname === undefined) throw new TypeError(`Invalid URL: ${text}`);
    this.username = username;
    this.password = password;
    this.hostname = SPECIAL.has(this.protocol) ? hostname.toLowerCase() : hostname;
    this.port = port === PORTS[this.protocol] ? '' : port;
    this.pathname = SPECIAL.has(this.protocol) ? resolve('/', path) + (/.\/$/.test(path) ? '/' : '') : path;
    this.search = search === '?' ? '' : search;
    this.hash = hash === '#' ? '' : hash;
  }

  get host() {
    return this.port === '' ? this.hostname : `${this.hostname}:${this.port}`;
  }

  set host(host) {
    [this.hostname, this.port = ''] = String(host).split(':');
  }

  get origin() {
    return SPECIAL.has(this.protocol) && this.protocol !== 'file:' ? `${this.protocol}//${this.host}` : 'null';
  }

  get searchParams() {
    const params = new URLSearchParams(this.search);
    params.changed = () => {
      const text = params.toString();
      this.search = text === '' ? '' : `?${text}`;
    };
    return params;
  }

  get href() {
    const user = this.username === '' ? '' : `${this.username}${this.password === '' ? '' : `:${this.password}`}@`;
    const start = this.slashes || SPECIAL.has(this.protocol) ? `${this.protocol}//` : this.protocol;
    return `${start}${user}${this.host}${this.pathname}${this.search}${this.hash}`;
  }

  toString() {
    return this.href;
  }

  toJSON() {
    return this.href;
  }

  static canParse(input, base) {
    return URL.parse(input, base) !== null;
  }

  static parse(input, base) {
    try {
      return new URL(input, base);
    } catch {
      return null;
    }
  }
}

function against(text, base) {
  const start = `${base.protocol}//${base.username ? `${base.username}:${base.password}@` : ''}${base.host}`;
  if (text.startsWith('//')) return base.protocol + text;
  if (text.startsWith('/')) return start + text;
  if (text.startsWith('#')) return start + base.pathname + base.search + text;
  if (text.startsWith('?')) return start + base.pathname + text;
  return `${start}${base.pathname.slice(0, base.pathname.lastIndexOf('/') + 1)}${text}`;
}

export function fileURLToPath(url) {
  const parsed = url instanceof URL ? url : new URL(url);
  if (parsed.protocol !== 'file:') throw new TypeError(`fileURLToPath() wants a file: address, not ${parsed.href}`);
  return decodeURIComponent(parsed.pathname);
}

export function pathToFileURL(path) {
  const full = resolve(path) + (/.\/$/.test(path) ? '/' : '');
  return new URL(`file://${encodeURI(full).replaceAll('?', '%3F').replaceAll('#', '%23')}`);
}

export const format = (url) => String(url);
export const parse = (text) => new URL(text);

export default { URL, URLSearchParams, fileURLToPath, pathToFileURL, format, parse };
