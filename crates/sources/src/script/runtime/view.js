// Views and materialized views.

import {
  entityKind, IsAlias, IsDrizzleView, ViewBaseConfig, PgViewConfig,
  PgMaterializedViewConfig, POSITIONS, mark, built, is, describe,
} from './entity.js';
import { SQL } from './sql.js';
import { makeTable, getTableColumns } from './table.js';
import { taintOf } from './stub.js';
import { exposeFields, selectionOf } from './subquery.js';
import { QueryBuilder } from './query_builder.js';

export class View {
  static [entityKind] = 'View';

  constructor({ name, schema, selectedFields, query }) {
    this[ViewBaseConfig] = {
      name, originalName: name, schema, selectedFields, query, isExisting: !query, isAlias: false,
    };
  }

  getSQL() {
    return new SQL([this]);
  }
}
View.prototype[IsDrizzleView] = true;
View.prototype[IsAlias] = false;

export class PgViewBase extends View {
  static [entityKind] = 'PgViewBase';
}

export class PgView extends PgViewBase {
  static [entityKind] = 'PgView';

  constructor({ pgConfig, config }) {
    super(config);
    if (pgConfig) this[PgViewConfig] = { with: pgConfig.with };
  }
}

export class PgMaterializedView extends PgViewBase {
  static [entityKind] = 'PgMaterializedView';

  constructor({ pgConfig, config }) {
    super(config);
    const { with: options, using, tablespace, withNoData } = pgConfig ?? {};
    this[PgMaterializedViewConfig] = { with: options, using, tablespace, withNoData };
  }
}

function finish(Class, builder, selectedFields, query, pgConfig) {
  const view = new Class({ pgConfig, config: { name: builder.name, schema: builder.schema, selectedFields, query } });
  exposeFields(view, selectedFields);
  if (POSITIONS) mark(view);
  built.views.push(view);
  builder.finished = true;
  return view;
}

function fromQuery(Class, builder, query) {
  if (typeof query === 'function' && taintOf(query) === null) query = query(new QueryBuilder());
  if (typeof query?.getSelectedFields !== 'function') {
    throw new Error(
      `view "${builder.name}" needs a query: .as((qb) => qb.select()...), not ${describe(query)}; with raw SQL, give its columns: pgView(name, { ... }).as(sql\`...\`)`,
    );
  }
  const fields = selectionOf(query.getSelectedFields(), viewed(builder.name));
  return finish(Class, builder, fields, query.getSQL().inlineParams(), builder.config);
}

function fromSql(Class, builder, query) {
  if (!(query instanceof SQL)) {
    throw new Error(`view "${builder.name}" has columns of its own and so needs .as(sql\`...\`), not ${describe(query)}`);
  }
  return finish(Class, builder, manualFields(builder), query.inlineParams(), builder.config);
}

const viewed = (name) => ({ alias: name, aliased: 'alias', raw: 'error', replaceOriginalName: true });

function manualFields(builder) {
  return selectionOf(builder.columns, viewed(builder.name));
}

export class DefaultViewBuilderCore {
  static [entityKind] = 'PgDefaultViewBuilderCore';

  constructor(name, schema) {
    this.name = taintOf(name) === null ? name : String(name);
    this.schema = schema;
    this.config = {};
    if (POSITIONS) mark(this);
  }

  with(config) {
    this.config.with = config;
    return this;
  }
}

export class ViewBuilder extends DefaultViewBuilderCore {
  static [entityKind] = 'PgViewBuilder';

  as(query) {
    return fromQuery(PgView, this, query);
  }
}

export class ManualViewBuilder extends DefaultViewBuilderCore {
  static [entityKind] = 'PgManualViewBuilder';

  constructor(name, columns, schema) {
    super(name, schema);
    this.columns = getTableColumns(makeTable(name, columns, undefined, undefined, name));
  }

  existing() {
    return finish(PgView, this, manualFields(this), undefined, undefined);
  }

  as(query) {
    return fromSql(PgView, this, query);
  }
}

export class MaterializedViewBuilderCore extends DefaultViewBuilderCore {
  static [entityKind] = 'PgMaterializedViewBuilderCore';

  using(using) {
    this.config.using = using;
    return this;
  }

  tablespace(tablespace) {
    this.config.tablespace = tablespace;
    return this;
  }

  withNoData() {
    this.config.withNoData = true;
    return this;
  }
}

export class MaterializedViewBuilder extends MaterializedViewBuilderCore {
  static [entityKind] = 'PgMaterializedViewBuilder';

  as(query) {
    return fromQuery(PgMaterializedView, this, query);
  }
}

export class ManualMaterializedViewBuilder extends MaterializedViewBuilderCore {
  static [entityKind] = 'PgManualMaterializedViewBuilder';

  constructor(name, columns, schema) {
    super(name, schema);
    this.columns = getTableColumns(makeTable(name, columns, undefined, undefined, name));
  }

  existing() {
    return finish(PgMaterializedView, this, manualFields(this), undefined, this.config);
  }

  as(query) {
    return fromSql(PgMaterializedView, this, query);
  }
}

export function pgViewWithSchema(name, columns, schema) {
  return columns ? new ManualViewBuilder(name, columns, schema) : new ViewBuilder(name, schema);
}

export function pgMaterializedViewWithSchema(name, columns, schema) {
  return columns ? new ManualMaterializedViewBuilder(name, columns, schema) : new MaterializedViewBuilder(name, schema);
}

export const pgView = (name, columns) => pgViewWithSchema(name, columns, undefined);
export const pgMaterializedView = (name, columns) => pgMaterializedViewWithSchema(name, columns, undefined);
export const isPgView = (value) => is(value, PgView);
export const isPgMaterializedView = (value) => is(value, PgMaterializedView);
export const isView = (value) => typeof value === 'object' && value !== null && IsDrizzleView in value;
export const getViewName = (view) => view[ViewBaseConfig].name;
export const getViewSelectedFields = (view) => view[ViewBaseConfig].selectedFields;
export const getViewConfig = (view) => ({ ...view[ViewBaseConfig], ...view[PgViewConfig] });
export const getMaterializedViewConfig = (view) => ({ ...view[ViewBaseConfig], ...view[PgMaterializedViewConfig] });
