//! Columns: `email: text().notNull().unique()`.

use super::table::Writing;
use super::{Part, column_type, default, foreign_key, primary_key, sequence, serial, unique};
use crate::pull::page::Page;
use crate::pull::text::{number, object, string};
use driftless_catalog::kinds::{Column, Descent, Identity};
use driftless_catalog::{Object, Tag};
use std::collections::BTreeMap;

/// Why the table of a column goes to SQL as a whole.
pub(super) fn against(column: &Column) -> Option<&'static str> {
    if column.origin != Descent::Own {
        return Some("its columns come from another table");
    }
    if column.generated_virtual {
        return Some("Drizzle has no word for VIRTUAL");
    }
    let counts = ["smallint", "integer", "bigint"].contains(&column.data_type.name.as_str())
        && column.data_type.schema.is_empty()
        && column.data_type.dimensions == 0;
    if column.identity.is_some() && !counts {
        return Some("Drizzle has no identity of such a type");
    }
    None
}

pub(super) fn part(column: &Column, whole: &Object) -> Part {
    let said = Column {
        storage: None,
        usual_storage: None,
        compression: None,
        statistics: None,
        options: BTreeMap::new(),
        not_null_constraint: None,
        ..column.clone()
    };
    Part::of(
        whole,
        said,
        "Drizzle has no words for STORAGE, COMPRESSION, STATISTICS, options and the name of NOT NULL",
    )
}

pub(super) fn text(column: &Column, table: &Writing<'_>, page: &mut Page<'_>) -> String {
    let given =
        (table.key(&column.name) != column.name || page.every_name).then(|| string(&column.name));
    let serial = serial::word(column, page.live);
    let typed = match serial {
        Some(word) => column_type::serial(word, page),
        None => column_type::of(column, page),
    };
    let mut text = typed.call(given);
    let is_key = is_key(column, page);
    if is_key {
        text += ".primaryKey()";
    }
    if column.not_null && !is_key && serial.is_none() && column.identity.is_none() {
        text += ".notNull()";
    }
    if serial.is_none()
        && let Some(expression) = &column.default
    {
        text += &default::method(expression, &typed, page);
    }
    if let Some(expression) = &column.generated {
        text += &format!(".generatedAlwaysAs({})", page.sql(expression));
    }
    if let Some(identity) = &column.identity {
        text += &self::identity(identity, column);
    }
    text += &unique::method(column, page).unwrap_or_default();
    text += &foreign_key::methods(column, page);
    text
}

fn is_key(column: &Column, page: &Page<'_>) -> bool {
    let mut keys = page
        .said
        .catalog
        .belonging(Tag::PrimaryKey, &column.schema, &column.table);
    keys.any(|object| match object {
        Object::PrimaryKey(key) => primary_key::is_of_column(key) && key.columns[0] == column.name,
        _ => false,
    })
}

fn identity(identity: &Identity, column: &Column) -> String {
    let word = if identity.always {
        "generatedAlwaysAsIdentity"
    } else {
        "generatedByDefaultAsIdentity"
    };
    let mut members = Vec::new();
    if identity.sequence != format!("{}_{}_seq", column.table, column.name) {
        members.push(("name", string(&identity.sequence)));
    }
    let mut options = sequence::options(&identity.options);
    // Drizzle takes the smallest smallint for the end of every sequence that counts down.
    let descends = identity
        .options
        .increment
        .as_ref()
        .is_some_and(|by| by.starts_with('-'));
    if descends && identity.options.min_value.is_none() {
        let least = match column.data_type.name.as_str() {
            "smallint" => "-32768",
            "integer" => "-2147483648",
            _ => "-9223372036854775808",
        };
        options.push(("minValue", number(least)));
    }
    members.extend(options);
    format!(".{word}({})", object(&members).unwrap_or_default())
}
