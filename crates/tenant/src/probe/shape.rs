//! Tables as rows of them have to be made: asked of Postgres, not worked out.

use std::collections::BTreeMap;

use driftless_catalog::{Id, Tag};
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::Session;
use serde::Deserialize;

/// A table.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Shape {
    schema: String,
    name: String,
    /// Its name in SQL.
    pub(super) sql: String,
    /// For a partition: which rows it takes.
    pub(super) bound: Option<String>,
    pub(super) partition_of: Option<Named>,
    /// For a partitioned table; nothing stands for an expression.
    pub(super) partition_columns: Vec<Option<String>>,
    pub(super) columns: Vec<Column>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) uniques: Vec<Unique>,
    pub(super) checks: Vec<Check>,
    domain_checks: Vec<Check>,
}

/// A table's name.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Named {
    schema: String,
    name: String,
}

impl Named {
    pub(super) fn id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.schema, &self.name)
    }
}

/// A column.
#[derive(Debug, Clone, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) sql: String,
    /// As SQL writes it.
    pub(super) r#type: String,
    /// The type below its domains, without length.
    pub(super) base: String,
    /// `typcategory` of that.
    pub(super) category: String,
    /// `typtype` of that.
    pub(super) kind: String,
    /// Most characters, where there is a limit.
    pub(super) length: Option<usize>,
    /// Of an enum.
    pub(super) labels: Vec<String>,
    pub(super) not_null: bool,
    pub(super) has_default: bool,
    /// Whether its default takes a number from a sequence, which takes a right.
    pub(super) draws: bool,
    /// Whether nobody may give it a value.
    pub(super) always: bool,
    pub(super) identity: bool,
}

/// A foreign key.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ForeignKey {
    pub(super) name: String,
    pub(super) to: Named,
    pub(super) columns: Vec<String>,
    pub(super) to_columns: Vec<String>,
}

/// A unique index, behind a constraint or not.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Unique {
    pub(super) name: String,
    pub(super) primary: bool,
    pub(super) predicate: Option<String>,
    /// Its columns, those within expressions too.
    pub(super) columns: Vec<String>,
}

/// A check, of the table or of a column's domain.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Check {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) columns: Vec<String>,
}

impl Shape {
    pub(super) fn id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.schema, &self.name)
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Columns that somebody may give a value.
    pub(super) fn writable(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| !column.always)
    }

    pub(super) fn all_checks(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().chain(&self.domain_checks)
    }
}

/// Every table of the database.
pub(super) async fn read(session: &Session) -> Result<BTreeMap<Id, Shape>> {
    let rows = session.texts(include_str!("shape.sql")).await;
    let rows = rows.map_err(|error| error.diagnostic("reading the tables of scratch"))?;
    let json = rows
        .into_iter()
        .flatten()
        .flatten()
        .next()
        .unwrap_or_default();
    let shapes: Vec<Shape> = serde_json::from_str(&json).map_err(|error| {
        Diagnostic::error(
            "internal-unreadable",
            format!("the tables of scratch are not understood: {error}"),
        )
        .help("this is a bug: please report the schema")
    })?;
    Ok(shapes
        .into_iter()
        .map(|shape| (shape.id(), shape))
        .collect())
}
