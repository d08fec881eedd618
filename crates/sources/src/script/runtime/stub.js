// Stand-ins for packages that are not evaluated. A stub can be used in every
// way without an exception, and whatever is made from it still tells where it
// came from, so that only a stub that reaches DDL is an error.

const PATH = Symbol('driftless:taint');
const MARK = '\u0001';
const MARKED = /\u0001([^\u0001]*)\u0001/;
const MAX_STEPS = 60;
const ITERATIONS = 8;

const roots = new Map();

/** True once a stub has become text; before that no text can be tainted. */
export let textWasMade = false;

/** A lazy stand-in for the module or value called `origin`, for example `zod`. */
export function stub(origin) {
  let root = roots.get(origin);
  if (root === undefined) {
    root = make(null, String(origin));
    roots.set(origin, root);
  }
  return root;
}

/** Where a tainted value came from, like `zod#string().min()`, or null. Understands text made from stubs too. */
export function taintOf(value) {
  if (typeof value === 'function') {
    const path = value[PATH];
    return typeof path === 'string' ? path : null;
  }
  if (typeof value === 'string') {
    if (value.indexOf(MARK) < 0) return null;
    const found = MARKED.exec(value);
    return found === null ? null : found[1];
  }
  return null;
}

/** The text that a stub turns into: its path between two U+0001. */
export function taintText(path) {
  textWasMade = true;
  return MARK + path + MARK;
}

function make(parent, step) {
  const handler = new Taint(parent, step);
  // A bound function is callable and constructible and owns no `prototype`,
  // so that no invariant of Proxy forbids what the traps answer.
  handler.self = new Proxy(base.bind(null), handler);
  return handler.self;
}

function base() {}

class Taint {
  constructor(parent, step) {
    this.parent = parent;
    this.step = step;
    this.depth = parent === null ? 0 : parent.depth + 1;
    this.self = undefined;
    this.members = undefined;
  }

  path() {
    if (this.parent === null) return this.step;
    const before = this.parent.path();
    if (this.parent.parent !== null || this.step.charCodeAt(0) === 40) return before + this.step;
    return before + (this.step.startsWith('.') ? `#${this.step.slice(1)}` : `#${this.step}`);
  }

  text() {
    return taintText(this.path());
  }

  member(step) {
    if (this.depth >= MAX_STEPS) return this.self; // a loop that never stops chaining
    this.members ??= new Map();
    let value = this.members.get(step);
    if (value === undefined) {
      value = make(this, step);
      this.members.set(step, value);
    }
    return value;
  }

  get(target, key) {
    if (typeof key === 'symbol') return this.symbol(target, key);
    if (!Reflect.isExtensible(target) && Object.prototype.hasOwnProperty.call(target, key)) return target[key];
    switch (key) {
      case 'then': // awaiting a stub must end
        return undefined;
      case 'toJSON':
      case 'toString':
      case 'toLocaleString':
        return () => this.text();
      case 'valueOf':
        return () => this.self;
      case 'prototype':
        return Object.prototype;
      default:
        if (key.includes(MARK)) return this.self; // the key that spreading shows
        return this.member(/^\d+$/.test(key) ? `[${key}]` : `.${key}`);
    }
  }

  symbol(target, key) {
    switch (key) {
      case PATH:
        return this.path();
      case Symbol.toPrimitive:
        return () => this.text();
      case Symbol.iterator:
        return () => this.items()[Symbol.iterator]();
      case Symbol.asyncIterator:
        return () => asyncItems(this.items());
      case Symbol.hasInstance:
        return () => false;
      default:
        return undefined;
    }
  }

  items() {
    const list = [];
    for (let i = 0; i < ITERATIONS; i++) list.push(this.member(`[${i}]`));
    return list;
  }

  apply() {
    return this.member('()');
  }

  construct(_target, _args, newTarget) {
    // `class X extends stub` must give instances that have the methods of X.
    if (newTarget !== this.self && typeof newTarget === 'function' && newTarget.prototype) {
      return Object.create(newTarget.prototype);
    }
    return this.member('()');
  }

  has(_target, key) {
    return typeof key === 'string';
  }

  ownKeys(target) {
    if (!Reflect.isExtensible(target)) return Reflect.ownKeys(target);
    const keys = Reflect.ownKeys(target);
    keys.push(this.text());
    return keys;
  }

  getOwnPropertyDescriptor(target, key) {
    const own = Reflect.getOwnPropertyDescriptor(target, key);
    if (own !== undefined) return own;
    if (!Reflect.isExtensible(target) || typeof key !== 'string') return undefined;
    return { value: this.self, enumerable: true, configurable: true, writable: true };
  }

  defineProperty(target, key, descriptor) {
    return Reflect.isExtensible(target) ? true : Reflect.defineProperty(target, key, descriptor);
  }

  set() {
    return true;
  }

  deleteProperty(target, key) {
    return Reflect.getOwnPropertyDescriptor(target, key)?.configurable ?? true
      ? Reflect.deleteProperty(target, key)
      : true;
  }

  preventExtensions(target) {
    if (Reflect.isExtensible(target)) {
      Object.defineProperty(target, this.text(), { value: this.self, enumerable: true, configurable: true, writable: true });
    }
    return Reflect.preventExtensions(target);
  }
}

async function* asyncItems(items) {
  yield* items;
}
