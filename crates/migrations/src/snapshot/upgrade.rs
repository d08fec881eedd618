//! Versions 5 and 6, and the way from them to 7 that `drizzle-kit up` takes.

use super::model::{
    Column, CompositePrimaryKey, Enum, ForeignKey, Index, IndexColumn, Map, Meta, Snapshot, Table,
    UniqueConstraint,
};
use super::read::state;
use serde::Deserialize;
use serde_json::Value;

/// drizzle-kit 0.20: keys without a schema, enum values as an object, dialect `pg`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct V5 {
    id: String,
    prev_id: String,
    tables: Map<OldTable>,
    enums: Map<OldEnum>,
    schemas: Map<String>,
    #[serde(rename = "_meta")]
    meta: Meta,
    #[serde(default)]
    internal: Option<Value>,
}

/// drizzle-kit 0.21: index columns are still bare names.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct V6 {
    id: String,
    prev_id: String,
    tables: Map<OldTable>,
    enums: Map<Enum>,
    schemas: Map<String>,
    #[serde(rename = "_meta")]
    meta: Meta,
    #[serde(default)]
    internal: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OldTable {
    name: String,
    schema: String,
    columns: Map<Column>,
    indexes: Map<OldIndex>,
    foreign_keys: Map<ForeignKey>,
    composite_primary_keys: Map<CompositePrimaryKey>,
    #[serde(default)]
    unique_constraints: Map<UniqueConstraint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OldIndex {
    name: String,
    columns: Vec<String>,
    is_unique: bool,
    #[serde(default)]
    with: Map<String>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    r#where: Option<String>,
    #[serde(default)]
    concurrently: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OldEnum {
    name: String,
    values: Map<String>,
}

impl V5 {
    pub(super) fn upgrade(self) -> Snapshot {
        let tables = self.tables.into_values().map(|table| {
            let schema = match table.schema.as_str() {
                "" => "public",
                schema => schema,
            };
            (format!("{schema}.{}", table.name), table)
        });
        let enums = self.enums.into_values().map(|old| {
            let new = Enum {
                values: old.values.into_values().collect(),
                schema: "public".to_owned(),
                name: old.name,
            };
            (format!("public.{}", new.name), new)
        });
        V6 {
            id: self.id,
            prev_id: self.prev_id,
            tables: tables.collect(),
            enums: enums.collect(),
            schemas: self.schemas,
            meta: self.meta,
            internal: self.internal,
        }
        .upgrade()
    }
}

impl V6 {
    pub(super) fn upgrade(self) -> Snapshot {
        Snapshot {
            tables: self
                .tables
                .into_iter()
                .map(|(key, table)| (key, table.upgrade()))
                .collect(),
            enums: self.enums,
            ..state(
                self.id,
                self.prev_id,
                self.schemas,
                self.meta,
                self.internal,
            )
        }
    }
}

impl OldTable {
    fn upgrade(self) -> Table {
        Table {
            name: self.name,
            schema: self.schema,
            columns: self.columns,
            indexes: self
                .indexes
                .into_iter()
                .map(|(key, index)| (key, index.upgrade()))
                .collect(),
            foreign_keys: self.foreign_keys,
            composite_primary_keys: self.composite_primary_keys,
            unique_constraints: self.unique_constraints,
            ..Table::default()
        }
    }
}

impl OldIndex {
    fn upgrade(self) -> Index {
        Index {
            name: self.name,
            columns: self
                .columns
                .into_iter()
                .map(|expression| IndexColumn {
                    expression,
                    is_expression: false,
                    asc: true,
                    nulls: Some("last".to_owned()),
                    opclass: None,
                })
                .collect(),
            is_unique: self.is_unique,
            r#where: self.r#where,
            concurrently: self.concurrently,
            method: self.method.unwrap_or_else(|| "btree".to_owned()),
            with: self
                .with
                .into_iter()
                .map(|(key, value)| (key, Value::String(value)))
                .collect(),
        }
    }
}
