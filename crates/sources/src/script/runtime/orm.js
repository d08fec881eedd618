// What `drizzle-orm` exports, and its subpaths that are not of one database.

export {
  entityKind, hasOwnEntityKind, is, TableName, Schema, Columns, ExtraConfigColumns, OriginalName, BaseName, IsAlias,
  ExtraConfigBuilder, ViewBaseConfig,
} from './entity.js';
export {
  SQL, StringChunk, Name, Param, Placeholder, FakePrimitiveParam, sql, name, param, placeholder, fillPlaceholders,
  isSQLWrapper, isDriverValueEncoder, noopDecoder, noopEncoder, noopMapper,
} from './sql.js';
export * from './operators.js';
export { ColumnBuilder, Column } from './column.js';
export { Table, isTable, getTableName, getTableUniqueName, getTableColumns } from './table.js';
export { View, isView, getViewName, getViewSelectedFields } from './view.js';
export {
  Subquery, WithSubquery, aliasedTable, aliasedTableColumn, aliasedRelation, mapColumnsInSQLToAlias,
  mapColumnsInAliasedSQLToAlias,
} from './subquery.js';
export { TypedQueryBuilder, getTableLikeName } from './query_builder.js';
export { orderSelectedFields } from './select_sql.js';
export * from './relations.js';
export { CasingCache, toSnakeCase, toCamelCase } from './casing.js';
export {
  ConsoleLogWriter, DefaultLogger, NoopLogger, DrizzleError, DrizzleQueryError, TransactionRollbackError, QueryPromise,
  applyMixins, haveSameKeys, mapUpdateSet, mapResultRow, getColumnNameAndConfig, isConfig, textDecoder,
  ColumnAliasProxyHandler, TableAliasProxyHandler, RelationTableAliasProxyHandler, SelectionProxyHandler, tracer,
} from './misc.js';
