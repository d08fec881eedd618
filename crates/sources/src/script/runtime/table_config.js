// getTableConfig() and the dialect, for code that looks at tables itself.

import {
  entityKind, TableName, Schema, Columns, BaseName, EnableRLS, ExtraConfigBuilder, InlineForeignKeys,
} from './entity.js';
import {
  IndexBuilder, CheckBuilder, UniqueConstraintBuilder, PrimaryKeyBuilder, ForeignKeyBuilder, PgPolicy,
} from './constraints.js';
import { PgTable } from './table.js';
import { Subquery } from './subquery.js';
import { CasingCache } from './casing.js';
import { escapeName, quote } from './render.js';
import { stub } from './stub.js';

export function getTableConfig(table) {
  const config = {
    columns: Object.values(table[Columns]),
    indexes: [],
    foreignKeys: [...table[InlineForeignKeys]],
    checks: [],
    primaryKeys: [],
    uniqueConstraints: [],
    name: table[TableName],
    schema: table[Schema],
    policies: [],
    enableRLS: table[EnableRLS],
  };
  const extras = table[ExtraConfigBuilder]?.(table[Columns]) ?? [];
  for (const extra of Array.isArray(extras) ? extras.flat(1) : Object.values(extras)) {
    if (extra instanceof IndexBuilder) config.indexes.push(extra.build(table));
    else if (extra instanceof CheckBuilder) config.checks.push(extra.build(table));
    else if (extra instanceof UniqueConstraintBuilder) config.uniqueConstraints.push(extra.build(table));
    else if (extra instanceof PrimaryKeyBuilder) config.primaryKeys.push(extra.build(table));
    else if (extra instanceof ForeignKeyBuilder) config.foreignKeys.push(extra.build(table));
    else if (extra instanceof PgPolicy) config.policies.push(extra);
  }
  return config;
}

export function extractUsedTable(table) {
  if (table instanceof PgTable) {
    return [table[Schema] ? `${table[Schema]}.${table[BaseName]}` : table[BaseName]];
  }
  return table instanceof Subquery ? table._.usedTables : [];
}

export class PgDialect {
  static [entityKind] = 'PgDialect';

  constructor(config) {
    this.casing = new CasingCache(config?.casing);
  }

  escapeName(name) {
    return escapeName(name);
  }

  escapeParam(at) {
    return `$${at + 1}`;
  }

  escapeString(text) {
    return quote(text);
  }

  sqlToQuery(query, invokeSource) {
    return query.toQuery({ casing: this.casing, invokeSource });
  }

  async migrate() {
    return stub('drizzle-orm/pg-core').PgDialect.migrate;
  }
}
