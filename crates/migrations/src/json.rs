//! JSON files with mistakes named by line, column and field.

mod ordered;

pub(crate) use ordered::Ordered;

use crate::conflict;
use driftless_diagnostic::{Diagnostic, Position, Result, SourceFile};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Range;

/// Reads one JSON document; `what` is the kind of file for the message, `code` the diagnostic's.
pub(crate) fn parse<T: DeserializeOwned>(
    source: &SourceFile,
    what: &str,
    code: &'static str,
) -> Result<T> {
    if let Some(marker) = conflict::marker(source.text()) {
        return Err(conflict::unreadable(source, marker).into());
    }
    let text = source.text();
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        malformed(source, what, code, Some(path.as_str()), error.inner())
    })?;
    reader
        .end()
        .map_err(|error| malformed(source, what, code, None, &error))?;
    Ok(value)
}

/// As `JSON.stringify(value, null, 2)` writes it.
pub(crate) fn pretty<T: Serialize>(value: &T) -> String {
    serde_json::to_string_pretty(value).expect("texts, numbers and text keys always serialize")
}

/// As `JSON.stringify(value)` writes it.
pub(crate) fn compact<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("texts, numbers and text keys always serialize")
}

fn malformed(
    source: &SourceFile,
    what: &str,
    code: &'static str,
    path: Option<&str>,
    error: &serde_json::Error,
) -> Diagnostic {
    let full = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    let reason = full.strip_suffix(&suffix).unwrap_or(&full).to_owned();
    let message = if error.is_eof() {
        format!("{} is cut off, the {what} ends too early", source.path())
    } else if error.is_data() {
        format!("{} is not a valid {what}: {reason}", source.path())
    } else {
        format!("{} is not valid JSON: {reason}", source.path())
    };
    let at = source.offset(Position {
        line: error.line().max(1),
        column: byte_to_char_column(source.text(), error.line(), error.column()),
    });
    let mut diagnostic = Diagnostic::error(code, message).at(source, at..at, "");
    if let Some(path) = path.filter(|path| !matches!(*path, "" | "." | "?")) {
        diagnostic = diagnostic.note(format!("in field {path}"));
    }
    diagnostic.help(format!(
        "restore the file from git: git checkout -- {}",
        source.path()
    ))
}

/// `serde_json` counts columns in bytes, people and [`SourceFile`] count characters.
fn byte_to_char_column(text: &str, line: usize, column: usize) -> usize {
    let Some(line) = text.split('\n').nth(line.saturating_sub(1)) else {
        return 1;
    };
    let mut end = column.saturating_sub(1).min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line[..end].chars().count() + 1
}

/// Where the value of the first `"key":` at any depth is; the start of the file when absent.
pub(crate) fn value_range(source: &SourceFile, key: &str) -> Range<usize> {
    let text = source.text();
    let quoted = format!("\"{key}\"");
    let Some(at) = text.find(&quoted) else {
        return 0..0;
    };
    let after = at + quoted.len();
    let rest = &text[after..];
    let Some(value) = rest.strip_prefix(|c: char| c == ':' || c.is_whitespace()) else {
        return at..after;
    };
    let value = value.trim_start_matches(|c: char| c == ':' || c.is_whitespace());
    let start = text.len() - value.len();
    let len = value.find([',', '\n', '}']).unwrap_or(value.len());
    start..start + value[..len].trim_end().len()
}
