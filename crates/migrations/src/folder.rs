//! The migrations folder as it is on disk, wrong or right.
//!
//! [`Folder::read`] only fails on what makes everything else meaningless: files that cannot be
//! read, an unreadable journal or record, a folder of drizzle-kit 1.x. What is wrong with single
//! migrations is kept as it is and told by the rules of `driftless_checks`; who builds on the
//! folder asks [`Folder::newest_snapshot`] and [`Migration::script`].

mod files;
mod read;

pub use files::Files;

use crate::journal::{Entry, Journal};
use crate::record::{Kind, Line, Record};
use crate::snapshot::Snapshot;
use crate::write::Interrupted;
use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use std::sync::OnceLock;

/// Everything in the folder.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Where it is.
    pub dir: Utf8PathBuf,
    /// How it is called in messages.
    pub shown: String,
    /// False when there is nothing at `dir` yet.
    pub exists: bool,
    /// `meta/_journal.json`; empty when absent.
    pub journal: Journal,
    /// `meta/_driftless.json`; empty when absent.
    pub record: Record,
    /// One per journal entry, in that order.
    pub migrations: Vec<Migration>,
    /// `.sql` files that the journal does not list.
    pub unlisted_scripts: Vec<Script>,
    /// Snapshots of no journal entry.
    pub unlisted_snapshots: Vec<SnapshotFile>,
    /// What a killed `generate` left; its files are not among the unlisted ones.
    pub interrupted: Option<Interrupted>,
    /// Prefixes of every `.sql` and snapshot file, listed or not, so that none is used twice.
    pub(crate) taken: Vec<String>,
}

/// One journal entry with what belongs to it.
#[derive(Debug, Clone)]
pub struct Migration {
    /// The journal's entry.
    pub entry: Entry,
    /// Its file; absent when missing on disk.
    pub script: Option<Script>,
    /// Its snapshot; absent when missing on disk.
    pub snapshot: Option<SnapshotFile>,
    /// Its line in the record; absent until the next `generate`.
    pub record: Option<Line>,
    /// Where its file is or should be, for messages.
    pub path: String,
}

/// A `.sql` file.
#[derive(Debug, Clone)]
pub struct Script {
    /// File name without `.sql`.
    pub tag: String,
    /// Path and text, exactly as on disk.
    pub source: SourceFile,
    /// sha256 of the bytes; what drizzle-orm stores in its ledger.
    pub hash: String,
}

/// A snapshot file, parsed when somebody asks.
#[derive(Debug, Clone)]
pub struct SnapshotFile {
    /// Path and text.
    pub source: SourceFile,
    parsed: OnceLock<Result<Snapshot>>,
}

impl Folder {
    /// Reads the folder; one that does not exist is an empty one.
    pub fn read(dir: &Utf8Path) -> Result<Self> {
        Self::read_shown_as(dir, dir.as_str())
    }

    /// The same, with the folder called `shown` in messages.
    pub fn read_shown_as(dir: &Utf8Path, shown: &str) -> Result<Self> {
        read::read(dir, shown)
    }

    /// The folder whose texts a program carries with it; it has no snapshots.
    ///
    /// `scripts` are tags and texts; `shown` is what the folder is called in messages.
    pub fn from_texts(
        shown: &str,
        journal: &str,
        record: Option<&str>,
        scripts: &[(&str, &str)],
    ) -> Result<Self> {
        read::from_texts(shown, journal, record, scripts)
    }

    /// The folder whose files are somewhere else than on disk: in a commit.
    ///
    /// `shown` is what it is called in messages. What a killed writer left is none of its files.
    pub fn from_files(shown: &str, files: &Files) -> Result<Self> {
        read::from_files(shown, files)
    }

    /// The state after the last migration; the empty one when there is none.
    ///
    /// That is the last snapshot in journal order: a hand-written migration without a snapshot
    /// leaves the declared state as it was.
    pub fn newest_snapshot(&self) -> Result<Snapshot> {
        match self.newest() {
            Some((_, snapshot)) => snapshot.read().cloned(),
            None => Ok(Snapshot::empty()),
        }
    }

    /// The migration that holds the newest snapshot, and that snapshot's file.
    pub fn newest(&self) -> Option<(&Migration, &SnapshotFile)> {
        self.migrations
            .iter()
            .rev()
            .find_map(|migration| Some((migration, migration.snapshot.as_ref()?)))
    }

    /// The snapshot file that drizzle-kit would continue from: the last one by file name.
    pub fn newest_by_name(&self) -> Option<&SnapshotFile> {
        self.migrations
            .iter()
            .filter_map(|migration| migration.snapshot.as_ref())
            .chain(&self.unlisted_snapshots)
            .filter(|snapshot| !snapshot.file_name().starts_with('_'))
            .max_by(|a, b| a.file_name().cmp(b.file_name()))
    }

    /// The migration with this tag.
    pub fn find(&self, tag: &str) -> Option<&Migration> {
        self.migrations
            .iter()
            .find(|migration| migration.entry.tag() == tag)
    }

    /// How a migration of this folder came to be: recorded, or told from its snapshot when not.
    ///
    /// One that nobody recorded was written by hand when its snapshot changes nothing or is absent.
    pub fn kind(&self, tag: &str) -> Kind {
        let Some(at) = self.migrations.iter().position(|one| one.tag() == tag) else {
            return Kind::Custom;
        };
        if let Some(line) = &self.migrations[at].record {
            return line.facts.kind;
        }
        let Some(Ok(after)) = self.migrations[at]
            .snapshot
            .as_ref()
            .map(SnapshotFile::read)
        else {
            return Kind::Custom;
        };
        let before = self.migrations[..at]
            .iter()
            .rev()
            .find_map(|migration| migration.snapshot.as_ref());
        let unchanged = match before.map(SnapshotFile::read) {
            Some(Ok(before)) => before.same_state(after),
            Some(Err(_)) => false,
            None => after.same_state(&Snapshot::empty()),
        };
        if unchanged {
            Kind::Custom
        } else {
            Kind::Generated
        }
    }

    /// A path inside the folder, as people read it.
    pub fn shown_path(&self, inside: &str) -> String {
        shown_path(&self.shown, inside)
    }
}

impl Migration {
    /// The journal's tag.
    pub fn tag(&self) -> &str {
        self.entry.tag()
    }

    /// The file, or an error that names the missing one.
    pub fn script(&self) -> Result<&Script> {
        self.script
            .as_ref()
            .ok_or_else(|| self.missing_script().into())
    }

    /// The error for a missing file.
    pub fn missing_script(&self) -> Diagnostic {
        Diagnostic::error(
            "migration-file-missing",
            format!(
                "{} is missing, the journal lists it as index {}",
                self.path,
                self.entry.idx()
            ),
        )
        .help(format!("restore the file: git checkout -- {}", self.path))
        .help("if it was never committed, ask whoever made it to push it")
    }
}

impl SnapshotFile {
    pub(crate) fn new(source: SourceFile) -> Self {
        Self {
            source,
            parsed: OnceLock::new(),
        }
    }

    /// The snapshot, or what is wrong with the file.
    pub fn read(&self) -> Result<&Snapshot> {
        self.parsed
            .get_or_init(|| Snapshot::parse(&self.source))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The bare file name.
    pub fn file_name(&self) -> &str {
        self.source.path().rsplit('/').next().unwrap_or_default()
    }
}

pub(crate) fn shown_path(shown: &str, inside: &str) -> String {
    match shown.trim_end_matches('/') {
        "" | "." => inside.to_owned(),
        shown => format!("{shown}/{inside}"),
    }
}

#[cfg(test)]
mod tests;
