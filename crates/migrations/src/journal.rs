//! `meta/_journal.json`: which migrations there are, and in which order they run.
//!
//! Reading is strict about what a migrator needs (tag, index, time) and keeps everything else as
//! it was: keys that drizzle-kit does not know, and their order, are written back. What is wrong
//! with the *list* (a duplicate, a gap, a time that goes back) does not stop the reading; it is
//! told by [`Journal::problems`], so that `check` can name all of it at once.

mod problems;
mod read;

use crate::json::{self, Ordered};
use driftless_diagnostic::{Result, SourceFile};
use indexmap::IndexMap;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::ops::Range;

/// The journal as read, or the empty one that drizzle-kit starts a folder with.
#[derive(Debug, Clone)]
pub struct Journal {
    /// In the order of the file, which is the order in which they run.
    pub entries: Vec<Entry>,
    source: SourceFile,
    /// Every top-level key; `entries` only holds its place.
    fields: IndexMap<String, Ordered>,
}

/// One line of history.
#[derive(Debug, Clone)]
pub struct Entry {
    idx: u64,
    when: i64,
    tag: String,
    breakpoints: bool,
    range: Range<usize>,
    fields: IndexMap<String, Ordered>,
}

impl Journal {
    /// Reads a journal file.
    pub fn parse(source: &SourceFile) -> Result<Self> {
        read::parse(source)
    }

    /// The journal of a folder without migrations; `path` is where it would be, for messages.
    pub fn empty(path: impl Into<String>) -> Self {
        Self {
            entries: Vec::new(),
            source: SourceFile::new(path, ""),
            fields: [
                ("version".to_owned(), Ordered::from("7")),
                ("dialect".to_owned(), Ordered::from("postgresql")),
                ("entries".to_owned(), Ordered::Array(Vec::new())),
            ]
            .into_iter()
            .collect(),
        }
    }

    /// The file as drizzle-kit writes it: two spaces, no final newline; one line when empty.
    pub fn to_json(&self) -> String {
        if self.entries.is_empty() {
            json::compact(self)
        } else {
            json::pretty(self)
        }
    }

    /// The file's path and text; the text is empty where there is no file.
    pub fn source(&self) -> &SourceFile {
        &self.source
    }

    /// The entry with this tag; the first one when a merge left two.
    pub fn find(&self, tag: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// Adds a migration at the end.
    pub(crate) fn push(&mut self, idx: u64, when: i64, tag: &str, breakpoints: bool) {
        self.entries.push(Entry::new(idx, when, tag, breakpoints));
    }

    /// Puts one migration into the place of the first ones.
    pub(crate) fn replace_first(
        &mut self,
        number: usize,
        idx: u64,
        when: i64,
        tag: &str,
        breakpoints: bool,
    ) {
        let new = Entry::new(idx, when, tag, breakpoints);
        self.entries.splice(..number, [new]);
    }
}

impl Entry {
    fn new(idx: u64, when: i64, tag: &str, breakpoints: bool) -> Self {
        Self {
            idx,
            when,
            tag: tag.to_owned(),
            breakpoints,
            range: 0..0,
            fields: [
                ("idx", Ordered::from(idx)),
                ("version", "7".into()),
                ("when", when.into()),
                ("tag", tag.into()),
                ("breakpoints", breakpoints.into()),
            ]
            .map(|(key, value)| (key.to_owned(), value))
            .into_iter()
            .collect(),
        }
    }

    /// Position as drizzle-kit counted it.
    pub fn idx(&self) -> u64 {
        self.idx
    }

    /// When it was made, in milliseconds since 1970; the ledger's `created_at`.
    pub fn when(&self) -> i64 {
        self.when
    }

    /// File name without `.sql`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Whether its file was written with `--> statement-breakpoint` lines.
    pub fn breakpoints(&self) -> bool {
        self.breakpoints
    }

    /// The tag up to its first underscore; the snapshot's file name starts with it.
    pub fn prefix(&self) -> &str {
        self.tag.split('_').next().unwrap_or_default()
    }

    /// Bytes of the entry's `"tag": ".."` in the journal's text.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }
}

impl Serialize for Journal {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &self.fields {
            if key == "entries" {
                map.serialize_entry(key, &self.entries)?;
            } else {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.fields.serialize(serializer)
    }
}

#[cfg(test)]
mod tests;
