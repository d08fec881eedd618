// The select builder: what views and subqueries are written with.

import { entityKind, TableName, Columns, BaseName, IsAlias, ViewBaseConfig } from './entity.js';
import { SQL } from './sql.js';
import { Writer } from './render.js';
import { Table, getTableColumns } from './table.js';
import { View, PgViewBase } from './view.js';
import { Subquery, WithSubquery, selectionOf, exposeFields } from './subquery.js';
import { selectSql } from './select_sql.js';
import { stub } from './stub.js';

export class TypedQueryBuilder {
  static [entityKind] = 'TypedQueryBuilder';

  getSelectedFields() {
    return this._.selectedFields;
  }
}

/** The name that a thing in FROM is known by; none for plain SQL. */
export function getTableLikeName(table) {
  if (table instanceof Subquery) return table._.alias;
  if (table instanceof View) return table[ViewBaseConfig].name;
  if (table instanceof SQL) return undefined;
  return table[IsAlias] ? table[TableName] : table[BaseName];
}

export class PgSelectBuilder {
  static [entityKind] = 'PgSelectBuilder';

  constructor(config) {
    this.fields = config.fields;
    this.withList = config.withList ?? [];
    this.distinct = config.distinct;
  }

  setToken() {
    return this;
  }

  from(source) {
    let fields;
    if (this.fields) {
      fields = this.fields;
    } else if (source instanceof Subquery) {
      fields = {};
      for (const key of Object.keys(source._.selectedFields)) fields[key] = source[key];
    } else if (source instanceof PgViewBase) {
      fields = source[IsAlias] ? aliasedViewFields(source) : source[ViewBaseConfig].selectedFields;
    } else if (source instanceof SQL) {
      fields = {};
    } else if (source instanceof Table) {
      fields = getTableColumns(source);
    } else {
      throw new Error('from() needs a table, a view, a subquery or sql``; what it got is none (a circular import?)');
    }
    return new PgSelectBase({
      table: source,
      fields,
      isPartialSelect: Boolean(this.fields),
      withList: this.withList,
      distinct: this.distinct,
    });
  }
}

function aliasedViewFields(view) {
  const fields = {};
  for (const key of Object.keys(view[ViewBaseConfig].selectedFields)) fields[key] = view[key];
  return fields;
}

const asText = { aliased: 'sql', raw: 'sql' };
const asNames = { aliased: 'alias', raw: 'sql' };

export class PgSelectQueryBuilderBase extends TypedQueryBuilder {
  static [entityKind] = 'PgSelectQueryBuilder';

  constructor({ table, fields, isPartialSelect, withList, distinct }) {
    super();
    this.config = { withList, table, fields: {}, distinct, setOperators: [] };
    Object.defineProperties(this.config.fields, Object.getOwnPropertyDescriptors(fields));
    this.isPartialSelect = isPartialSelect;
    this.tableName = getTableLikeName(table);
    this.joined = typeof this.tableName === 'string' ? new Set([this.tableName]) : new Set();
    this._ = { selectedFields: fields, config: this.config };
  }

  getUsedTables() {
    return [];
  }

  join(joinType, lateral, table, on) {
    const { config, tableName: baseName } = this;
    const name = getTableLikeName(table);
    if (typeof name === 'string' && config.joins?.some((join) => join.alias === name)) {
      throw new Error(`the alias "${name}" is already used in this query; give the second one another with alias()`);
    }
    if (!this.isPartialSelect) {
      if (this.joined.size === 1 && typeof baseName === 'string') config.fields = { [baseName]: config.fields };
      if (typeof name === 'string' && !(table instanceof SQL)) {
        config.fields[name] = joinedFields(table);
      }
    }
    if (typeof on === 'function') on = on(selectionOf(config.fields, asText));
    config.joins ??= [];
    config.joins.push({ on, table, joinType, alias: name, lateral });
    if (typeof name === 'string') this.joined.add(name);
    return this;
  }

  setOperation(type, isAll, right) {
    const rightSelect = typeof right === 'function' ? right(setOperators) : right;
    sameFields(this, rightSelect);
    this.config.setOperators.push({ type, isAll, rightSelect });
    return this;
  }

  addSetOperators(operators) {
    this.config.setOperators.push(...operators);
    return this;
  }

  where(condition) {
    this.config.where = typeof condition === 'function' ? condition(selectionOf(this.config.fields, asText)) : condition;
    return this;
  }

  having(condition) {
    this.config.having = typeof condition === 'function' ? condition(selectionOf(this.config.fields, asText)) : condition;
    return this;
  }

  groupBy(...columns) {
    this.config.groupBy = this.listOf(columns);
    return this;
  }

  orderBy(...columns) {
    this.ending().orderBy = this.listOf(columns);
    return this;
  }

  limit(limit) {
    this.ending().limit = limit;
    return this;
  }

  offset(offset) {
    this.ending().offset = offset;
    return this;
  }

  /** What ORDER BY, LIMIT and OFFSET belong to: the last set operation, or the query. */
  ending() {
    const { setOperators: list } = this.config;
    return list.length > 0 ? list[list.length - 1] : this.config;
  }

  listOf(columns) {
    if (typeof columns[0] !== 'function') return columns;
    const list = columns[0](selectionOf(this.config.fields, asNames));
    return Array.isArray(list) ? list : [list];
  }

  for(strength, config = {}) {
    this.config.lockingClause = { strength, config };
    return this;
  }

  getSQL() {
    return selectSql(this.config);
  }

  toSQL() {
    const writer = new Writer();
    writer.params = [];
    return { sql: writer.write(this.getSQL()), params: writer.params };
  }

  as(name) {
    const { fields } = this.config;
    const subquery = new Subquery(this.getSQL(), fields, name, false);
    return exposeFields(subquery, selectionOf(fields, { alias: name, aliased: 'alias', raw: 'error' }));
  }

  getSelectedFields() {
    return selectionOf(this.config.fields, { alias: this.tableName, aliased: 'alias', raw: 'error' });
  }

  $dynamic() {
    return this;
  }

  $withCache() {
    return this;
  }
}

function joinedFields(table) {
  if (table instanceof Subquery) return table._.selectedFields;
  if (table instanceof View) return table[ViewBaseConfig].selectedFields;
  return table[Columns];
}

const JOINS = [
  ['leftJoin', 'left', false], ['leftJoinLateral', 'left', true], ['rightJoin', 'right', false],
  ['innerJoin', 'inner', false], ['innerJoinLateral', 'inner', true], ['fullJoin', 'full', false],
  ['crossJoin', 'cross', false], ['crossJoinLateral', 'cross', true],
];
for (const [method, type, lateral] of JOINS) {
  PgSelectQueryBuilderBase.prototype[method] = function (table, on) {
    return this.join(type, lateral, table, on);
  };
}

const SET_OPERATIONS = [
  ['union', 'union', false], ['unionAll', 'union', true], ['intersect', 'intersect', false],
  ['intersectAll', 'intersect', true], ['except', 'except', false], ['exceptAll', 'except', true],
];
const setOperators = {};
for (const [method, type, isAll] of SET_OPERATIONS) {
  PgSelectQueryBuilderBase.prototype[method] = function (right) {
    return this.setOperation(type, isAll, right);
  };
  setOperators[method] = (left, right, ...rest) => {
    const operators = [right, ...rest].map((rightSelect) => ({ type, isAll, rightSelect }));
    for (const { rightSelect } of operators) sameFields(left, rightSelect);
    return left.addSetOperators(operators);
  };
}
export const { union, unionAll, intersect, intersectAll, except, exceptAll } = setOperators;

function sameFields(left, right) {
  const leftKeys = Object.keys(left.getSelectedFields());
  const rightKeys = Object.keys(right.getSelectedFields());
  if (leftKeys.length !== rightKeys.length || leftKeys.some((key, at) => key !== rightKeys[at])) {
    throw new Error('both sides of a union, intersect or except must select the same fields in the same order');
  }
}

export class PgSelectBase extends PgSelectQueryBuilderBase {
  static [entityKind] = 'PgSelect';

  prepare() {
    return stub('a query that was never run');
  }

  execute() {
    return Promise.reject(new Error('a query cannot run while the schema is read'));
  }
}

export class QueryBuilder {
  static [entityKind] = 'PgQueryBuilder';

  constructor() {
    // An own function, as in Drizzle: it is often taken off the builder.
    this.$with = (alias, selection) => ({
      as: (query) => {
        if (typeof query === 'function') query = query(this);
        const fields = selection ?? query.getSelectedFields?.() ?? {};
        const subquery = new WithSubquery(query.getSQL(), fields, alias, true);
        return exposeFields(subquery, selectionOf(fields, { alias, aliased: 'alias', raw: 'error' }));
      },
    });
  }

  with(...queries) {
    return {
      select: (fields) => new PgSelectBuilder({ fields, withList: queries }),
      // Drizzle forgets the WITH list of these two; a view that needs it would not exist.
      selectDistinct: (fields) => new PgSelectBuilder({ fields, withList: queries, distinct: true }),
      selectDistinctOn: (on, fields) => new PgSelectBuilder({ fields, withList: queries, distinct: { on } }),
    };
  }

  select(fields) {
    return new PgSelectBuilder({ fields });
  }

  selectDistinct(fields) {
    return new PgSelectBuilder({ fields, distinct: true });
  }

  selectDistinctOn(on, fields) {
    return new PgSelectBuilder({ fields, distinct: { on } });
  }
}
