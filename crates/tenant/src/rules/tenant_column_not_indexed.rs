//! Every query reads the rows of all tenants.

use driftless_catalog::{Object, Tag};

use crate::facts::{Facts, TenantTable};
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds tables of tenants without an index that begins with the tenant column. Partial and
    /// invalid indexes do not count, and neither do those that cannot be searched by equality alone
    /// (BRIN, GIN).
    ///
    /// ## Why
    /// The policy adds the comparison to every query. Without such an index each of them reads the
    /// rows of all tenants: the table gets slower for one tenant as the others grow.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE TABLE notes (id bigint PRIMARY KEY, account_id uuid NOT NULL);
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE TABLE notes (account_id uuid NOT NULL, id bigint, PRIMARY KEY (account_id, id));
    /// ```
    ///
    /// ## What to do
    /// Let the primary key or a unique constraint begin with the tenant column, or let
    /// `driftless rls --fix` write an index.
    "R10", "tenant-column-not-indexed", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        if table.table.foreign.is_none() && !facts.is_only_part(table) && !is_indexed(facts, table) {
            let (path, column) = (table.path(), &table.column.name);
            found.add(
                &path,
                format!("every query of {path} reads the rows of all tenants: no index begins with {column}"),
                "run `driftless rls --fix`, or let a key begin with the column",
            );
        }
    }
}

pub(crate) fn is_indexed(facts: &Facts<'_>, table: &TenantTable<'_>) -> bool {
    let column = &table.column.name;
    let of = |kind| facts.catalog.belonging(kind, &table.id.schema, &table.id.name);
    let mut indexes = of(Tag::PrimaryKey).chain(of(Tag::Unique)).chain(of(Tag::Index));
    indexes.any(|object| match object {
        Object::PrimaryKey(key) => key.columns.first() == Some(column),
        Object::Unique(key) => key.columns.first() == Some(column),
        Object::Index(index) => {
            let first = index.columns.first();
            matches!(index.method.as_str(), "btree" | "hash")
                && !index.invalid
                && index.predicate.is_none()
                && first.is_some_and(|first| !first.is_expression && first.expression == *column)
        }
        _ => false,
    })
}
