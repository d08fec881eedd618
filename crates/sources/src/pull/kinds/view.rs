//! Views: `pgView('recent', { ... }).as(sql`...`)`.

use super::{Part, column_type};
use crate::pull::page::Page;
use crate::pull::text::{key, object, string};
use driftless_catalog::kinds::{MaterializedView, View, ViewColumn};
use driftless_catalog::{Id, Object, Tag};
use std::collections::BTreeMap;

pub(super) fn part(view: &View, whole: &Object) -> Part {
    if view
        .options
        .iter()
        .any(|(name, value)| option(name, value).is_none())
    {
        return Part::Nothing("Drizzle has no words for one of its options");
    }
    let mut said = view.clone();
    for column in &mut said.columns {
        column.default = None;
    }
    Part::of(whole, said, "Drizzle has no defaults of a view's columns")
}

pub(super) fn materialized_part(view: &MaterializedView) -> Part {
    let unsayable = view
        .options
        .iter()
        .any(|(name, value)| option(name, value).is_none());
    Part::unless(&[(
        unsayable,
        "Drizzle has no words for one of its storage parameters",
    )])
}

pub(super) fn statement(view: &View, page: &mut Page<'_>) -> String {
    let constant = page.constant(&Id::in_schema(Tag::View, &view.schema, &view.name));
    let function = page.builder(&view.schema, "view", "pgView");
    let mut text = format!(
        "export const {constant} = {function}({}, {{\n",
        string(&view.name)
    );
    text += &columns(&view.columns, page);
    text.push_str("})");
    text += &with(&view.options);
    text + &format!(".as({});", page.sql(query(&view.query)))
}

pub(super) fn materialized_statement(view: &MaterializedView, page: &mut Page<'_>) -> String {
    let constant = page.constant(&Id::in_schema(
        Tag::MaterializedView,
        &view.schema,
        &view.name,
    ));
    let function = page.builder(&view.schema, "materializedView", "pgMaterializedView");
    let mut text = format!(
        "export const {constant} = {function}({}, {{\n",
        string(&view.name)
    );
    let key = (view.schema.clone(), view.name.clone());
    let known = page.materialized.get(&key).map_or(&[][..], Vec::as_slice);
    text += &columns(known, page);
    text.push_str("})");
    if let Some(method) = &view.access_method {
        text += &format!(".using({})", string(method));
    }
    text += &with(&view.options);
    if let Some(space) = &view.tablespace {
        text += &format!(".tablespace({})", string(space));
    }
    if view.no_data {
        text += ".withNoData()";
    }
    text + &format!(".as({});", page.sql(query(&view.query)))
}

fn query(text: &str) -> &str {
    text.trim().trim_end_matches(';').trim_end()
}

fn columns(columns: &[ViewColumn], page: &mut Page<'_>) -> String {
    let keys = page
        .names
        .keys(columns.iter().map(|column| column.name.as_str()));
    let mut text = String::new();
    for column in columns {
        let name = keys.get(column.name.as_str()).map_or("", String::as_str);
        let typed = column_type::of_text(&column.r#type, page);
        let given = (name != column.name || page.every_name).then(|| string(&column.name));
        text += &format!("  {}: {},\n", key(name), typed.call(given));
    }
    text
}

fn with(options: &BTreeMap<String, String>) -> String {
    let names: Vec<String> = options.keys().map(|name| camel(name)).collect();
    let values = options
        .iter()
        .filter_map(|(name, value)| option(name, value));
    let members: Vec<_> = names.iter().map(String::as_str).zip(values).collect();
    object(&members).map_or_else(String::new, |members| format!(".with({members})"))
}

/// An option as Drizzle has it; nothing where it cannot say it.
fn option(name: &str, value: &str) -> Option<String> {
    let boolean = || ["true", "false"].contains(&value).then(|| value.to_owned());
    let word = |words: &[&str]| words.contains(&value).then(|| string(value));
    match name {
        "check_option" => word(&["local", "cascaded"]),
        "vacuum_index_cleanup" => word(&["auto", "off", "on"]),
        "security_barrier" | "security_invoker" | "autovacuum_enabled" | "vacuum_truncate"
        | "user_catalog_table" => boolean(),
        "fillfactor"
        | "toast_tuple_target"
        | "parallel_workers"
        | "autovacuum_vacuum_threshold"
        | "autovacuum_vacuum_scale_factor"
        | "autovacuum_vacuum_cost_delay"
        | "autovacuum_vacuum_cost_limit"
        | "autovacuum_freeze_min_age"
        | "autovacuum_freeze_max_age"
        | "autovacuum_freeze_table_age"
        | "autovacuum_multixact_freeze_min_age"
        | "autovacuum_multixact_freeze_max_age"
        | "autovacuum_multixact_freeze_table_age"
        | "log_autovacuum_min_duration" => {
            let number = value.parse::<f64>().ok()?;
            (number.to_string() == value).then(|| value.to_owned())
        }
        _ => None,
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut chars = word.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}
