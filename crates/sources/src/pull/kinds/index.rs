//! Indexes: `index('posts_author').on(t.authorId.desc().nullsFirst())`.

use super::table::Writing;
use super::{Cx, Part};
use crate::pull::page::Page;
use crate::pull::text::{object, string};
use driftless_catalog::kinds::{Index, IndexColumn, Nulls};
use driftless_catalog::{Id, Object, Tag};

pub(super) fn part(index: &Index, cx: &Cx<'_>) -> Part {
    let columns = || index.columns.iter();
    let decorated = |column: &IndexColumn| {
        column.is_expression
            && (column.operator_class.is_some()
                || column.descending
                || column.nulls == Some(Nulls::First))
    };
    let vector = |column: &IndexColumn| {
        let id = Id::in_parent(Tag::Column, &index.schema, &index.table, &column.expression);
        let is_vector = matches!(cx.live.get(&id), Some(Object::Column(column))
            if column.data_type.name.contains("vector("));
        is_vector && column.operator_class.is_none()
    };
    Part::unless(&[
        (
            index.materialized,
            "Drizzle has no indexes of materialized views",
        ),
        (!index.include.is_empty(), "Drizzle has no word for INCLUDE"),
        (
            index.nulls_not_distinct,
            "Drizzle has no word for NULLS NOT DISTINCT of an index",
        ),
        (
            columns().any(|column| column.collation.is_some()),
            "Drizzle has no word for COLLATE of an index",
        ),
        (
            columns().any(decorated),
            "Drizzle has no words for the order and the operator class of an expression",
        ),
        (
            columns().any(vector),
            "Drizzle wants an operator class for a vector, and this one has none of its own",
        ),
        (
            index.tablespace.is_some() || !index.statistics.is_empty(),
            "Drizzle has no words for tablespace and statistics of an index",
        ),
        (index.invalid, "its build failed half-way"),
        (index.partitioned, "it is one of a partitioned table"),
    ])
}

pub(super) fn extra(index: &Index, table: &Writing<'_>, page: &mut Page<'_>) -> String {
    let function = page.import(if index.unique { "uniqueIndex" } else { "index" });
    let mut columns = Vec::new();
    if index.method != "btree" {
        columns.push(string(&index.method));
    }
    for one in &index.columns {
        columns.push(column(one, table, page));
    }
    let on = if index.method == "btree" {
        "on"
    } else {
        "using"
    };
    let mut text = format!(
        "{function}({}).{on}({})",
        string(&index.name),
        columns.join(", ")
    );
    let options: Vec<_> = index
        .with
        .iter()
        .map(|(name, value)| (name.as_str(), option(value)))
        .collect();
    if let Some(options) = object(&options) {
        text += &format!(".with({options})");
    }
    if let Some(predicate) = &index.predicate {
        text += &format!(".where({})", page.sql(predicate));
    }
    text
}

fn column(column: &IndexColumn, table: &Writing<'_>, page: &mut Page<'_>) -> String {
    if column.is_expression {
        return page.sql(&column.expression);
    }
    let mut text = table.column(&column.expression);
    match (column.descending, column.nulls) {
        // To Drizzle NULLs come last either way.
        (true, Some(Nulls::First)) => text += ".desc().nullsFirst()",
        (true, _) => text += ".desc().nullsLast()",
        (false, Some(Nulls::First)) => text += ".asc().nullsFirst()",
        (false, _) => {}
    }
    if let Some(class) = &column.operator_class {
        let class = class
            .strip_prefix("pg_catalog.")
            .or_else(|| class.strip_prefix("public."))
            .unwrap_or(class);
        text += &format!(".op({})", string(class));
    }
    text
}

/// A storage parameter as TypeScript has it.
fn option(value: &str) -> String {
    let is_number = value
        .parse::<i64>()
        .is_ok_and(|number| number.to_string() == value);
    if is_number || ["true", "false"].contains(&value) {
        value.to_owned()
    } else {
        string(value)
    }
}
