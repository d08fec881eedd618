//! What the server says against a statement, shown at its place in the file.

use crate::lock::Holder;
use driftless_diagnostic::{Diagnostic, SourceFile};
use std::error::Error as _;
use std::fmt;
use std::ops::Range;
use tokio_postgres::error::{DbError, ErrorPosition};

/// A statement that did not work.
#[derive(Debug)]
pub struct QueryError {
    error: tokio_postgres::Error,
    /// Who held the lock that was not to be had.
    holders: Vec<Holder>,
}

/// Where in a file the statement stood that was sent.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The file.
    pub source: &'a SourceFile,
    /// Bytes of the statement as it was sent.
    pub range: Range<usize>,
}

impl QueryError {
    /// SQLSTATE, when the server said something at all.
    pub fn code(&self) -> Option<&str> {
        self.error.code().map(tokio_postgres::error::SqlState::code)
    }

    /// The constraint that a row does not meet, where there is one.
    pub fn constraint(&self) -> Option<&str> {
        self.error.as_db_error()?.constraint()
    }

    /// The column that the server complains about, where it names one.
    pub fn column(&self) -> Option<&str> {
        self.error.as_db_error()?.column()
    }

    /// The connection is gone; what the statement did is not known.
    pub fn is_lost(&self) -> bool {
        self.error.is_closed()
            || self.error.as_db_error().is_none()
                && self.error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
            // The server ends the session: by command, by restart, by crash of another process.
            || matches!(self.code(), Some("57P01" | "57P02" | "57P03" | "57P05" | "25P03"))
    }

    /// The sentence that the server gave, or what happened to the connection.
    pub fn message(&self) -> String {
        match self.error.as_db_error() {
            Some(error) => error.message().to_owned(),
            None if self.is_lost() => "the connection to the server was lost".to_owned(),
            None => match self.error.source() {
                Some(source) => format!("{}: {source}", self.error),
                None => self.error.to_string(),
            },
        }
    }

    /// Without a place: for statements that Driftless itself sends. `doing` completes
    /// "... failed", e.g. "reading the ledger".
    pub fn diagnostic(&self, doing: &str) -> Diagnostic {
        let code = if self.is_lost() {
            "connection-lost"
        } else {
            "query-failed"
        };
        let diagnostic = Diagnostic::error(code, format!("{doing} failed: {}", self.message()));
        self.with_facts(diagnostic)
    }

    /// At its place in a file.
    pub fn diagnostic_at(&self, place: &Place<'_>) -> Diagnostic {
        if self.is_lost() {
            let diagnostic = Diagnostic::error(
                "connection-lost",
                format!("{} while this statement ran", self.message()),
            )
            .at(place.source, first_line(place), "");
            return self.with_facts(diagnostic);
        }
        let label = self.label(place);
        let diagnostic = Diagnostic::error("statement-failed", self.message());
        let diagnostic = diagnostic.at(
            place.source,
            label,
            self.error.code().map_or("", |code| code.code()),
        );
        self.with_facts(diagnostic)
    }

    /// Bytes of the file that the server points at, else the first line of the statement.
    fn label(&self, place: &Place<'_>) -> Range<usize> {
        let Some(error) = self.error.as_db_error() else {
            return first_line(place);
        };
        let sent = &place.source.text()[place.range.clone()];
        let offset = match error.position() {
            Some(ErrorPosition::Original(position)) => characters_to_bytes(sent, *position),
            Some(ErrorPosition::Internal { position, query }) => {
                inside_body(sent, error, Some((*position, query)))
            }
            None => inside_body(sent, error, None),
        };
        match offset {
            Some(offset) => {
                let start = place.range.start + offset;
                start..start + word_length(&place.source.text()[start..place.range.end])
            }
            None => first_line(place),
        }
    }

    pub(crate) fn held_by(self, holders: Vec<Holder>) -> Self {
        Self { holders, ..self }
    }

    fn with_facts(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let Some(error) = self.error.as_db_error() else {
            return diagnostic;
        };
        let state = format!("SQLSTATE {}", error.code().code());
        let objects = [
            ("constraint", error.constraint()),
            ("column", error.column()),
            ("type", error.datatype()),
            ("table", error.table()),
            ("schema", error.schema()),
        ];
        let named: Vec<_> = objects
            .iter()
            .filter_map(|(kind, name)| name.map(|name| format!("{kind} `{name}`")))
            .collect();
        diagnostic = diagnostic.note(if named.is_empty() {
            state
        } else {
            format!("{state}, {}", named.join(", "))
        });
        // Of a statement that failed for another reason after it had waited, nobody wants to know.
        if matches!(self.code(), Some("55P03" | "57014")) {
            for holder in &self.holders {
                diagnostic = diagnostic.note(format!("the lock is held by {holder}"));
            }
        }
        if let Some(detail) = error.detail() {
            diagnostic = diagnostic.note(format!("detail: {detail}"));
        }
        if let Some(context) = error.where_() {
            diagnostic = diagnostic.note(format!("context: {context}"));
        }
        if let Some(ErrorPosition::Internal { query, .. }) = error.position() {
            diagnostic = diagnostic.note(format!("inside: {}", query.trim()));
        }
        if let Some(hint) = error.hint() {
            diagnostic = diagnostic.help(hint.to_owned());
        }
        diagnostic
    }
}

impl From<tokio_postgres::Error> for QueryError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self {
            error,
            holders: Vec::new(),
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for QueryError {}

/// Byte offset of a character counted from 1, as `POSITION` is; nothing when it lies outside.
fn characters_to_bytes(text: &str, position: u32) -> Option<usize> {
    let nth = usize::try_from(position).ok()?.checked_sub(1)?;
    let end = (text.chars().count() == nth).then_some(text.len());
    text.char_indices().nth(nth).map(|(at, _)| at).or(end)
}

/// The place of an error inside the `$$ body $$` of the statement that was sent: a `DO` block or a
/// function that is created in it. Only if the body is there exactly once.
fn inside_body(sent: &str, error: &DbError, internal: Option<(u32, &str)>) -> Option<usize> {
    if let Some((position, query)) = internal {
        let mut found = sent.match_indices(query);
        if let (Some((at, _)), None) = (found.next(), found.next()) {
            return Some(at + characters_to_bytes(query, position)?);
        }
    }
    let context = error.where_()?;
    if !context.starts_with("PL/pgSQL function inline_code_block line ") {
        return None;
    }
    let line: usize = context.split_whitespace().nth(4)?.parse().ok()?;
    let body = dollar_body(sent)?;
    let mut start = body.start;
    for _ in 1..line {
        start += sent[start..body.end].find('\n')? + 1;
    }
    let rest = &sent[start..body.end];
    let line_end = rest.find('\n').unwrap_or(rest.len());
    let indent = rest[..line_end].len() - rest[..line_end].trim_start().len();
    Some(start + indent)
}

/// Bytes between the first `$tag$` and the next one like it.
fn dollar_body(sent: &str) -> Option<Range<usize>> {
    let open = sent.find('$')?;
    let tag_end = open + 1 + sent[open + 1..].find('$')? + 1;
    let tag = &sent[open..tag_end];
    let close = sent[tag_end..].find(tag)?;
    Some(tag_end..tag_end + close)
}

/// The word or sign that begins the text, at least one character where there is one.
fn word_length(text: &str) -> usize {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    match text.chars().next() {
        None => 0,
        Some(quote @ ('"' | '\'')) => text[1..].find(quote).map_or(1, |end| end + 2),
        Some(first) if word(first) => text.find(|c| !word(c)).unwrap_or(text.len()),
        Some(first) => first.len_utf8(),
    }
}

fn first_line(place: &Place<'_>) -> Range<usize> {
    let text = &place.source.text()[place.range.clone()];
    let line = text.lines().next().unwrap_or_default().trim_end();
    place.range.start..place.range.start + line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        assert_eq!(characters_to_bytes("é1", 2), Some(2));
        assert_eq!(characters_to_bytes("é1", 3), Some(3));
        assert_eq!(characters_to_bytes("é1", 4), None);
        assert_eq!(characters_to_bytes("é1", 0), None);
    }

    #[test]
    fn the_label_covers_a_word_a_quoted_name_or_one_sign() {
        for (text, length) in [("abc d", 3), ("\"a b\" c", 5), ("'x", 1), (")", 1), ("", 0)] {
            assert_eq!(word_length(text), length, "{text}");
        }
    }

    #[test]
    fn a_body_lies_between_its_own_quotes() {
        let sent = "do $a$ x $b$ y $a$";
        assert_eq!(&sent[dollar_body(sent).unwrap()], " x $b$ y ");
    }
}
