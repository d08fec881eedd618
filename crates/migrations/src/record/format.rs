//! The file's shape: an object with one line per tag and `version` as its last key.

use super::{Facts, Line, Record};
use crate::json;
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::fmt::{self, Write};
use std::ops::Range;

const VERSION: u64 = 1;
const CODE: &str = "record-malformed";

pub(super) fn parse(source: &SourceFile) -> Result<Record> {
    let Head { version } = json::parse(source, "record", CODE)?;
    if version.as_ref().and_then(Value::as_u64) != Some(VERSION) {
        return Err(unknown_version(source, version.as_ref()).into());
    }
    let Lines(lines) = json::parse(source, "record", CODE)?;
    let lines: Vec<Line> = lines
        .into_iter()
        .map(|(tag, facts)| Line {
            range: range_of(source.text(), &tag),
            tag,
            facts,
        })
        .collect();
    Ok(Record {
        lines,
        source: source.clone(),
    })
}

pub(super) fn write(record: &Record) -> String {
    let mut text = String::from("{\n");
    for line in &record.lines {
        let (tag, facts) = (json::compact(&line.tag), json::compact(&line.facts));
        let _ = writeln!(text, "  {tag}: {facts},");
    }
    let _ = writeln!(text, "  \"version\": {VERSION}\n}}");
    text
}

/// The tag at the start of its line.
fn range_of(text: &str, tag: &str) -> Range<usize> {
    let key = json::compact(tag);
    let Some(start) = text.find(&key) else {
        return 0..0;
    };
    start..start + key.len()
}

fn unknown_version(source: &SourceFile, version: Option<&Value>) -> Diagnostic {
    let shown = version.map_or_else(|| "none".to_owned(), Value::to_string);
    let diagnostic = Diagnostic::error(
        "record-unknown-version",
        format!(
            "{} cannot be read, its version is {shown} and this Driftless reads {VERSION}",
            source.path()
        ),
    )
    .at(source, json::value_range(source, "version"), "");
    if version
        .and_then(Value::as_u64)
        .is_some_and(|version| version > VERSION)
    {
        diagnostic.help("update Driftless: a newer one wrote the file")
    } else {
        diagnostic.help(format!(
            "restore the file from git: git checkout -- {}",
            source.path()
        ))
    }
}

struct Head {
    version: Option<Value>,
}

struct Lines(Vec<(String, Facts)>);

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Head;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with one line per migration")
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Head, A::Error> {
                let mut head = Head { version: None };
                while let Some(key) = map.next_key::<String>()? {
                    if key == "version" {
                        head.version = Some(map.next_value()?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(head)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// Not a map type: two branches may have left two lines for one tag, and none may get lost.
impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Lines;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with one line per migration")
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Lines, A::Error> {
                let mut lines: Vec<(String, Facts)> = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "version" {
                        map.next_value::<IgnoredAny>()?;
                        continue;
                    }
                    if lines.iter().any(|(tag, _)| *tag == key) {
                        return Err(A::Error::custom(format!("{key} has two lines")));
                    }
                    lines.push((key, map.next_value()?));
                }
                Ok(Lines(lines))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}
