//! `SET` in a file of SQL: it holds to the end of its file, whatever order statements run in.

use super::words::{Sign, Word};
use std::collections::BTreeMap;

/// One change of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    /// A value, as it is written after `SET name =`.
    To { name: String, value: String },
    /// Back to where the file began.
    Reset(String),
    /// All of them.
    ResetAll,
}

/// Settings in force for a statement: names and values as SQL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settings(BTreeMap<String, String>);

/// Why a setting is refused, and what to do.
type Refusal = (String, String);

/// Settings that change what statements mean.
const KEPT: [&str; 9] = [
    "search_path",
    "check_function_bodies",
    "default_tablespace",
    "default_table_access_method",
    "default_toast_compression",
    "xmloption",
    "datestyle",
    "intervalstyle",
    "timezone",
];

/// Settings that change nothing about what is there afterwards.
const PASSED_OVER: [&str; 11] = [
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
    "transaction_timeout",
    "client_min_messages",
    "row_security",
    "application_name",
    "synchronous_commit",
    "default_with_oids",
    "maintenance_work_mem",
];

impl Setting {
    /// Reads `SET`, `RESET` and `SELECT set_config(...)`; nothing when it is another statement.
    /// A setting that does not matter is `Ok(None)`.
    pub(super) fn read(words: &[Word]) -> Option<Result<Option<Self>, Refusal>> {
        let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
        if is(0, "reset") {
            return Some(reset(words));
        }
        if is(0, "set") {
            return Some(set(words));
        }
        // As pg_dump writes it: `SELECT pg_catalog.set_config('search_path', '', false)`.
        let name = if is(1, "pg_catalog") { 3 } else { 1 };
        if !is(0, "select") || !is(name, "set_config") {
            return None;
        }
        let strings: Vec<_> = words
            .iter()
            .filter(|word| word.sign == Sign::Text)
            .collect();
        let [setting, value] = &strings[..] else {
            return None;
        };
        let parts: Vec<_> = value.text.split(',').map(str::trim).collect();
        let quoted = parts
            .iter()
            .map(|part| driftless_postgres::literal(part.trim_matches('"')));
        let value = quoted.collect::<Vec<_>>().join(", ");
        Some(chosen(&setting.text.to_lowercase(), value))
    }
}

fn reset(words: &[Word]) -> Result<Option<Setting>, Refusal> {
    let name = words.get(1).map_or("", |word| word.text.as_str());
    match name {
        "all" => Ok(Some(Setting::ResetAll)),
        "session" | "role" => Err(role()),
        name if KEPT.contains(&name) => Ok(Some(Setting::Reset(name.to_owned()))),
        _ => Ok(None),
    }
}

fn set(words: &[Word]) -> Result<Option<Setting>, Refusal> {
    let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
    if is(1, "local") || is(1, "transaction") || is(1, "constraints") {
        return Err((
            "it ends with a transaction, and statements are run one by one".to_owned(),
            "take it out, or write `SET` alone: it then holds to the end of the file".to_owned(),
        ));
    }
    let session = is(1, "session");
    if is(1, "role") || session && (is(2, "authorization") || is(2, "role")) {
        return Err(role());
    }
    if session && is(2, "characteristics") {
        return Ok(None);
    }
    let name_at = if session { 2 } else { 1 };
    let (name, value_at) = if is(name_at, "time") && is(name_at + 1, "zone") {
        ("timezone", name_at + 2)
    } else if is(name_at, "names") {
        ("client_encoding", name_at + 1)
    } else {
        (
            words.get(name_at).map_or("", |word| word.text.as_str()),
            name_at + 2,
        )
    };
    if words.get(value_at).is_some_and(|word| word.is("default")) && words.len() == value_at + 1 {
        return Ok(KEPT
            .contains(&name)
            .then(|| Setting::Reset(name.to_owned())));
    }
    let value: Vec<_> = words.iter().skip(value_at).map(written).collect();
    chosen(name, value.concat())
}

fn chosen(name: &str, value: String) -> Result<Option<Setting>, Refusal> {
    let plain = value.trim_matches('\'').to_lowercase();
    match name {
        "client_encoding" if ["utf8", "utf-8", "unicode"].contains(&plain.as_str()) => Ok(None),
        "standard_conforming_strings" if ["on", "true", "1"].contains(&plain.as_str()) => Ok(None),
        "client_encoding" => Err((
            "files are read as UTF-8".to_owned(),
            "save the file as UTF-8".to_owned(),
        )),
        name if PASSED_OVER.contains(&name) => Ok(None),
        name if KEPT.contains(&name) => Ok(Some(Setting::To {
            name: name.to_owned(),
            value,
        })),
        _ => Err((
            format!("the setting `{name}` would hold for one session alone"),
            "take it out; `ALTER ROLE ... SET` and `ALTER FUNCTION ... SET` declare settings"
                .to_owned(),
        )),
    }
}

fn role() -> Refusal {
    (
        "who runs a statement is not part of a declared schema".to_owned(),
        "say who owns an object with `ALTER ... OWNER TO`".to_owned(),
    )
}

/// A word as SQL again.
fn written(word: &Word) -> String {
    match word.sign {
        Sign::Quoted => driftless_postgres::identifier(&word.text),
        Sign::Text => driftless_postgres::literal(&word.text),
        Sign::Comma => ", ".to_owned(),
        Sign::Dot => ".".to_owned(),
        _ => word.text.clone(),
    }
}

impl Settings {
    pub(super) fn apply(&mut self, setting: Setting) {
        match setting {
            Setting::To { name, value } => {
                self.0.insert(name, value);
            }
            Setting::Reset(name) => {
                self.0.remove(&name);
            }
            Setting::ResetAll => self.0.clear(),
        }
    }

    /// The schema in which an unqualified name is created.
    pub(super) fn schema(&self) -> Option<String> {
        let path = self.0.get("search_path")?;
        let first = path.split(',').next()?.trim();
        let name = first.trim_matches(['\'', '"']);
        (!name.is_empty() && name != "$user").then(|| name.to_owned())
    }

    /// Whether bodies of functions are looked at.
    pub(super) fn checks_bodies(&self) -> bool {
        let value = self
            .0
            .get("check_function_bodies")
            .map(|value| value.trim_matches('\'').to_lowercase());
        !matches!(value.as_deref(), Some("off" | "false" | "no" | "0"))
    }

    /// As statements.
    pub(super) fn statements(&self) -> Vec<String> {
        // Bodies are looked at when everything is there.
        let kept = self
            .0
            .iter()
            .filter(|(name, _)| *name != "check_function_bodies");
        kept.map(|(name, value)| match name.as_str() {
            "timezone" => format!("SET TIME ZONE {value}"),
            _ => format!(
                "SET {name} TO {}",
                if value.is_empty() { "''" } else { value }
            ),
        })
        .collect()
    }

    /// From these settings to others.
    pub(super) fn switch(&self, next: &Self) -> Vec<String> {
        let gone = self.0.keys().filter(|name| !next.0.contains_key(*name));
        let mut sql: Vec<_> = gone
            .filter(|name| *name != "check_function_bodies")
            .map(|name| match name.as_str() {
                "search_path" => format!("SET search_path TO {BASE_PATH}"),
                name => format!("RESET {name}"),
            })
            .collect();
        sql.extend(next.statements());
        sql
    }
}

/// Where names are looked up unless a file says something else.
pub(super) const BASE_PATH: &str = "public";

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn what_is_kept_passed_over_and_refused() {
        let read = |sql: &str| match Setting::read(&words(sql)) {
            None => "no setting".to_owned(),
            Some(Ok(None)) => "passed over".to_owned(),
            Some(Ok(Some(setting))) => {
                let mut settings = Settings::default();
                settings.apply(setting);
                settings.statements().join("; ")
            }
            Some(Err((why, _))) => why,
        };
        for (sql, expected) in [
            (
                "SET search_path = app, \"My\", public",
                "SET search_path TO app, \"My\", public",
            ),
            (
                "set session search_path to 'a b'",
                "SET search_path TO 'a b'",
            ),
            (
                "SELECT pg_catalog.set_config('search_path', '', false)",
                "SET search_path TO ''",
            ),
            (
                "select set_config('search_path', 'a, b', false)",
                "SET search_path TO 'a', 'b'",
            ),
            ("SET TIME ZONE 'UTC'", "SET TIME ZONE 'UTC'"),
            ("SET statement_timeout = 0", "passed over"),
            ("SET client_encoding = 'UTF8'", "passed over"),
            ("SET client_encoding = 'LATIN1'", "files are read as UTF-8"),
            ("RESET search_path", ""),
            (
                "set work_mem = '1GB'",
                "the setting `work_mem` would hold for one session alone",
            ),
            (
                "set role x",
                "who runs a statement is not part of a declared schema",
            ),
            (
                "set local x = 1",
                "it ends with a transaction, and statements are run one by one",
            ),
            ("select 1", "no setting"),
        ] {
            assert_eq!(read(sql), expected, "{sql}");
        }
    }
}
