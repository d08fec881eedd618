//! `[tenant]` of `driftless.toml`: the column that says whose row it is, and who may see what.

use super::Spanned;
use super::read::{Reader, spanned};
use driftless_diagnostic::Diagnostic;
use std::ops::Range;
use toml::de::DeTable;

/// `[tenant]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// `column`: says whose row it is.
    pub column: Spanned<String>,
    /// `function`: says whose request it is.
    pub function: Spanned<String>,
    /// `set`: SQL that sets the tenant, with `{tenant}` for its value.
    pub set: Option<Spanned<String>>,
    /// `app_roles`: what applications connect as.
    pub app_roles: Vec<Spanned<String>>,
    /// `admin_roles`: may see all tenants.
    pub admin_roles: Vec<Spanned<String>>,
    /// `owner`: the role that migrates, where it is no superuser.
    pub owner: Option<Spanned<String>>,
    /// `[tenant.columns]`: tables that call the column something else.
    pub columns: Vec<(Spanned<String>, String)>,
    /// `[tenant.exempt]`: tables that belong to no tenant, with the reason.
    pub exempt: Vec<(Spanned<String>, String)>,
    /// `[[tenant.accept]]`: findings that somebody looked at.
    pub accept: Vec<Accept>,
}

/// `[[tenant.accept]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accept {
    /// `rule`: its code or number.
    pub rule: Spanned<String>,
    /// `object`: as the finding names it.
    pub object: Spanned<String>,
    /// `reason`.
    pub reason: Spanned<String>,
}

const KEYS: [&str; 9] = [
    "column",
    "function",
    "set",
    "app_roles",
    "admin_roles",
    "owner",
    "columns",
    "exempt",
    "accept",
];

/// Reads the table; nothing where what it cannot do without is missing.
pub(super) fn read(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    whole: Range<usize>,
) -> Option<Tenant> {
    reader.unknown(table, "tenant", &KEYS);
    let column = needed(reader, table, "tenant", "column", "account_id", &whole);
    let function = needed(
        reader,
        table,
        "tenant",
        "function",
        "current_account_id",
        &whole,
    );
    let problems = reader.problems.len();
    let app_roles = reader.texts(table, "app_roles", "tenant.app_roles");
    if table.get("app_roles").is_none() {
        missing(reader, "tenant", "app_roles", "[\"app\"]", &whole);
    } else if app_roles.is_empty() && reader.problems.len() == problems {
        let message = "`tenant.app_roles` is empty";
        let at = table
            .get("app_roles")
            .map_or(whole.clone(), toml::Spanned::span);
        let found = Diagnostic::error("config-type", message).at(reader.source, at, "");
        reader
            .problems
            .push(found.help("name the roles that applications connect as"));
    }
    let set = reader.text(table, "set", "tenant.set");
    if let Some(set) = &set
        && !set.value.contains("{tenant}")
    {
        let message = "`tenant.set` does not say where the tenant stands";
        let found = Diagnostic::error("config-type", message)
            .at(reader.source, set.range.clone(), "")
            .help(
                "write {tenant} for its value: SELECT set_config('app.account_id', {tenant}, true)",
            );
        reader.problems.push(found);
    }
    let admin_roles = reader.texts(table, "admin_roles", "tenant.admin_roles");
    let owner = reader.text(table, "owner", "tenant.owner");
    let columns = pairs(reader, table, "columns", "the name of a column");
    let exempt = pairs(reader, table, "exempt", "a reason");
    let accept = accepts(reader, table);
    Some(Tenant {
        column: column?,
        function: function?,
        set,
        app_roles,
        admin_roles,
        owner,
        columns,
        exempt,
        accept,
    })
}

/// A text that has to be there and to say something.
fn needed(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    path: &str,
    key: &str,
    example: &str,
    whole: &Range<usize>,
) -> Option<Spanned<String>> {
    if table.get(key).is_none() {
        missing(reader, path, key, &format!("\"{example}\""), whole);
        return None;
    }
    let text = reader.text(table, key, &format!("{path}.{key}"))?;
    if text.value.trim().is_empty() {
        let message = format!("`{path}.{key}` is empty");
        let found = Diagnostic::error("config-type", message);
        reader
            .problems
            .push(found.at(reader.source, text.range, ""));
        return None;
    }
    Some(text)
}

fn missing(reader: &mut Reader<'_>, path: &str, key: &str, example: &str, whole: &Range<usize>) {
    let message = format!("`{path}` has no `{key}`");
    let found = Diagnostic::error("config-type", message)
        .at(reader.source, whole.clone(), "")
        .help(format!("add `{key} = {example}`"));
    reader.problems.push(found);
}

/// A table of names and texts, each of which says something.
fn pairs(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    key: &str,
    wanted: &str,
) -> Vec<(Spanned<String>, String)> {
    let path = format!("tenant.{key}");
    let Some(entries) = reader.table(table, key, &path) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (name, value) in entries {
        let path = format!("{path}.{}", name.get_ref());
        match spanned(value) {
            Some(text) if !text.value.trim().is_empty() => {
                let name = Spanned {
                    value: name.get_ref().to_string(),
                    range: name.span(),
                };
                all.push((name, text.value));
            }
            Some(text) => {
                let message = format!("`{path}` needs {wanted}");
                let found = Diagnostic::error("config-type", message);
                reader
                    .problems
                    .push(found.at(reader.source, text.range, ""));
            }
            None => reader.wrong(&path, &format!("{wanted}, as a string"), value),
        }
    }
    // TOML has no order; the file has.
    all.sort_by_key(|(name, _)| name.range.start);
    all
}

fn accepts(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Accept> {
    const PATH: &str = "tenant.accept";
    let Some(value) = table.get("accept") else {
        return Vec::new();
    };
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong(PATH, "a list of tables: [[tenant.accept]]", value);
        return Vec::new();
    };
    let mut all = Vec::new();
    for value in list {
        let Some(entry) = value.get_ref().as_table() else {
            reader.wrong(PATH, "a list of tables: [[tenant.accept]]", value);
            continue;
        };
        reader.unknown(entry, PATH, &["rule", "object", "reason"]);
        let whole = value.span();
        let rule = needed(reader, entry, PATH, "rule", "R11", &whole);
        let object = needed(
            reader,
            entry,
            PATH,
            "object",
            "accounts.accounts_slug_key",
            &whole,
        );
        let reason = needed(reader, entry, PATH, "reason", "it is part of a URL", &whole);
        if let (Some(rule), Some(object), Some(reason)) = (rule, object, reason) {
            all.push(Accept {
                rule,
                object,
                reason,
            });
        }
    }
    all
}
