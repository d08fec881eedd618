//! A row that points into another account.

use driftless_catalog::{Id, Object, Tag};

use crate::facts::{Facts, TenantTable};
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds foreign keys between tables of tenants that do not lead from tenant column to tenant
    /// column.
    ///
    /// ## Why
    /// A foreign key is checked past row level security. A tenant can point at a row of another one,
    /// and learns from the error whether it exists. ON DELETE CASCADE then reaches across accounts.
    ///
    /// ## Bad
    /// ```sql
    /// FOREIGN KEY (project_id) REFERENCES projects (id)
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// FOREIGN KEY (account_id, project_id) REFERENCES projects (account_id, id)
    /// ```
    ///
    /// ## What to do
    /// Make the tenant column part of the foreign key; the table it points at needs a unique
    /// constraint over both columns.
    "R12", "foreign-key-across-tenants", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        let Id { schema, name, .. } = &table.id;
        for object in facts.catalog.belonging(Tag::ForeignKey, schema, name) {
            let Object::ForeignKey(key) = object else {
                continue;
            };
            let to = Id::in_schema(Tag::Table, &key.to_schema, &key.to_table);
            let Some(target) = facts.table(&to) else {
                continue;
            };
            if !keeps_tenant(table, target, &key.columns, &key.to_columns) {
                let path = table.path();
                found.add(
                    object.id().path(),
                    format!(
                        "a row of {path} can point at another tenant's row of {}: {} leaves {} out",
                        target.path(),
                        key.name,
                        table.column.name
                    ),
                    format!(
                        "make it ({}, …) REFERENCES {} ({}, …)",
                        table.column.name,
                        target.path(),
                        target.column.name
                    ),
                );
            }
        }
    }
}

fn keeps_tenant(
    table: &TenantTable<'_>,
    target: &TenantTable<'_>,
    from: &[String],
    to: &[String],
) -> bool {
    let mut pairs = from.iter().zip(to);
    pairs.any(|(from, to)| *from == table.column.name && *to == target.column.name)
}
