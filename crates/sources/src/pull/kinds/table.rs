//! Tables: `pgTable('users', { ... }, (t) => [ ... ])`.

use super::{Cx, Part, check, column, foreign_key, index, policy, primary_key, unique};
use crate::pull::page::Page;
use crate::pull::text::{key, member, string};
use driftless_catalog::kinds::{Column, Table};
use driftless_catalog::{Id, Object, Tag};
use std::collections::BTreeMap;

pub(super) fn part(table: &Table, whole: &Object, cx: &Cx<'_>) -> Part {
    let against = [
        (
            table.partition_by.is_some(),
            "Drizzle has no word for PARTITION BY",
        ),
        (table.foreign.is_some(), "Drizzle has no foreign tables"),
        (
            !table.inherits.is_empty(),
            "Drizzle has no word for INHERITS",
        ),
        (table.unlogged, "Drizzle has no word for UNLOGGED"),
        (
            table.access_method.is_some(),
            "Drizzle has no word for the access method of a table",
        ),
    ];
    if let Some((_, why)) = against.iter().find(|(speaks, _)| *speaks) {
        return Part::Nothing(why);
    }
    for object in cx.live.belonging(Tag::Column, &table.schema, &table.name) {
        if let Object::Column(column) = object
            && let Some(why) = column::against(column)
        {
            return Part::Nothing(why);
        }
    }
    let said = Table {
        schema: table.schema.clone(),
        name: table.name.clone(),
        row_security: table.row_security,
        ..Table::default()
    };
    Part::of(
        whole,
        said,
        "Drizzle has no word for FORCE ROW LEVEL SECURITY, storage parameters and tablespaces",
    )
}

/// A table while it is written.
pub(super) struct Writing<'a> {
    pub(super) schema: &'a str,
    pub(super) name: &'a str,
    pub(super) columns: Vec<&'a Column>,
    keys: BTreeMap<&'a str, String>,
}

impl<'a> Writing<'a> {
    fn new(table: &'a Table, page: &Page<'a>) -> Self {
        let of_table = page
            .said
            .catalog
            .belonging(Tag::Column, &table.schema, &table.name);
        let mut columns: Vec<&Column> = of_table
            .filter_map(|object| match object {
                Object::Column(column) => Some(column),
                _ => None,
            })
            .collect();
        columns.sort_by_key(|column| column.position);
        let keys = page
            .names
            .keys(columns.iter().map(|column| column.name.as_str()));
        Self {
            schema: &table.schema,
            name: &table.name,
            columns,
            keys,
        }
    }

    /// The key of a column.
    pub(super) fn key(&self, column: &str) -> &str {
        self.keys.get(column).map_or("", String::as_str)
    }

    /// `t.email`.
    pub(super) fn column(&self, column: &str) -> String {
        member("t", self.key(column))
    }

    /// `t.a, t.b`.
    pub(super) fn columns(&self, columns: &[String]) -> String {
        let columns: Vec<_> = columns.iter().map(|column| self.column(column)).collect();
        columns.join(", ")
    }
}

/// `users.id`, of any table on the page.
pub(super) fn column_of(schema: &str, table: &str, column: &str, page: &Page<'_>) -> String {
    let id = Id::in_schema(Tag::Table, schema, table);
    let Some(Object::Table(table)) = page.said.catalog.get(&id) else {
        return String::new();
    };
    let other = Writing::new(table, page);
    member(&page.constant(&id), other.key(column))
}

pub(super) fn statement<'a>(table: &'a Table, page: &mut Page<'a>) -> String {
    let writing = Writing::new(table, page);
    let id = Id::in_schema(Tag::Table, &table.schema, &table.name);
    let constant = page.constant(&id);
    let function = page.builder(&table.schema, "table", "pgTable");
    let mut columns = Vec::new();
    for column in &writing.columns {
        let text = column::text(column, &writing, page);
        columns.push(format!("{}: {text},", key(writing.key(&column.name))));
    }
    let extras = extras(&writing, page);
    let has_policies = page
        .said
        .catalog
        .belonging(Tag::Policy, &table.schema, &table.name)
        .next()
        .is_some();
    let row_security = if table.row_security && !has_policies {
        ".enableRLS()"
    } else {
        ""
    };
    let name = string(&table.name);
    let lines = |lines: &[String], indent: &str| -> String {
        let indented = lines.iter().map(|line| format!("{indent}{line}\n"));
        indented.collect()
    };
    if extras.is_empty() {
        let columns = lines(&columns, "  ");
        return format!(
            "export const {constant} = {function}({name}, {{\n{columns}}}){row_security};"
        );
    }
    let (columns, extras) = (lines(&columns, "    "), lines(&extras, "    "));
    format!(
        "export const {constant} = {function}(\n  {name},\n  {{\n{columns}  }},\n  (t) => [\n{extras}  ],\n){row_security};"
    )
}

/// What is said behind the columns, in the order in which people look for it.
fn extras(table: &Writing<'_>, page: &mut Page<'_>) -> Vec<String> {
    let said = page.said;
    let mut extras = Vec::new();
    for kind in [
        Tag::PrimaryKey,
        Tag::ForeignKey,
        Tag::Unique,
        Tag::Index,
        Tag::Check,
        Tag::Policy,
    ] {
        for object in said.catalog.belonging(kind, table.schema, table.name) {
            let text = match object {
                Object::PrimaryKey(one) => primary_key::extra(one, table, page),
                Object::ForeignKey(one) => foreign_key::extra(one, table, page),
                Object::Unique(one) => unique::extra(one, table, page),
                Object::Index(one) => Some(index::extra(one, table, page)),
                Object::Check(one) => Some(check::extra(one, page)),
                Object::Policy(one) => Some(policy::extra(one, page)),
                _ => None,
            };
            extras.extend(text.map(|text| text + ","));
        }
    }
    extras
}
