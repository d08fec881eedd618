// What code may expect of its surroundings and cannot have here: no files, no network, no
// process. Whatever is missing is a stand-in, so that only its use in DDL is an error.
import { stub } from './stub.js';
import * as url from './node_url.js';

const host = globalThis.__driftless;
const define = (name, value) =>
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
const lazily = (name) =>
  Object.defineProperty(globalThis, name, {
    get: () => stub(name),
    set: (value) => define(name, value),
    configurable: true,
  });

// --- process -----------------------------------------------------------------------------

const plain = Object.assign(Object.create(null), host.env);
const own = (key) => Object.prototype.hasOwnProperty.call(plain, key);
// A variable that is not set is a stand-in with its name: a guard like
// `if (!process.env.URL) throw` passes, and only DDL made from it is an error.
const env = new Proxy(plain, {
  get: (target, key) => {
    host.fickle = true;
    return typeof key !== 'string' || own(key) ? target[key] : stub(`process.env.${key}`);
  },
  has: (target, key) => {
    host.fickle = true;
    return key in target;
  },
  ownKeys: (target) => {
    host.fickle = true;
    return Reflect.ownKeys(target);
  },
  getOwnPropertyDescriptor: (target, key) => {
    host.fickle = true;
    return Reflect.getOwnPropertyDescriptor(target, key);
  },
});

const refused = (what) => () => {
  throw new Error(`${what} is not available while the schema is read`);
};
const nothing = () => undefined;

define('process', {
  env,
  __driftless_env: plain,
  argv: ['node', 'driftless'],
  argv0: 'node',
  execArgv: [],
  platform: 'linux',
  arch: 'x64',
  pid: 0,
  version: 'v22.0.0',
  versions: { node: '22.0.0' },
  release: { name: 'node' },
  cwd: () => host.root,
  exit: refused('process.exit()'),
  abort: refused('process.abort()'),
  kill: refused('process.kill()'),
  chdir: refused('process.chdir()'),
  hrtime: Object.assign(() => [0, 0], { bigint: () => 0n }),
  uptime: () => 0,
  memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  nextTick: (callback, ...args) => void Promise.resolve().then(() => callback(...args)),
  on: nothing,
  once: nothing,
  off: nothing,
  emit: nothing,
  emitWarning: nothing,
  stdout: { write: () => true, isTTY: false },
  stderr: { write: () => true, isTTY: false },
});

// --- what is another one next time -------------------------------------------------------

// `host.fickle` says whether the outcome may depend on more than the files.
const RealDate = Date;
define('Date', new Proxy(RealDate, {
  construct: (target, args, made) => {
    host.fickle = true;
    return Reflect.construct(target, args, made);
  },
  apply: () => {
    host.fickle = true;
    return RealDate();
  },
  get: (target, key) => {
    if (key === 'now') host.fickle = true;
    return Reflect.get(target, key);
  },
}));
const { random } = Math;
Math.random = () => {
  host.fickle = true;
  return random();
};

// --- the rest ------------------------------------------------------------------------------

define('global', globalThis);
define('console', new Proxy({}, { get: () => nothing }));
for (const name of ['URL', 'URLSearchParams']) {
  if (url[name]) define(name, url[name]);
}
// Time does not pass: a timer fires once, as soon as the code that set it is done.
const soon = (callback, _after, ...args) => {
  if (typeof callback === 'function') Promise.resolve().then(() => callback(...args));
  return 0;
};
define('setTimeout', soon);
define('setImmediate', (callback, ...args) => soon(callback, 0, ...args));
define('setInterval', () => 0);
for (const name of ['clearTimeout', 'clearImmediate', 'clearInterval']) define(name, nothing);
define('structuredClone', (value) => copy(value, new Map()));

// Not `Bun`, `Deno`, `window`, `document`: code asks for them to find out where it runs.
for (const name of [
  'AbortController', 'AbortSignal', 'Blob', 'Buffer', 'BroadcastChannel', 'Event',
  'EventTarget', 'File', 'FormData', 'Headers', 'Intl', 'MessageChannel', 'ReadableStream',
  'Request', 'Response', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'WebAssembly',
  'WebSocket', 'atob', 'btoa', 'crypto', 'fetch', 'performance',
]) {
  if (!(name in globalThis)) lazily(name);
}

function copy(value, seen) {
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  if (value instanceof Date) return new Date(value);
  const result = Array.isArray(value) ? [] : {};
  seen.set(value, result);
  for (const key of Object.keys(value)) result[key] = copy(value[key], seen);
  return result;
}

// Decorators of classes that share a file with tables: they do nothing here.
define('babelHelpers', new Proxy({}, {
  get: (_, helper) =>
    String(helper).startsWith('decorate') ? (_decorators, target) => target : stub(`babel#${String(helper)}`),
}));

// --- CommonJS -------------------------------------------------------------------------------

const loaded = new Map(); // CommonJS and JSON, by name
host.modules = new Map(); // what had to be imported first

host.run = (id, hoisted) => {
  for (const name in hoisted) host.modules.set(name, hoisted[name]);
  return commonjs(id);
};

host.require = (from) => {
  const require = (specifier) => {
    const id = host.resolve(from, String(specifier));
    if (id.startsWith('driftless:stub/')) return stub(id.slice('driftless:stub/'.length));
    if (host.modules.has(id)) return interop(host.modules.get(id));
    return commonjs(id);
  };
  require.resolve = (specifier) => host.resolve(from, String(specifier));
  require.cache = {};
  return require;
};

function commonjs(id) {
  const known = loaded.get(id);
  if (known !== undefined) return known.exports;
  const module = { exports: {}, id, filename: id, loaded: false, children: [], paths: [] };
  loaded.set(id, module);
  if (id.endsWith('.json')) {
    module.exports = JSON.parse(host.read(id));
  } else {
    const dir = id.slice(0, id.lastIndexOf('/'));
    module.require = host.require(id);
    host.compile(id).call(module.exports, module.exports, module.require, module, id, dir);
  }
  module.loaded = true;
  return module.exports;
}

// A module seen through `require()` is a copy that has `__esModule`.
function interop(namespace) {
  return Object.assign(Object.defineProperty({}, '__esModule', { value: true }), namespace);
}
