//! `meta/_driftless.pending.json`: what a writer was about to do when it was killed.
//!
//! Nothing is lost by taking it back: the files hold what `generate` makes again from the same
//! schema, and a file that somebody touched since then is kept and named.

use super::commit::{Change, Disk, gone};
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
    /// Files that the next write removes or puts back, by path inside the folder: what an unfinished
    /// one has written, and what a finished one has still to remove.
    pub leftovers: Vec<String>,
    /// Its files that differ from what it wrote; they stay.
    pub edited: Vec<String>,
    /// The journal lists the migrations: all is well, only the list itself is left.
    pub finished: bool,
    before: BTreeMap<String, String>,
}

/// The list on disk.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pending {
    version: u32,
    tags: Vec<String>,
    /// sha256 by path inside the folder, the journal left out.
    files: BTreeMap<String, String>,
    /// Text of each of them that was there before.
    before: BTreeMap<String, String>,
    /// sha256 of the journal before.
    journal: String,
    /// sha256 of each file that is to be removed in the end.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    gone: BTreeMap<String, String>,
}

const VERSION: u32 = 2;

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
        let finished = pending.finished_by(journal);
        let mut interrupted = Self {
            leftovers: Vec::new(),
            edited: Vec::new(),
            finished,
            tags: pending.tags,
            before: BTreeMap::new(),
        };
        let files = if finished {
            pending.gone
        } else {
            interrupted.before = pending.before;
            pending.files
        };
        for (inside, hash) in files {
            match fs::read(dir.join(&inside)) {
                Ok(bytes) if hash::sha256(&bytes) == hash => interrupted.leftovers.push(inside),
                Ok(bytes) if !finished && !interrupted.is_as_before(&inside, &bytes) => {
                    interrupted.edited.push(inside);
                }
                _ => {}
            }
        }
        Ok(Some(interrupted))
    }

    /// Not in place yet; and a record that somebody changed is nothing of a migration's.
    fn is_as_before(&self, inside: &str, bytes: &[u8]) -> bool {
        inside == RECORD
            || self
                .before(inside)
                .is_some_and(|text| text.as_bytes() == bytes)
    }

    /// Whether this file is not what it will be after the next write, which removes it or puts
    /// [`Self::before`] back.
    pub(crate) fn left(&self, inside: &str) -> bool {
        self.leftovers.iter().any(|left| left == inside)
    }

    /// The text that an unfinished write has replaced.
    pub(crate) fn before(&self, inside: &str) -> Option<&str> {
        self.before.get(inside).map(String::as_str)
    }
}

/// Takes back what a killed writer left in a folder, where there is such a thing: for those who read
/// it file by file.
pub fn take_back(dir: &Utf8Path, shown: &str) -> Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    let disk = Disk::at(dir, shown);
    let _lock = super::lock::at(dir, shown)?;
    recover(&disk).map(|_| ())
}

/// Takes back what a killed writer left, under the lock. Returns the journal's text.
pub(super) fn recover(disk: &Disk) -> Result<String> {
    let text = disk.read(JOURNAL).map_err(|error| cannot(disk, &error))?;
    let text = text.unwrap_or_default();
    let pending = disk.pending().map_err(|error| cannot(disk, &error))?;
    let pending = pending.as_deref().and_then(Pending::parse);
    // The journal of now, not the one read before the lock: it says whether the write was done.
    let finished = match &pending {
        Some(pending) => pending.finished(&text, &disk.shown_path(JOURNAL))?,
        None => true,
    };
    let cleaned = (|| {
        disk.remove_temporary()?;
        match &pending {
            Some(pending) if finished => pending.end(disk),
            Some(pending) => pending.take_back(disk),
            None => Ok(()),
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
    pub(super) fn new(disk: &Disk, change: &Change<'_>) -> io::Result<Self> {
        let mut pending = Self {
            version: VERSION,
            tags: change.tags.to_vec(),
            files: BTreeMap::new(),
            before: BTreeMap::new(),
            journal: hash_of(disk.read(JOURNAL)?),
            gone: BTreeMap::new(),
        };
        for file in change.files.iter().filter(|file| file.inside != JOURNAL) {
            let inside = file.inside.clone();
            if file.replaces()
                && let Some(before) = disk.read(&inside)?
            {
                pending.before.insert(inside.clone(), before);
            }
            pending.files.insert(inside, file.hash().to_owned());
        }
        for inside in change.gone {
            let hash = hash_of(disk.read(inside)?);
            pending.gone.insert(inside.clone(), hash);
        }
        Ok(pending)
    }

    /// `None` when it is not one of ours; it is written by a rename, so it is never cut off.
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str::<Self>(text)
            .ok()
            .filter(|pending| pending.version == VERSION)
    }

    /// Whether the journal that this write has made is in place. One that is as it was is not,
    /// and need not be readable.
    fn finished(&self, journal: &str, path: &str) -> Result<bool> {
        if hash::sha256(journal.as_bytes()) == self.journal {
            return Ok(false);
        }
        if journal.is_empty() {
            return Ok(self.finished_by(&Journal::empty(path)));
        }
        let journal = Journal::parse(&SourceFile::new(path, journal))?;
        Ok(self.finished_by(&journal))
    }

    fn finished_by(&self, journal: &Journal) -> bool {
        hash::sha256(journal.source().text().as_bytes()) != self.journal
            && self.tags.iter().all(|tag| journal.find(tag).is_some())
    }

    /// Removes what was to be removed and is as it was, and then forgets the list.
    fn end(&self, disk: &Disk) -> io::Result<()> {
        for (inside, hash) in &self.gone {
            if fs::read(disk.path(inside)).is_ok_and(|bytes| hash::sha256(&bytes) == *hash) {
                gone(fs::remove_file(disk.path(inside)))?;
            }
        }
        disk.forget_pending()
    }

    pub(super) fn to_json(&self) -> String {
        json::pretty(self)
    }

    /// Removes what is exactly as written, restores what was there before, and then forgets the list.
    pub(super) fn take_back(&self, disk: &Disk) -> io::Result<()> {
        for (inside, hash) in &self.files {
            let Ok(bytes) = fs::read(disk.path(inside)) else {
                continue;
            };
            if hash::sha256(&bytes) != *hash {
                continue;
            }
            match self.before.get(inside) {
                Some(before) => disk.replace(inside, before)?,
                None => gone(fs::remove_file(disk.path(inside)))?,
            }
        }
        disk.forget_pending()
    }
}

fn hash_of(text: Option<String>) -> String {
    hash::sha256(text.unwrap_or_default().as_bytes())
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
