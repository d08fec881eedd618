//! Questions to a database with rows: is there any that a change would stop at?

use serde::Serialize;

use super::{Object, Tag};
use crate::catalog::Catalog;
use crate::id::{Id, relation};
use crate::sql::ident;

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// The object that cannot be made where there is an answer.
    #[serde(skip)]
    pub object: Id,
    /// `NULL in users.email`, `duplicates of users (email)`.
    pub what: String,
    /// What to ask.
    pub sql: String,
    /// How to read the answer.
    pub answer: Answer,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// One text column: the keys of the rows that stand in the way.
    Keys,
    /// Nothing; but the query fails at a value that stands in the way.
    Failure,
}

impl Probe {
    /// The rows of a table that a condition holds for.
    pub(super) fn rows(
        object: Id,
        what: impl Into<String>,
        (schema, table): (&str, &str),
        condition: &str,
        from: &Catalog,
    ) -> Self {
        let key = key(from, schema, table);
        Self {
            object,
            what: what.into(),
            sql: format!(
                "SELECT {key} FROM {} WHERE {condition}",
                relation(schema, table)
            ),
            answer: Answer::Keys,
        }
    }

    /// An expression that cannot be computed for every row of a table.
    pub(super) fn attempt(
        object: Id,
        what: impl Into<String>,
        (schema, table): (&str, &str),
        value: &str,
    ) -> Self {
        Self {
            object,
            what: what.into(),
            sql: format!("SELECT count({value}) FROM {}", relation(schema, table)),
            answer: Answer::Failure,
        }
    }

    /// Values of columns that more than one row has; NULL is like no other.
    pub(super) fn duplicates(
        object: Id,
        (schema, table): (&str, &str),
        columns: &[String],
        predicate: Option<&str>,
    ) -> Self {
        let names: Vec<String> = columns.iter().map(|name| ident(name)).collect();
        let filled = names.iter().map(|name| format!("{name} IS NOT NULL"));
        let conditions: Vec<String> = filled
            .chain(predicate.map(|sql| format!("({sql})")))
            .collect();
        let list = names.join(", ");
        Self {
            object,
            what: format!(
                "duplicates of {} ({})",
                Id::in_schema(Tag::Table, schema, table).path(),
                columns.join(", ")
            ),
            sql: format!(
                "SELECT concat_ws(', ', {list}) FROM {} WHERE {} GROUP BY {list} HAVING count(*) > 1",
                relation(schema, table),
                conditions.join(" AND ")
            ),
            answer: Answer::Keys,
        }
    }
}

/// What tells a row: its primary key, or where it is.
fn key(from: &Catalog, schema: &str, table: &str) -> String {
    let key = from.belonging(Tag::PrimaryKey, schema, table).next();
    match key {
        Some(Object::PrimaryKey(key)) => {
            let columns: Vec<String> = key.columns.iter().map(|name| ident(name)).collect();
            format!("concat_ws(', ', {})", columns.join(", "))
        }
        _ => "ctid::text".to_owned(),
    }
}

/// Whether all of these columns are there to be asked about.
pub(super) fn has_columns(from: &Catalog, schema: &str, table: &str, columns: &[String]) -> bool {
    let has = |name: &String| from.contains(&Id::in_parent(Tag::Column, schema, table, name));
    columns.iter().all(has)
}

/// Every question about what a change from one schema to another would stop at.
pub fn probes(from: &Catalog, to: &Catalog) -> Vec<Probe> {
    let changed = to
        .objects()
        .filter(|(id, object)| from.get(id) != Some(object));
    let there = changed.filter(|(id, object)| {
        from.contains(id) || object.parent().is_some_and(|parent| from.contains(&parent))
    });
    there
        .flat_map(|(id, object)| object.probes(from.get(id), from))
        .collect()
}
