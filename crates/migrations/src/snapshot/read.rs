//! From a file's text to a snapshot, with every refusal by name and place.

use super::model::{Map, Meta, Snapshot};
use super::upgrade;
use crate::json;
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

pub(super) fn parse(source: &SourceFile) -> Result<Snapshot> {
    // Files are large and mostly right: who looks for the mistake reads once more.
    match serde_json::from_str::<Snapshot>(source.text()) {
        Ok(snapshot) if snapshot.version == "7" && snapshot.dialect == "postgresql" => Ok(snapshot),
        _ => parse_with_care(source),
    }
}

fn parse_with_care(source: &SourceFile) -> Result<Snapshot> {
    const CODE: &str = "snapshot-malformed";
    let head: Head = json::parse(source, "snapshot", CODE)?;
    let version = head.version.as_deref().unwrap_or_default();
    match (version, head.dialect.as_deref()) {
        ("7", Some("postgresql")) => json::parse(source, "snapshot", CODE),
        ("6", Some("postgresql")) => {
            json::parse::<upgrade::V6>(source, "snapshot", CODE).map(upgrade::V6::upgrade)
        }
        ("5", Some("pg")) => {
            json::parse::<upgrade::V5>(source, "snapshot", CODE).map(upgrade::V5::upgrade)
        }
        ("5" | "6" | "7", dialect) => Err(wrong_dialect(source, dialect).into()),
        _ => Err(unknown_version(source, head.version.as_deref()).into()),
    }
}

/// Only what decides how the rest is to be read.
struct Head {
    version: Option<String>,
    dialect: Option<String>,
}

fn wrong_dialect(source: &SourceFile, dialect: Option<&str>) -> Diagnostic {
    let found = dialect.unwrap_or("none");
    Diagnostic::error(
        "snapshot-wrong-dialect",
        format!(
            "{} is not a snapshot of a Postgres schema, its dialect is {found}",
            source.path()
        ),
    )
    .at(source, json::value_range(source, "dialect"), "")
    .help("set `out` in the config to the migrations folder of the Postgres schema")
}

fn unknown_version(source: &SourceFile, version: Option<&str>) -> Diagnostic {
    let shown = version.map_or_else(|| "none".to_owned(), |v| format!("{v:?}"));
    let diagnostic = Diagnostic::error(
        "snapshot-unknown-version",
        format!(
            "{} cannot be read, its snapshot version is {shown} and Driftless reads 5, 6 and 7",
            source.path()
        ),
    )
    .at(source, json::value_range(source, "version"), "");
    match version.and_then(|v| v.parse::<u32>().ok()) {
        Some(8 | 9) => diagnostic
            .note("versions 8 and 9 are written by drizzle-kit 1.x")
            .help("go back to the folder as drizzle-kit 0.31 left it, before `drizzle-kit up`"),
        Some(10..) => diagnostic.help("update Driftless, or restore the file from git"),
        Some(_) => diagnostic
            .help("upgrade it with `npx drizzle-kit@0.20 up:pg`, then run Driftless again"),
        None => diagnostic.help("restore the file from git"),
    }
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        /// A version is a text, but a number says enough to name it.
        fn text(value: &Value) -> Option<String> {
            match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            }
        }
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Head;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a snapshot object")
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Head, A::Error> {
                let mut head = Head {
                    version: None,
                    dialect: None,
                };
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "version" => head.version = text(&map.next_value()?),
                        "dialect" => head.dialect = text(&map.next_value()?),
                        _ => {
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(head)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// By hand rather than `flatten`, which would lose line, column and path of every mistake.
impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Snapshot;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a snapshot object")
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Snapshot, A::Error> {
                let mut snapshot = Snapshot::default();
                let mut seen: Vec<String> = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if seen.contains(&key) {
                        return Err(A::Error::custom(format!("duplicate field `{key}`")));
                    }
                    match key.as_str() {
                        "id" => snapshot.id = map.next_value()?,
                        "prevId" => snapshot.prev_id = map.next_value()?,
                        "version" => snapshot.version = map.next_value()?,
                        "dialect" => snapshot.dialect = map.next_value()?,
                        "tables" => snapshot.tables = map.next_value()?,
                        "enums" => snapshot.enums = map.next_value()?,
                        "schemas" => snapshot.schemas = map.next_value()?,
                        "sequences" => snapshot.sequences = map.next_value()?,
                        "roles" => snapshot.roles = map.next_value()?,
                        "policies" => snapshot.policies = map.next_value()?,
                        "views" => snapshot.views = map.next_value()?,
                        "_meta" => snapshot.meta = map.next_value::<Meta>()?,
                        "internal" => snapshot.internal = Some(map.next_value()?),
                        _ => {
                            let value = map.next_value()?;
                            snapshot.other.insert(key.clone(), value);
                        }
                    }
                    seen.push(key);
                }
                for required in [
                    "id", "prevId", "version", "dialect", "tables", "enums", "schemas", "_meta",
                ] {
                    if !seen.iter().any(|key| key == required) {
                        return Err(A::Error::missing_field(required));
                    }
                }
                Ok(snapshot)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// Shared with the older versions: everything that they know at the top level.
pub(super) fn state(
    id: String,
    prev_id: String,
    schemas: Map<String>,
    meta: Meta,
    internal: Option<Value>,
) -> Snapshot {
    Snapshot {
        id,
        prev_id,
        schemas,
        meta,
        internal,
        ..Snapshot::default()
    }
}
