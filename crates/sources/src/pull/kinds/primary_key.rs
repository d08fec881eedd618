//! Primary keys: `.primaryKey()` where the name is Postgres's own, else `primaryKey({ ... })`.

use super::Part;
use super::table::Writing;
use crate::pull::page::Page;
use crate::pull::text::string;
use driftless_catalog::kinds::{IndexBehind, PrimaryKey};

pub(super) fn part(key: &PrimaryKey) -> Part {
    Part::unless(&[(
        key.behind != IndexBehind::default(),
        "Drizzle has no words for INCLUDE, DEFERRABLE, WITHOUT OVERLAPS and storage of a key",
    )])
}

/// Whether it is said with its only column.
pub(super) fn is_of_column(key: &PrimaryKey) -> bool {
    key.columns.len() == 1 && key.name == PrimaryKey::default_name(&key.table)
}

pub(super) fn extra(key: &PrimaryKey, table: &Writing<'_>, page: &mut Page<'_>) -> Option<String> {
    if is_of_column(key) {
        return None;
    }
    let function = page.import("primaryKey");
    let usual = format!("{}_{}_pk", key.table, key.columns.join("_"));
    // drizzle-kit makes names of keys where a column has none of its own.
    let name = if usual == key.name && !page.every_name {
        String::new()
    } else {
        format!(", name: {}", string(&key.name))
    };
    Some(format!(
        "{function}({{ columns: [{}]{name} }})",
        table.columns(&key.columns)
    ))
}
