// What `drizzle-orm/pg-core` and its subpaths export.

export {
  InlineForeignKeys, EnableRLS, PgViewConfig, PgMaterializedViewConfig,
} from './entity.js';
export {
  PgColumn, PgColumnBuilder, IndexedColumn, ExtraConfigColumn,
} from './column.js';
export { PgArray, PgArrayBuilder } from './column_array.js';
export * from './columns.js';
export * from './columns_special.js';
export { getPgColumnBuilders } from './column_builders.js';
export { makePgArray, parsePgArray, parsePgNestedArray } from './array.js';
export * from './constraints.js';
export { PgTable, pgTable, pgTableCreator, pgTableWithSchema } from './table.js';
export * from './objects.js';
export {
  DefaultViewBuilderCore, ViewBuilder, ManualViewBuilder, MaterializedViewBuilderCore, MaterializedViewBuilder,
  ManualMaterializedViewBuilder, PgViewBase, PgView, PgMaterializedView, pgView, pgMaterializedView, pgViewWithSchema,
  pgMaterializedViewWithSchema, isPgView, isPgMaterializedView, getViewConfig, getMaterializedViewConfig,
} from './view.js';
export { alias, Subquery, WithSubquery } from './subquery.js';
export {
  PgSelectBuilder, PgSelectBase, PgSelectQueryBuilderBase, QueryBuilder, union, unionAll, intersect, intersectAll,
  except, exceptAll,
} from './query_builder.js';
export { getTableConfig, extractUsedTable, PgDialect } from './table_config.js';
export {
  PgDatabase, PgDeleteBase, PgInsertBase, PgInsertBuilder, PgPreparedQuery, PgRefreshMaterializedView, PgSession,
  PgTransaction, PgUpdateBase, PgUpdateBuilder, PgCountBuilder, PgRaw, RelationalQueryBuilder, PgRelationalQuery,
  withReplicas,
} from './misc.js';
export * from './operators.js'; // for drizzle-orm/pg-core/expressions
