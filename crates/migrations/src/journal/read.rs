//! From a file's text to a journal, with every refusal by name and place.

use super::{Entry, Journal};
use crate::conflict;
use crate::json::{self, Ordered};
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use indexmap::IndexMap;
use serde::Deserialize;
use std::ops::Range;

const CODE: &str = "journal-malformed";

pub(super) fn parse(source: &SourceFile) -> Result<Journal> {
    if let Some(marker) = conflict::marker(source.text()) {
        return Err(conflict::in_journal(source, marker).into());
    }
    let fields: IndexMap<String, Ordered> = json::parse(source, "journal", CODE)?;
    let dialect = fields.get("dialect").and_then(Ordered::as_str);
    match (fields.get("version").and_then(Ordered::as_str), dialect) {
        (Some("5" | "6" | "7"), Some("postgresql" | "pg")) => {}
        (Some("5" | "6" | "7"), _) => return Err(wrong_dialect(source, dialect).into()),
        (version, _) => return Err(unknown_version(source, version).into()),
    }
    let Listed { entries } = json::parse(source, "journal", CODE)?;
    let ranges = tag_ranges(
        source.text(),
        entries.iter().map(|entry| entry.tag.as_str()),
    );
    let Some(Ordered::Array(raw)) = fields.get("entries") else {
        unreachable!("`Listed` has just read an array there")
    };
    let entries = entries
        .into_iter()
        .zip(raw)
        .zip(ranges)
        .map(|((typed, raw), range)| {
            let Ordered::Object(fields) = raw.clone() else {
                unreachable!("`Listed` has just read objects there")
            };
            Entry {
                idx: typed.idx,
                when: typed.when,
                tag: typed.tag,
                breakpoints: typed.breakpoints,
                range,
                fields,
            }
        })
        .collect::<Vec<_>>();
    if let Some(entry) = entries.iter().find(|entry| !names_a_file(entry.tag())) {
        return Err(bad_tag(source, entry).into());
    }
    Ok(Journal {
        entries,
        source: source.clone(),
        fields,
    })
}

#[derive(Deserialize)]
struct Listed {
    entries: Vec<Typed>,
}

#[derive(Deserialize)]
struct Typed {
    idx: u64,
    when: i64,
    tag: String,
    #[serde(default = "yes")]
    breakpoints: bool,
}

fn yes() -> bool {
    true
}

/// A tag becomes a file name, so it must not lead out of the folder.
fn names_a_file(tag: &str) -> bool {
    !tag.is_empty() && !tag.contains(['/', '\\', '\0'])
}

fn bad_tag(source: &SourceFile, entry: &Entry) -> Diagnostic {
    Diagnostic::error(
        CODE,
        format!(
            "{} lists the tag {:?}, which cannot be a file name",
            source.path(),
            entry.tag()
        ),
    )
    .at(source, entry.range(), "")
    .help("write the name of the migration's file without `.sql`")
}

fn wrong_dialect(source: &SourceFile, dialect: Option<&str>) -> Diagnostic {
    Diagnostic::error(
        "journal-wrong-dialect",
        format!(
            "{} is not a journal of Postgres migrations, its dialect is {}",
            source.path(),
            dialect.unwrap_or("none")
        ),
    )
    .at(source, json::value_range(source, "dialect"), "")
    .help("set `out` in the config to the migrations folder of the Postgres schema")
}

fn unknown_version(source: &SourceFile, version: Option<&str>) -> Diagnostic {
    let shown = version.map_or_else(|| "none".to_owned(), |version| format!("{version:?}"));
    let diagnostic = Diagnostic::error(
        "journal-unknown-version",
        format!(
            "{} cannot be read, its version is {shown} and Driftless reads 5, 6 and 7",
            source.path()
        ),
    )
    .at(source, json::value_range(source, "version"), "");
    if version
        .and_then(|version| version.parse::<u32>().ok())
        .is_some_and(|version| version > 7)
    {
        diagnostic.help("update Driftless, or restore the file from git")
    } else {
        diagnostic.help("restore the file from git")
    }
}

/// Where each tag is written, in order; an empty range at the start where it cannot be found.
fn tag_ranges<'a>(text: &str, tags: impl Iterator<Item = &'a str>) -> Vec<Range<usize>> {
    let mut from = 0;
    tags.map(|tag| {
        let wanted = json::compact(tag);
        let mut search = from;
        while let Some(found) = text[search..].find("\"tag\"") {
            let start = search + found;
            let rest = text[start + 5..].trim_start();
            let value = rest.strip_prefix(':').map_or("", str::trim_start);
            search = start + 5;
            if value.starts_with(&wanted) {
                from = text.len() - value.len() + wanted.len();
                return start..from;
            }
        }
        0..0
    })
    .collect()
}
