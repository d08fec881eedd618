//! `meta/_driftless.json`: what drizzle-kit's files cannot say about the migrations.
//!
//! One line per migration, so that a merge of two branches is a merge of lines; drizzle-kit leaves
//! files whose name starts with `_` alone. A migration is *recorded* by the next `generate` after
//! it was made: one made by drizzle-kit, and a custom one whose file is still being written, have
//! no line yet. A line is never changed while its migration's file differs from it.

mod format;

use crate::hash;
use crate::tokens::token_hash;
use driftless_diagnostic::{Result, SourceFile};
use serde::{Deserialize, Serialize};

/// Name of the file inside `meta`.
pub const FILE: &str = "_driftless.json";

/// The file as read.
#[derive(Debug, Clone)]
pub struct Record {
    /// In the order of the file, which is journal order unless somebody edited it.
    pub lines: Vec<Line>,
    source: SourceFile,
}

/// What is known about one migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The journal's tag.
    pub tag: String,
    /// Where its tag is in the file's text; empty for a new one.
    pub range: std::ops::Range<usize>,
    /// The facts.
    pub facts: Facts,
}

/// The facts of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Made from a schema change or written by hand.
    pub kind: Kind,
    /// sha256 of the file's bytes; equals the hash that drizzle-orm puts into its ledger.
    pub hash: String,
    /// See [`token_hash`].
    pub tokens: String,
    /// Covers this migration and all recorded ones before it; see [`chain`].
    pub chain: String,
    /// [`Snapshot::fingerprint`](crate::snapshot::Snapshot::fingerprint) of the snapshot after
    /// it; absent when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What was decided while it was generated.
    #[serde(default, skip_serializing_if = "Decisions::is_empty")]
    pub decisions: Decisions,
    /// What SQL files spoke for when it was generated, as the catalog's `scopes`; absent where the
    /// schema had none. What they spoke for last goes once it is declared no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// Migrations that it took the place of, in their order: who has run those has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Replaced>,
}

/// A migration that is not in the folder any more, because another one makes the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    /// Its tag.
    pub tag: String,
    /// `when` of its journal entry.
    pub when: i64,
    /// sha256 of its file's bytes.
    pub hash: String,
    /// What it had replaced itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Replaced>,
}

/// How a migration came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// From a change of the declared schema.
    Generated,
    /// Written by hand; the declared schema is the same before and after.
    Custom,
}

/// Answers to "renamed or new?", in the words of the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// `old=new`, as `--rename` takes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<String>,
    /// Names, as `--create` takes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub creates: Vec<String>,
}

impl Record {
    /// Reads the file.
    pub fn parse(source: &SourceFile) -> Result<Self> {
        format::parse(source)
    }

    /// The record of a folder without the file; `path` is where it would be, for messages.
    pub fn empty(path: impl Into<String>) -> Self {
        Self {
            lines: Vec::new(),
            source: SourceFile::new(path, ""),
        }
    }

    /// The file's text: one line per migration, `version` last so that no line needs to change
    /// when another one follows.
    pub fn to_json(&self) -> String {
        format::write(self)
    }

    /// The file's path and text; the text is empty where there is no file.
    pub fn source(&self) -> &SourceFile {
        &self.source
    }

    /// Whether some migration took the place of one with this tag and text.
    pub fn replaces(&self, tag: &str, text: &str) -> bool {
        fn holds(all: &[Replaced], tag: &str, hash: &str) -> bool {
            all.iter()
                .any(|one| one.tag == tag && one.hash == hash || holds(&one.replaces, tag, hash))
        }
        let hash = hash::sha256(text.as_bytes());
        let mut lines = self.lines.iter();
        lines.any(|line| holds(&line.facts.replaces, tag, &hash))
    }

    /// What SQL files spoke for when a migration was last generated from them.
    pub fn scopes(&self) -> Option<&[String]> {
        let mut lines = self.lines.iter().rev();
        lines.find_map(|line| line.facts.scopes.as_deref())
    }

    /// The line of a migration.
    pub fn find(&self, tag: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.tag == tag)
    }
}

impl Decisions {
    /// Nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.renames.is_empty() && self.creates.is_empty()
    }
}

impl Facts {
    /// The facts of a migration whose file says `text`, following the chain value `before`.
    pub(crate) fn of(
        before: &str,
        tag: &str,
        text: &str,
        kind: Kind,
        state: Option<String>,
        decisions: Decisions,
    ) -> Self {
        let hash = hash::sha256(text.as_bytes());
        Self {
            kind,
            tokens: token_hash(text),
            chain: chain(before, tag, &hash),
            hash,
            state,
            decisions,
            scopes: None,
            replaces: Vec::new(),
        }
    }
}

/// The next value of the hash chain: sha256 of the value before (empty for the first), the tag
/// and the file's hash, one per line. A migration that was left out, put in or moved breaks it.
pub fn chain(before: &str, tag: &str, hash: &str) -> String {
    hash::sha256(format!("{before}\n{tag}\n{hash}\n").as_bytes())
}

#[cfg(test)]
mod tests;
