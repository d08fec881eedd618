// What every module of the runtime shares: Drizzle's symbols, `is()`, where an
// object was built, and the list of everything that was built.

export const entityKind = Symbol.for('drizzle:entityKind');
export const hasOwnEntityKind = Symbol.for('drizzle:hasOwnEntityKind');

export const TableName = Symbol.for('drizzle:Name');
export const Schema = Symbol.for('drizzle:Schema');
export const Columns = Symbol.for('drizzle:Columns');
export const ExtraConfigColumns = Symbol.for('drizzle:ExtraConfigColumns');
export const OriginalName = Symbol.for('drizzle:OriginalName');
export const BaseName = Symbol.for('drizzle:BaseName');
export const IsAlias = Symbol.for('drizzle:IsAlias');
export const ExtraConfigBuilder = Symbol.for('drizzle:ExtraConfigBuilder');
export const IsDrizzleTable = Symbol.for('drizzle:IsDrizzleTable');
export const IsDrizzleView = Symbol.for('drizzle:IsDrizzleView');
export const InlineForeignKeys = Symbol.for('drizzle:PgInlineForeignKeys');
export const EnableRLS = Symbol.for('drizzle:EnableRLS');
export const ViewBaseConfig = Symbol.for('drizzle:ViewBaseConfig');
export const PgViewConfig = Symbol.for('drizzle:PgViewConfig');
export const PgMaterializedViewConfig = Symbol.for('drizzle:PgMaterializedViewConfig');
export const isPgEnumSym = Symbol.for('drizzle:isPgEnum');

/** Under this key an object keeps the stack of the call that built it. */
export const STACK = Symbol('driftless:stack');

/** Set by the host before any module loads, only when a diagnostic is to be shown. */
export const POSITIONS = globalThis.__driftless?.positions === true;

/** Remembers where `object` was built. Call as `POSITIONS && mark(object)`. */
export function mark(object) {
  Object.defineProperty(object, STACK, { value: new Error('built here').stack, configurable: true, writable: true });
  return object;
}

/** Everything built so far, exported or not. `outside` holds what Postgres platforms own. */
export const built = {
  tables: [],
  enums: [],
  schemas: [],
  sequences: [],
  views: [],
  roles: [],
  outside: new Set(),
};

/** Forgets what was built, so that the next schema starts empty. */
export function forgetBuilt() {
  built.tables.length = 0;
  built.enums.length = 0;
  built.schemas.length = 0;
  built.sequences.length = 0;
  built.views.length = 0;
  built.roles.length = 0;
}

/** Drizzle's type test: by class, or by the name of the class when two copies of the library meet. */
export function is(value, type) {
  if (!value || typeof value !== 'object') return false;
  if (typeof type !== 'function') throw new Error('is() wants a Drizzle class as its second argument');
  if (value instanceof type) return true;
  const kind = type[entityKind];
  if (typeof kind !== 'string') return false;
  let cls = Object.getPrototypeOf(value)?.constructor;
  while (typeof cls === 'function') {
    if (Object.prototype.hasOwnProperty.call(cls, entityKind) && cls[entityKind] === kind) return true;
    cls = Object.getPrototypeOf(cls);
  }
  return false;
}

/** The class name Drizzle gives to the value's class, or undefined for anything else. */
export function kindOf(value) {
  if (!value || typeof value !== 'object') return undefined;
  const kind = Object.getPrototypeOf(value)?.constructor?.[entityKind];
  return typeof kind === 'string' ? kind : undefined;
}

/** `function` constructor `fn` made a class of `parent` that Drizzle calls `kind`. */
export function inherit(fn, parent, kind, members) {
  Object.setPrototypeOf(fn, parent);
  fn.prototype = Object.create(parent.prototype, {
    constructor: { value: fn, writable: true, configurable: true },
  });
  Object.defineProperty(fn, entityKind, { value: kind, writable: true, configurable: true });
  Object.defineProperty(fn, 'name', { value: kind, configurable: true });
  if (members) Object.defineProperties(fn.prototype, Object.getOwnPropertyDescriptors(members));
  return fn;
}

/** What is said about a value in a message: its class, its type, or its text when short. */
export function describe(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  if (type === 'string') return value.length > 40 ? 'a long text' : JSON.stringify(value);
  if (type === 'function') return value[isPgEnumSym] === true ? `the enum "${value.enumName}"` : 'a function';
  if (type !== 'object') return String(value);
  const kind = kindOf(value) ?? Object.getPrototypeOf(value)?.constructor?.name;
  if (!kind || kind === 'Object') return 'an object';
  return /^([AEIOU]|S[A-Z])/.test(kind) ? `an ${kind}` : `a ${kind}`;
}
