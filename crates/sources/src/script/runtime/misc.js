// Exports of drizzle-orm that have no part in DDL: some are real because they
// are small, the rest are stubs that fail only when they reach DDL.

import { entityKind, Columns, is } from './entity.js';
import { Column } from './column.js';
import { Param, SQL } from './sql.js';
import { stub } from './stub.js';

export class ConsoleLogWriter {
  static [entityKind] = 'ConsoleLogWriter';

  write(message) {
    console.log(message);
  }
}

export class DefaultLogger {
  static [entityKind] = 'DefaultLogger';

  constructor(config) {
    this.writer = config?.writer ?? new ConsoleLogWriter();
  }

  logQuery(query, params) {
    this.writer.write(`Query: ${query}${params.length > 0 ? ` -- params: ${JSON.stringify(params)}` : ''}`);
  }
}

export class NoopLogger {
  static [entityKind] = 'NoopLogger';

  logQuery() {}
}

export class DrizzleError extends Error {
  static [entityKind] = 'DrizzleError';

  constructor({ message, cause }) {
    super(message);
    this.name = 'DrizzleError';
    this.cause = cause;
  }
}

export class DrizzleQueryError extends Error {
  constructor(query, params, cause) {
    super(`Failed query: ${query}\nparams: ${params}`);
    this.query = query;
    this.params = params;
    this.cause = cause;
  }
}

export class TransactionRollbackError extends DrizzleError {
  static [entityKind] = 'TransactionRollbackError';

  constructor() {
    super({ message: 'Rollback' });
  }
}

export class QueryPromise {
  static [entityKind] = 'QueryPromise';

  get [Symbol.toStringTag]() {
    return 'QueryPromise';
  }

  catch(onRejected) {
    return this.then(undefined, onRejected);
  }

  finally(onFinally) {
    return Promise.resolve(this).finally(onFinally);
  }

  then(onFulfilled, onRejected) {
    return this.execute().then(onFulfilled, onRejected);
  }
}

export function applyMixins(baseClass, extendedClasses) {
  for (const extended of extendedClasses) {
    for (const name of Object.getOwnPropertyNames(extended.prototype)) {
      if (name === 'constructor') continue;
      Object.defineProperty(baseClass.prototype, name, Object.getOwnPropertyDescriptor(extended.prototype, name));
    }
  }
}

export function haveSameKeys(left, right) {
  const keys = Object.keys(left);
  const others = Object.keys(right);
  return keys.length === others.length && keys.every((key, at) => key === others[at]);
}

export function mapUpdateSet(table, values) {
  const set = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    set[key] = is(value, SQL) || is(value, Column) ? value : new Param(value, table[Columns][key]);
  }
  if (Object.keys(set).length === 0) throw new Error('No values to set');
  return set;
}

export function getColumnNameAndConfig(a, b) {
  return { name: typeof a === 'string' ? a : '', config: typeof a === 'object' ? a : b };
}

export function isConfig(data) {
  if (typeof data !== 'object' || data === null || data.constructor?.name !== 'Object') return false;
  const keys = Object.keys(data);
  return keys.length === 0 || ['logger', 'schema', 'casing', 'mode', 'connection', 'client'].some((key) => key in data);
}

export class ColumnAliasProxyHandler {
  static [entityKind] = 'ColumnAliasProxyHandler';

  constructor(table) {
    this.table = table;
  }

  get(column, key) {
    return key === 'table' ? this.table : column[key];
  }
}

export const textDecoder = null;

const core = stub('drizzle-orm');
export const mapResultRow = core.mapResultRow;
export const TableAliasProxyHandler = core.TableAliasProxyHandler;
export const RelationTableAliasProxyHandler = core.RelationTableAliasProxyHandler;
export const SelectionProxyHandler = core.SelectionProxyHandler;
export const tracer = core.tracer;

const pg = stub('drizzle-orm/pg-core');
export const {
  PgDatabase, PgDeleteBase, PgInsertBase, PgInsertBuilder, PgPreparedQuery, PgRefreshMaterializedView, PgSession,
  PgTransaction, PgUpdateBase, PgUpdateBuilder, PgCountBuilder, PgRaw, RelationalQueryBuilder, PgRelationalQuery,
  withReplicas,
} = pg;
