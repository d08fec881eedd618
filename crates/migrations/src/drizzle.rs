//! A version 7 snapshot as a catalog.
//!
//! Both sides of `generate` come through here, the evaluated schema and the newest snapshot, so
//! that one hand spells both.

use std::collections::BTreeMap;

use driftless_catalog::kinds::{
    Check, Column, DataType, EnumType, ForeignKey, Identity, Index, IndexColumn, MaterializedView,
    Nulls, Object, Policy, PrimaryKey, Role, Schema, Sequence, SequenceOptions, Table, Unique,
    View,
};
use driftless_catalog::{Catalog, Id, Spelling, Tag, literal, stored_name};
use driftless_diagnostic::{Diagnostic, Failure, Result};
use serde_json::Value;

use crate::snapshot::{self, IdentityType, PolicyAs, Snapshot};

/// Every object of a snapshot.
///
/// # Errors
/// `duplicate-object` where two objects claim one name, all of them; `snapshot-policy-table`
/// where a linked policy does not say its table.
pub fn catalog(snapshot: &Snapshot) -> Result<Catalog> {
    let mut reader = Reader {
        catalog: Catalog::empty(Spelling::Declared),
        problems: Vec::new(),
    };
    for name in snapshot.schemas.values() {
        reader.add(Schema { name: stored(name) });
    }
    for role in snapshot.roles.values() {
        reader.add(Role {
            name: stored(&role.name),
            create_db: role.create_db.unwrap_or(false),
            create_role: role.create_role.unwrap_or(false),
            inherit: role.inherit.unwrap_or(true),
            ..Role::default()
        });
    }
    for enum_type in snapshot.enums.values() {
        reader.add(EnumType {
            schema: schema(&enum_type.schema),
            name: stored(&enum_type.name),
            labels: enum_type.values.clone(),
        });
    }
    for sequence in snapshot.sequences.values() {
        reader.add(Sequence {
            schema: schema(&sequence.schema),
            name: stored(&sequence.name),
            options: SequenceOptions {
                increment: sequence.increment.clone(),
                min_value: sequence.min_value.clone(),
                max_value: sequence.max_value.clone(),
                start: sequence.start_with.clone(),
                cache: sequence.cache.clone(),
                cycle: sequence.cycle.unwrap_or(false),
            },
            ..Sequence::default()
        });
    }
    for table in snapshot.tables.values() {
        reader.table(table);
    }
    for view in snapshot.views.values() {
        reader.view(view);
    }
    for policy in snapshot.policies.values() {
        reader.linked_policy(policy);
    }
    if reader.problems.is_empty() {
        Ok(reader.catalog)
    } else {
        Err(Failure::new(reader.problems))
    }
}

struct Reader {
    catalog: Catalog,
    problems: Vec<Diagnostic>,
}

impl Reader {
    fn add(&mut self, object: impl Into<Object>) {
        let object = object.into();
        let id = object.id();
        if self.catalog.insert(object).is_some() {
            self.problems.push(
                Diagnostic::error("duplicate-object", format!("{id} is there twice"))
                    .help("give one of the two another name"),
            );
        }
    }

    fn table(&mut self, table: &snapshot::Table) {
        let (schema, name) = (schema(&table.schema), stored(&table.name));
        self.add(Table {
            schema: schema.clone(),
            name: name.clone(),
            row_security: table.is_rls_enabled || !table.policies.is_empty(),
            ..Table::default()
        });
        let in_key = |column: &str| {
            table
                .composite_primary_keys
                .values()
                .any(|key| key.columns.iter().any(|name| name == column))
        };
        for (position, column) in (0..).zip(table.columns.values()) {
            self.column(table, column, position, in_key(&column.name));
        }
        for key in table.composite_primary_keys.values() {
            self.add(PrimaryKey {
                schema: schema.clone(),
                table: name.clone(),
                name: stored(&key.name),
                columns: all_stored(&key.columns),
                ..PrimaryKey::default()
            });
        }
        for unique in table.unique_constraints.values() {
            self.add(Unique {
                schema: schema.clone(),
                table: name.clone(),
                name: stored(&unique.name),
                columns: all_stored(&unique.columns),
                nulls_not_distinct: unique.nulls_not_distinct,
                ..Unique::default()
            });
        }
        for check in table.check_constraints.values() {
            self.add(Check {
                schema: schema.clone(),
                table: name.clone(),
                name: stored(&check.name),
                expression: check.value.clone(),
                ..Check::default()
            });
        }
        for key in table.foreign_keys.values() {
            let action = |action: &Option<String>| {
                action
                    .as_deref()
                    .map_or_else(|| "no action".to_owned(), str::to_lowercase)
            };
            self.add(ForeignKey {
                schema: schema.clone(),
                table: name.clone(),
                name: stored(&key.name),
                columns: all_stored(&key.columns_from),
                to_schema: self::schema(key.schema_to.as_deref().unwrap_or_default()),
                to_table: stored(&key.table_to),
                to_columns: all_stored(&key.columns_to),
                on_delete: action(&key.on_delete),
                on_update: action(&key.on_update),
                ..ForeignKey::default()
            });
        }
        for index in table.indexes.values() {
            self.add(self::index(&schema, &name, index));
        }
        for policy in table.policies.values() {
            self.add(self::policy(&schema, &name, policy));
        }
    }

    fn column(
        &mut self,
        table: &snapshot::Table,
        column: &snapshot::Column,
        position: u32,
        in_key: bool,
    ) {
        let (schema, table) = (schema(&table.schema), stored(&table.name));
        let name = stored(&column.name);
        let data_type = match &column.type_schema {
            Some(type_schema) => DataType::named(&self::schema(type_schema), &column.r#type),
            None => self.unqualified(&column.r#type),
        };
        if column.primary_key {
            self.add(PrimaryKey {
                schema: schema.clone(),
                table: table.clone(),
                name: PrimaryKey::default_name(&table),
                columns: vec![name.clone()],
                ..PrimaryKey::default()
            });
        }
        if column.is_unique == Some(Value::Bool(true)) {
            self.add(Unique {
                schema: schema.clone(),
                table: table.clone(),
                name: column
                    .unique_name
                    .as_deref()
                    .map_or_else(|| stored(&format!("{table}_{name}_unique")), stored),
                columns: vec![name.clone()],
                nulls_not_distinct: column.nulls_not_distinct.unwrap_or(false),
                ..Unique::default()
            });
        }
        self.add(Column {
            schema,
            table,
            name,
            position,
            not_null: column.not_null
                || column.primary_key
                || in_key
                || column.identity.is_some()
                || data_type.serial_base().is_some(),
            data_type,
            default: column.default.as_ref().map(default),
            generated: column.generated.as_ref().map(|g| g.r#as.clone()),
            identity: column.identity.as_ref().map(identity),
            ..Column::default()
        });
    }

    /// drizzle-kit leaves the schema of a TypeScript enum in `public` out: then the name says it.
    fn unqualified(&self, text: &str) -> DataType {
        let data_type = DataType::verbatim(text);
        let declared = Id::in_schema(Tag::EnumType, "public", &stored(&data_type.name));
        if self.catalog.contains(&declared) {
            return DataType::named("public", text);
        }
        data_type
    }

    fn view(&mut self, view: &snapshot::View) {
        let Some(query) = view.definition.clone().filter(|_| !view.is_existing) else {
            return;
        };
        let options: BTreeMap<_, _> = view
            .with
            .iter()
            .flatten()
            .map(|(key, value)| (snake_case(key), words(value)))
            .collect();
        let (schema, name) = (schema(&view.schema), stored(&view.name));
        if view.materialized {
            self.add(MaterializedView {
                schema,
                name,
                query,
                options,
                access_method: view.using.clone(),
                tablespace: view.tablespace.clone(),
                no_data: view.with_no_data.unwrap_or(false),
            });
        } else {
            self.add(View {
                schema,
                name,
                query,
                options,
                ..View::default()
            });
        }
    }

    /// A policy on a table that the schema does not declare says the table as `"schema"."table"`.
    fn linked_policy(&mut self, linked: &snapshot::Policy) {
        let on = linked.on.as_deref().unwrap_or_default();
        let (mentions, _) = driftless_catalog::identifiers(on);
        let (schema, table) = match &mentions[..] {
            [table] => (linked.schema.clone().unwrap_or_default(), &table.name),
            [schema, table] => (schema.name.clone(), &table.name),
            _ => {
                self.problems.push(Diagnostic::error(
                    "snapshot-policy-table",
                    format!("policy {} does not say which table it is on", linked.name),
                ));
                return;
            }
        };
        self.add(policy(&self::schema(&schema), table, linked));
    }
}

/// Drizzle leaves `public` out in some places and spells it in others.
fn schema(name: &str) -> String {
    stored(if name.is_empty() { "public" } else { name })
}

/// Postgres cuts long names, and names that Drizzle makes up are often long. The catalog has what
/// is in the database, so that nothing is done for a difference that gets cut off.
fn stored(name: &str) -> String {
    stored_name(name).to_owned()
}

fn all_stored(names: &[String]) -> Vec<String> {
    names.iter().map(|name| stored(name)).collect()
}

fn default(value: &Value) -> String {
    match value {
        Value::String(sql) => sql.clone(),
        Value::Array(_) | Value::Object(_) => literal(&value.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn words(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn identity(identity: &snapshot::Identity) -> Identity {
    Identity {
        always: identity.r#type == IdentityType::Always,
        sequence: stored(&identity.name),
        options: SequenceOptions {
            increment: identity.increment.clone(),
            min_value: identity.min_value.clone(),
            max_value: identity.max_value.clone(),
            start: identity.start_with.clone(),
            cache: identity.cache.clone(),
            cycle: identity.cycle.unwrap_or(false),
        },
    }
}

fn index(schema: &str, table: &str, index: &snapshot::Index) -> Index {
    let sorts = index.method == "btree";
    let columns = index.columns.iter().map(|column| IndexColumn {
        expression: if column.is_expression {
            column.expression.clone()
        } else {
            stored(&column.expression)
        },
        is_expression: column.is_expression,
        operator_class: column.opclass.clone(),
        descending: sorts && !column.asc,
        nulls: match column.nulls.as_deref() {
            _ if !sorts => None,
            Some("first") => Some(Nulls::First),
            Some("last") => Some(Nulls::Last),
            _ => None,
        },
        ..IndexColumn::default()
    });
    Index {
        schema: schema.to_owned(),
        table: table.to_owned(),
        name: stored(&index.name),
        method: index.method.clone(),
        columns: columns.collect(),
        unique: index.is_unique,
        predicate: index.r#where.clone(),
        with: index
            .with
            .iter()
            .map(|(key, value)| (key.clone(), words(value)))
            .collect(),
        concurrently: index.concurrently,
        ..Index::default()
    }
}

fn policy(schema: &str, table: &str, policy: &snapshot::Policy) -> Policy {
    let mut roles = all_stored(policy.to.as_deref().unwrap_or_default());
    if roles.is_empty() {
        roles.push("public".to_owned());
    }
    Policy {
        schema: schema.to_owned(),
        table: table.to_owned(),
        name: stored(&policy.name),
        permissive: policy.r#as.unwrap_or_default() == PolicyAs::Permissive,
        command: format!("{:?}", policy.r#for.unwrap_or_default()).to_uppercase(),
        roles,
        using: policy.using.clone(),
        with_check: policy.with_check.clone(),
    }
}

/// `autovacuumEnabled` as Postgres has it.
fn snake_case(key: &str) -> String {
    let mut out = String::new();
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
