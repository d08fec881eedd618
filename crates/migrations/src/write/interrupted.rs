//! `meta/_driftless.pending.json`: what a writer was about to do when it was killed.
//!
//! Nothing is lost by taking it back: the files hold what `generate` makes again from the same
//! schema, and a file that somebody touched since then is kept and named.

use super::commit::{Disk, File, gone};
use crate::folder::shown_path;
use crate::journal::Journal;
use crate::{hash, json};
use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use fs_err as fs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;

/// A write that was killed before its journal was in place, or right after it.
#[derive(Debug, Clone)]
pub struct Interrupted {
    /// Migrations that it was about to add.
    pub tags: Vec<String>,
    /// Its files that are on disk as it wrote them, by path inside the folder; the next write
    /// removes them.
    pub leftovers: Vec<String>,
    /// Its files that differ from what it wrote; they stay.
    pub edited: Vec<String>,
    /// The journal lists the migrations: all is well, only the list itself is left.
    pub finished: bool,
    record: Option<String>,
}

/// The list on disk.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pending {
    version: u32,
    tags: Vec<String>,
    /// sha256 by path inside the folder, the journal left out.
    files: BTreeMap<String, String>,
    /// Text of `_driftless.json` before; absent when there was none.
    record: Option<String>,
}

const RECORD: &str = "meta/_driftless.json";
const JOURNAL: &str = "meta/_journal.json";

impl Interrupted {
    /// `None` when the last write came to its end.
    pub(crate) fn read(dir: &Utf8Path, shown: &str, journal: &Journal) -> Result<Option<Self>> {
        let inside = "meta/_driftless.pending.json";
        let text = match fs::read_to_string(dir.join(inside)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(shown, inside, Some(&error)).into()),
        };
        let pending = Pending::parse(&text).ok_or_else(|| unreadable(shown, inside, None))?;
        let finished = pending.tags.iter().all(|tag| journal.find(tag).is_some());
        let mut interrupted = Self {
            leftovers: Vec::new(),
            edited: Vec::new(),
            finished,
            record: pending.record.clone(),
            tags: pending.tags,
        };
        if finished {
            return Ok(Some(interrupted));
        }
        for (inside, hash) in &pending.files {
            match fs::read(dir.join(inside)) {
                Ok(bytes) if hash::sha256(&bytes) == *hash => {
                    interrupted.leftovers.push(inside.clone());
                }
                Ok(_) if inside != RECORD => interrupted.edited.push(inside.clone()),
                _ => {}
            }
        }
        Ok(Some(interrupted))
    }

    /// Whether this file will be removed by the next write.
    pub(crate) fn left(&self, inside: &str) -> bool {
        !self.finished && self.leftovers.iter().any(|left| left == inside)
    }

    /// The record as it was before, where the one on disk belongs to the interrupted write.
    pub(crate) fn record_before(&self) -> Option<&str> {
        if self.left(RECORD) {
            Some(self.record.as_deref().unwrap_or_default())
        } else {
            None
        }
    }
}

/// Takes back what a killed writer left, under the lock. Returns the journal's text.
pub(super) fn recover(disk: &Disk) -> Result<String> {
    let text = disk.read(JOURNAL).map_err(|error| cannot(disk, &error))?;
    let text = text.unwrap_or_default();
    let path = disk.shown_path(JOURNAL);
    // The journal of now, not the one read before the lock: it says whether the write was done.
    let journal = if text.is_empty() {
        Journal::empty(path)
    } else {
        Journal::parse(&SourceFile::new(path, text.as_str()))?
    };
    let cleaned = (|| {
        disk.remove_temporary()?;
        let Some(pending) = disk.pending()?.as_deref().and_then(Pending::parse) else {
            return Ok(());
        };
        if pending.tags.iter().all(|tag| journal.find(tag).is_some()) {
            disk.forget_pending()
        } else {
            pending.take_back(disk)
        }
    })();
    cleaned.map_err(|error| cannot(disk, &error))?;
    Ok(text)
}

fn cannot(disk: &Disk, error: &io::Error) -> Diagnostic {
    Diagnostic::error(
        "folder-not-writable",
        format!(
            "{} holds files of an interrupted write that cannot be removed",
            disk.shown_path("meta")
        ),
    )
    .note(error.to_string())
    .help("make the folder and the files in it writable and run the command again")
}

impl Pending {
    pub(super) fn new(tags: &[String], files: &[File], record: Option<String>) -> Self {
        Self {
            version: 1,
            tags: tags.to_vec(),
            files: files
                .iter()
                .filter(|file| file.inside != JOURNAL)
                .map(|file| (file.inside.clone(), file.hash().to_owned()))
                .collect(),
            record,
        }
    }

    /// `None` when it is not one of ours; it is written by a rename, so it is never cut off.
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str::<Self>(text)
            .ok()
            .filter(|pending| pending.version == 1)
    }

    pub(super) fn to_json(&self) -> String {
        json::pretty(self)
    }

    /// Removes what is exactly as written, restores the record, and then forgets the list.
    pub(super) fn take_back(&self, disk: &Disk) -> io::Result<()> {
        for (inside, hash) in &self.files {
            let Ok(bytes) = fs::read(disk.path(inside)) else {
                continue;
            };
            if hash::sha256(&bytes) != *hash {
                continue;
            }
            match &self.record {
                Some(record) if inside == RECORD => disk.replace(inside, record)?,
                _ => gone(fs::remove_file(disk.path(inside)))?,
            }
        }
        disk.forget_pending()
    }
}

fn unreadable(shown: &str, inside: &str, error: Option<&io::Error>) -> Diagnostic {
    let path = shown_path(shown, inside);
    let mut diagnostic = Diagnostic::error(
        "pending-unreadable",
        format!("{path} cannot be read, it lists what an interrupted write has left"),
    );
    if let Some(error) = error {
        diagnostic = diagnostic.note(error.to_string());
    }
    diagnostic.help(format!(
        "remove migrations from the folder that the journal does not list, then remove {path}"
    ))
}
