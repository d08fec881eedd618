//! Unique constraints: `.unique()` of one column, `unique('name').on(...)` of several.

use super::Part;
use super::table::Writing;
use crate::pull::page::Page;
use crate::pull::text::{call, string};
use driftless_catalog::kinds::{Column, IndexBehind, Unique};
use driftless_catalog::{Object, Tag};

pub(super) fn part(unique: &Unique) -> Part {
    Part::unless(&[(
        unique.behind != IndexBehind::default(),
        "Drizzle has no words for INCLUDE, DEFERRABLE, WITHOUT OVERLAPS and storage of a unique constraint",
    )])
}

fn usual_name(unique: &Unique) -> String {
    format!("{}_{}_unique", unique.table, unique.columns.join("_"))
}

/// What is said with a column: the first unique constraint over it alone.
fn of_column<'a>(column: &Column, page: &Page<'a>) -> Option<&'a Unique> {
    let said = page.said;
    let mut all = said
        .catalog
        .belonging(Tag::Unique, &column.schema, &column.table);
    all.find_map(|object| match object {
        Object::Unique(unique) if unique.columns == [column.name.as_str()] => Some(unique),
        _ => None,
    })
}

/// `.unique('users_email_key')` behind a column.
pub(super) fn method(column: &Column, page: &Page<'_>) -> Option<String> {
    let unique = of_column(column, page)?;
    let nulls = unique
        .nulls_not_distinct
        .then(|| "{ nulls: 'not distinct' }".to_owned());
    let name = if usual_name(unique) == unique.name && nulls.is_none() {
        None
    } else {
        Some(string(&unique.name))
    };
    Some(call(".unique", &[name, nulls]))
}

pub(super) fn extra(unique: &Unique, table: &Writing<'_>, page: &mut Page<'_>) -> Option<String> {
    if let [column] = &unique.columns[..] {
        let column = table.columns.iter().find(|one| one.name == *column)?;
        if of_column(column, page).is_some_and(|first| first.name == unique.name) {
            return None;
        }
    }
    let function = page.import("unique");
    let usual = usual_name(unique) == unique.name && !page.every_name;
    let name = (!usual).then(|| string(&unique.name));
    let nulls = if unique.nulls_not_distinct {
        ".nullsNotDistinct()"
    } else {
        ""
    };
    Some(format!(
        "{}.on({}){nulls}",
        call(function, &[name]),
        table.columns(&unique.columns)
    ))
}
