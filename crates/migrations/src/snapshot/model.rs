//! The fields of a version 7 snapshot, in the order in which drizzle-kit writes them.
//!
//! Optional fields are left out when absent. Fields that drizzle-kit's own reader fills in when
//! missing (policies, checks, `isRLSEnabled`, sequences, roles, views) are filled in here too.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// Objects by key, in the order of the file.
pub type Map<T> = IndexMap<String, T, FxBuildHasher>;

/// A whole snapshot file.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// A random uuid.
    pub id: String,
    /// The `id` of the snapshot before; [`super::ORIGIN`] for the first.
    pub prev_id: String,
    /// Always `7` in memory.
    pub version: String,
    /// Always `postgresql` in memory.
    pub dialect: String,
    /// By `schema.name`, with `public` spelled out.
    pub tables: Map<Table>,
    /// By `schema.name`.
    pub enums: Map<Enum>,
    /// Name to name; `public` is never listed.
    pub schemas: Map<String>,
    /// By `schema.name`.
    pub sequences: Map<Sequence>,
    /// By name.
    pub roles: Map<Role>,
    /// Policies linked to tables that the schema does not declare, by name.
    pub policies: Map<Policy>,
    /// By `schema.name`.
    pub views: Map<View>,
    /// Rename decisions; drizzle-kit 0.31 leaves them empty for Postgres.
    pub meta: Meta,
    /// What old versions of `drizzle-kit` noted for themselves.
    pub internal: Option<Value>,
    /// Top-level keys that drizzle-kit does not know; written back at the end.
    pub other: Map<Value>,
}

/// `tables."schema.name"`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Table {
    /// Bare name.
    pub name: String,
    /// Empty for `public`.
    pub schema: String,
    /// In the order of the table.
    pub columns: Map<Column>,
    /// By name.
    pub indexes: Map<Index>,
    /// By name.
    pub foreign_keys: Map<ForeignKey>,
    /// By name; a primary key of one column is a flag of that column instead.
    pub composite_primary_keys: Map<CompositePrimaryKey>,
    /// By name.
    #[serde(default)]
    pub unique_constraints: Map<UniqueConstraint>,
    /// By name.
    #[serde(default)]
    pub policies: Map<Policy>,
    /// By name.
    #[serde(default)]
    pub check_constraints: Map<CheckConstraint>,
    /// `.enableRLS()`; a table with policies has row security on whatever this says.
    #[serde(default, rename = "isRLSEnabled")]
    pub is_rls_enabled: bool,
}

/// A column of a table or view.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Column {
    /// Name in the database.
    pub name: String,
    /// Type as text, `[]` included; an enum's bare name.
    pub r#type: String,
    /// Schema of an enum type; absent for every other type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_schema: Option<String>,
    /// This column alone is the primary key.
    pub primary_key: bool,
    /// `NOT NULL`.
    pub not_null: bool,
    /// `GENERATED ALWAYS AS (..) STORED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// `GENERATED .. AS IDENTITY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// SQL text, or a plain JSON number, boolean, array or object as the schema had it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub default: Option<Value>,
    /// Legacy, never written by 0.31.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub is_unique: Option<Value>,
    /// Legacy, never written by 0.31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_name: Option<String>,
    /// Legacy, never written by 0.31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nulls_not_distinct: Option<bool>,
}

/// `generated` of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generated {
    /// The expression.
    pub r#as: String,
    /// `stored` is all there is.
    pub r#type: GeneratedType,
}

/// How a generated column keeps its value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GeneratedType {
    /// `STORED`.
    #[default]
    Stored,
}

/// `identity` of a column: the kind and the sequence behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// `ALWAYS` or `BY DEFAULT`.
    pub r#type: IdentityType,
    /// Name of the sequence.
    pub name: String,
    /// Schema of the sequence, `public` spelled out.
    pub schema: String,
    /// `INCREMENT BY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increment: Option<String>,
    /// `START WITH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_with: Option<String>,
    /// `MINVALUE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_value: Option<String>,
    /// `MAXVALUE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_value: Option<String>,
    /// `CACHE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
    /// `CYCLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<bool>,
}

/// Who may write an identity column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IdentityType {
    /// `GENERATED ALWAYS`.
    #[default]
    Always,
    /// `GENERATED BY DEFAULT`.
    ByDefault,
}

/// `indexes` of a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Index {
    /// Bare name.
    pub name: String,
    /// Columns and expressions in order.
    pub columns: Vec<IndexColumn>,
    /// `UNIQUE`.
    pub is_unique: bool,
    /// Predicate of a partial index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#where: Option<String>,
    /// `CONCURRENTLY`.
    #[serde(default)]
    pub concurrently: bool,
    /// Access method.
    #[serde(default = "btree")]
    pub method: String,
    /// Storage parameters.
    #[serde(default)]
    pub with: Map<Value>,
}

/// One column or expression of an index. Unknown keys are passed over, as drizzle-kit does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexColumn {
    /// Bare column name, or SQL when `is_expression`.
    pub expression: String,
    /// Tells the two apart.
    pub is_expression: bool,
    /// False for `DESC`.
    pub asc: bool,
    /// `first` or `last`.
    #[serde(default)]
    pub nulls: Option<String>,
    /// Operator class.
    #[serde(default)]
    pub opclass: Option<String>,
}

/// `foreignKeys` of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForeignKey {
    /// Bare name.
    pub name: String,
    /// The table that holds it.
    pub table_from: String,
    /// The referenced table.
    pub table_to: String,
    /// Schema of the referenced table; absent for `public`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_to: Option<String>,
    /// Columns here.
    pub columns_from: Vec<String>,
    /// Columns there.
    pub columns_to: Vec<String>,
    /// In lower case, `no action` spelled out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<String>,
    /// In lower case, `no action` spelled out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_update: Option<String>,
}

/// `compositePrimaryKeys` of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompositePrimaryKey {
    /// Bare name.
    pub name: String,
    /// In order.
    pub columns: Vec<String>,
}

/// `uniqueConstraints` of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UniqueConstraint {
    /// Bare name.
    pub name: String,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// In order.
    pub columns: Vec<String>,
}

/// `checkConstraints` of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckConstraint {
    /// Bare name.
    pub name: String,
    /// The condition.
    pub value: String,
}

/// A row security policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Bare name.
    pub name: String,
    /// Absent means permissive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#as: Option<PolicyAs>,
    /// Absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#for: Option<PolicyFor>,
    /// Role names, sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Vec<String>>,
    /// `USING` condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// `WITH CHECK` condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_check: Option<String>,
    /// Schema of the table; only on a policy linked to an undeclared table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Quoted name of the table; only on a policy linked to an undeclared table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

/// How a policy combines with the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PolicyAs {
    /// Any permissive policy lets a row through.
    #[default]
    Permissive,
    /// Every restrictive policy must let a row through.
    Restrictive,
}

/// The command that a policy is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "each is the SQL word")]
pub enum PolicyFor {
    #[default]
    All,
    Select,
    Insert,
    Update,
    Delete,
}

/// An enum type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// Bare name.
    pub name: String,
    /// `public` spelled out.
    pub schema: String,
    /// In order.
    pub values: Vec<String>,
}

/// A sequence; numbers are texts, as they may exceed what JSON can hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sequence {
    /// Bare name.
    pub name: String,
    /// `public` spelled out.
    pub schema: String,
    /// `INCREMENT BY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increment: Option<String>,
    /// `START WITH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_with: Option<String>,
    /// `MINVALUE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_value: Option<String>,
    /// `MAXVALUE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_value: Option<String>,
    /// `CACHE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
    /// `CYCLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<bool>,
}

/// A role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Role {
    /// Name.
    pub name: String,
    /// `CREATEDB`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_db: Option<bool>,
    /// `CREATEROLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_role: Option<bool>,
    /// `INHERIT`, the default of Postgres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherit: Option<bool>,
}

/// A view or materialized view.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// What its rows look like to TypeScript.
    pub columns: Map<Column>,
    /// Its query; absent for an existing view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// Bare name.
    pub name: String,
    /// `public` spelled out.
    pub schema: String,
    /// `.existing()`: named so that it can be queried, not managed.
    pub is_existing: bool,
    /// Options in the order of the schema, under drizzle's camel-case names.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "super::view_options::read"
    )]
    pub with: Option<Map<Value>>,
    /// `WITH NO DATA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_no_data: Option<bool>,
    /// `MATERIALIZED`.
    pub materialized: bool,
    /// `TABLESPACE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    /// Access method of a materialized view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
}

/// `_meta`: renames by old and new name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the kind that it holds")]
pub struct Meta {
    pub columns: Map<String>,
    pub schemas: Map<String>,
    pub tables: Map<String>,
}

/// drizzle-kit writes the fields of an expression in another order than those of a column.
impl Serialize for IndexColumn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("expression", &self.expression)?;
        if self.is_expression {
            map.serialize_entry("asc", &self.asc)?;
            map.serialize_entry("isExpression", &true)?;
        } else {
            map.serialize_entry("isExpression", &false)?;
            map.serialize_entry("asc", &self.asc)?;
        }
        if let Some(nulls) = &self.nulls {
            map.serialize_entry("nulls", nulls)?;
        }
        if let Some(opclass) = &self.opclass {
            map.serialize_entry("opclass", opclass)?;
        }
        map.end()
    }
}

fn btree() -> String {
    "btree".to_owned()
}

/// Keeps an explicit `null` apart from an absent field.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
