//! Foreign keys: `.references(() => users.id)` where the name is Drizzle's own, else
//! `foreignKey({ ... })`.

use super::table::{Writing, column_of};
use super::{Cx, Part};
use crate::pull::page::Page;
use crate::pull::said::Said;
use crate::pull::text::{object, string};
use driftless_catalog::kinds::{Column, Descent, ForeignKey, Table, Timing};
use driftless_catalog::{Id, Object, Tag};
use std::collections::BTreeSet;

pub(super) fn part(key: &ForeignKey, cx: &Cx<'_>) -> Part {
    Part::unless(&[
        (
            key.match_full
                || key.period
                || key.timing != Timing::Immediate
                || key.not_valid
                || key.not_enforced,
            "Drizzle has no words for MATCH FULL, DEFERRABLE, NOT VALID, NOT ENFORCED and PERIOD",
        ),
        (
            !key.on_delete_columns.is_empty(),
            "Drizzle sets all columns or none on delete",
        ),
        (key.origin != Descent::Own, "it comes from another table"),
        (
            !cx.has_table(&key.to_schema, &key.to_table),
            "the table that it refers to is in SQL",
        ),
    ])
}

/// The tables that the foreign keys of a table refer to.
pub(super) fn targets(said: &Said, table: &Table) -> BTreeSet<Id> {
    let keys = said
        .catalog
        .belonging(Tag::ForeignKey, &table.schema, &table.name);
    keys.filter_map(|object| match object {
        Object::ForeignKey(key) => Some(target(key)),
        _ => None,
    })
    .collect()
}

fn target(key: &ForeignKey) -> Id {
    Id::in_schema(Tag::Table, &key.to_schema, &key.to_table)
}

fn usual_name(key: &ForeignKey) -> String {
    let (columns, to) = (key.columns.join("_"), key.to_columns.join("_"));
    format!("{}_{columns}_{}_{to}_fk", key.table, key.to_table)
}

fn is_self(key: &ForeignKey) -> bool {
    (&key.schema, &key.table) == (&key.to_schema, &key.to_table)
}

/// Whether it is said with its only column.
fn is_of_column(key: &ForeignKey) -> bool {
    key.columns.len() == 1 && key.name == usual_name(key) && !is_self(key)
}

/// `.references(() => users.id, { onDelete: 'cascade' })` behind a column, once for each key.
pub(super) fn methods(column: &Column, page: &mut Page<'_>) -> String {
    let said = page.said;
    let keys = said
        .catalog
        .belonging(Tag::ForeignKey, &column.schema, &column.table);
    let mut text = String::new();
    for object in keys {
        let Object::ForeignKey(key) = object else {
            continue;
        };
        if !is_of_column(key) || key.columns != [column.name.as_str()] {
            continue;
        }
        let to = column_of(&key.to_schema, &key.to_table, &key.to_columns[0], page);
        // TypeScript cannot work out the types of two tables that refer to each other.
        let arrow = if page.written.contains(&target(key)) {
            "()".to_owned()
        } else {
            format!("(): {}", page.import("AnyPgColumn"))
        };
        let actions: Vec<_> = actions(key)
            .into_iter()
            .map(|(name, action)| {
                (
                    if name == ".onDelete" {
                        "onDelete"
                    } else {
                        "onUpdate"
                    },
                    action,
                )
            })
            .collect();
        let actions =
            self::object(&actions).map_or_else(String::new, |actions| format!(", {actions}"));
        text += &format!(".references({arrow} => {to}{actions})");
    }
    text
}

pub(super) fn extra(key: &ForeignKey, table: &Writing<'_>, page: &mut Page<'_>) -> Option<String> {
    if is_of_column(key) {
        return None;
    }
    let function = page.import("foreignKey");
    let to: Vec<_> = key
        .to_columns
        .iter()
        .map(|column| {
            if is_self(key) {
                table.column(column)
            } else {
                column_of(&key.to_schema, &key.to_table, column, page)
            }
        })
        .collect();
    let name = if key.name == usual_name(key) && !page.every_name {
        String::new()
    } else {
        format!(", name: {}", string(&key.name))
    };
    let actions: Vec<String> = actions(key)
        .into_iter()
        .map(|(method, action)| format!("{method}({action})"))
        .collect();
    let actions = actions.concat();
    Some(format!(
        "{function}({{ columns: [{}], foreignColumns: [{}]{name} }}){actions}",
        table.columns(&key.columns),
        to.join(", ")
    ))
}

/// What happens besides nothing, by method.
fn actions(key: &ForeignKey) -> Vec<(&'static str, String)> {
    [(".onDelete", &key.on_delete), (".onUpdate", &key.on_update)]
        .into_iter()
        .filter(|(_, action)| *action != "no action")
        .map(|(method, action)| (method, string(action)))
        .collect()
}
