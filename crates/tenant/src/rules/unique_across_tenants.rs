//! A key that tells what other tenants have.

use std::collections::BTreeSet;

use driftless_catalog::{Id, Object, Tag};

use crate::facts::{Facts, TenantTable};
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds unique constraints, unique indexes, exclusion constraints and primary keys on tables of
    /// tenants that leave the tenant column out. A primary key of uuids or of numbers is left alone.
    ///
    /// ## Why
    /// Uniqueness is checked past row level security. A tenant that may insert learns from the error
    /// that another has the value: an e-mail address, a name. It can also take values away.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE TABLE contacts (account_id uuid NOT NULL, email text NOT NULL UNIQUE);
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE TABLE contacts (account_id uuid NOT NULL, email text NOT NULL, UNIQUE (account_id, email));
    /// ```
    ///
    /// ## What to do
    /// Put the tenant column into the key. What has to be unique for all (the name in a URL) is
    /// accepted with that reason.
    "R11", "unique-across-tenants", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        for id in across_tenants(facts, table) {
            let path = table.path();
            found.add(
                id.path(),
                format!(
                    "{} tells a tenant what other tenants have in {path}: {} is no part of it",
                    id.name, table.column.name
                ),
                format!(
                    "put {} into it, or accept it if the values have to be unique for all",
                    table.column.name
                ),
            );
        }
    }
}

/// Keys of a table that two tenants share.
fn across_tenants(facts: &Facts<'_>, table: &TenantTable<'_>) -> Vec<Id> {
    let column = &table.column.name;
    let Id { schema, name, .. } = &table.id;
    let of = |kind| facts.catalog.belonging(kind, schema, name);
    let all = of(Tag::PrimaryKey)
        .chain(of(Tag::Unique))
        .chain(of(Tag::Index))
        .chain(of(Tag::Exclusion));
    let shared = |object: &&Object| match object {
        Object::PrimaryKey(key) => {
            !key.columns.contains(column) && !is_surrogate(facts, &table.id, &key.columns)
        }
        Object::Unique(key) => !key.columns.contains(column),
        Object::Index(index) => {
            let keys: BTreeSet<&str> = index
                .columns
                .iter()
                .filter(|key| !key.is_expression)
                .map(|key| key.expression.as_str())
                .collect();
            index.unique && !keys.contains(column.as_str())
        }
        // Only `account_id WITH =` keeps tenants apart.
        Object::Exclusion(exclusion) => {
            let words: String = exclusion.definition.split_whitespace().collect();
            let bare = words.contains(&format!("({column}WITH=")) || words.contains(&format!(",{column}WITH="));
            !bare
        }
        _ => false,
    };
    let attached = |object: &Object| {
        let id = object.id();
        let part = Id::in_parent(Tag::IndexPartition, schema, name, &id.name);
        facts.catalog.contains(&part)
    };
    all.filter(shared).filter(|object| !attached(object)).map(Object::id).collect()
}

/// Whether values of a key are made rather than meant: nobody learns a thing from one that exists.
fn is_surrogate(facts: &Facts<'_>, table: &Id, columns: &[String]) -> bool {
    columns.iter().all(|name| {
        let id = Id::in_parent(Tag::Column, &table.schema, &table.name, name);
        let made = ["uuid", "bigint", "integer", "smallint"];
        matches!(facts.catalog.get(&id), Some(Object::Column(column))
            if column.data_type.schema.is_empty()
                && column.data_type.dimensions == 0
                && made.contains(&column.data_type.name.as_str()))
    })
}
