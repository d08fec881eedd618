//! Getting a set of files into place, all or none.

use super::interrupted::Pending;
use crate::folder::{Folder, shown_path};
use crate::hash;
use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Result};
use fs_err as fs;
use std::cell::Cell;
use std::io::{self, ErrorKind, Write};

/// Called before each step with its name; tests make single steps fail.
pub(super) type Fault<'a> = dyn FnMut(&str) -> std::result::Result<(), Stop> + 'a;

/// Why a write stopped half-way.
#[derive(Debug)]
pub(super) enum Stop {
    /// An error: what was done is undone.
    Failed(io::Error),
    /// As if the process had been killed: nothing is undone.
    #[cfg(test)]
    Killed,
}

/// A file as it shall be.
#[derive(Debug, Clone)]
pub(super) struct File {
    /// Path inside the folder.
    pub(super) inside: String,
    pub(super) text: String,
    /// Of the text.
    hash: String,
    /// Whether there may be a file already.
    replace: bool,
}

/// The folder, for reading and writing.
pub(super) struct Disk {
    dir: Utf8PathBuf,
    shown: String,
    /// Folders that were not there before, outermost first.
    created: Cell<Vec<Utf8PathBuf>>,
}

/// Number of a temporary file that is no part of a set.
const ALONE: usize = usize::MAX;
const TEMPORARY: &str = "_driftless-tmp-";
const PENDING: &str = "meta/_driftless.pending.json";

/// A set of files to be written, and of files that are gone afterwards.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    /// In order; the last one is what makes the others count.
    pub(super) files: &'a [File],
    /// Paths that are removed once the last file is in place.
    pub(super) gone: &'a [String],
    /// Migrations that exist afterwards; without any, a single rename needs no list.
    pub(super) tags: &'a [String],
}

impl<'a> Change<'a> {
    /// Files alone.
    pub(super) fn of(files: &'a [File]) -> Self {
        Self {
            files,
            gone: &[],
            tags: &[],
        }
    }
}

/// Puts the files into place in their order; the last one is what makes the others count.
pub(super) fn commit(disk: &Disk, change: &Change<'_>, fault: &mut Fault<'_>) -> Result<()> {
    let Change { files, gone, tags } = *change;
    let mut at = String::new();
    let done = (|| {
        let mut step = |name: String| {
            at = name;
            fault(&at)
        };
        for (number, file) in files.iter().enumerate() {
            step(format!("write {}", file.inside))?;
            if !file.replace && disk.path(&file.inside).exists() {
                return Err(Stop::Failed(ErrorKind::AlreadyExists.into()));
            }
            disk.write_temporary(number, file)?;
        }
        let mut numbers: Vec<usize> = (0..files.len()).collect();
        if !tags.is_empty() {
            step("note what is to come".to_owned())?;
            let pending = Pending::new(disk, change)?;
            disk.write_temporary(ALONE, &File::replacing(PENDING, pending.to_json()))?;
            numbers.push(ALONE);
        }
        disk.sync_temporaries(&numbers)?;
        if !tags.is_empty() {
            fs::rename(disk.temporary(ALONE), disk.path(PENDING))?;
            disk.sync();
        }
        for (number, file) in files.iter().enumerate() {
            step(format!("place {}", file.inside))?;
            if number + 1 == files.len() {
                disk.sync();
            }
            fs::rename(disk.temporary(number), disk.path(&file.inside))?;
        }
        disk.sync();
        Ok(())
    })();
    match done {
        Ok(()) => {
            // All is in place; a list that stays behind is recognised as done.
            let removed = gone.iter().all(|inside| {
                fault(&format!("remove {inside}")).is_ok()
                    && self::gone(fs::remove_file(disk.path(inside))).is_ok()
            });
            if removed && fault("forget the list").is_ok() && !tags.is_empty() {
                let _ = fs::remove_file(disk.path(PENDING));
            }
            Ok(())
        }
        Err(Stop::Failed(error)) => {
            let undone = disk.undo();
            Err(failed(disk, &at, &error, undone).into())
        }
        #[cfg(test)]
        Err(Stop::Killed) => Err(Diagnostic::error("killed", at).into()),
    }
}

fn failed(disk: &Disk, step: &str, error: &io::Error, undone: io::Result<()>) -> Diagnostic {
    let inside = step.split_once(' ').map_or(step, |(_, inside)| inside);
    let path = match step {
        "note what is to come" => disk.shown_path(PENDING),
        _ => disk.shown_path(inside),
    };
    let state = match undone {
        Ok(()) => "the folder is as it was".to_owned(),
        Err(error) => format!(
            "undoing the rest failed as well ({error}), the next `driftless generate` does it"
        ),
    };
    if error.kind() == ErrorKind::AlreadyExists {
        return Diagnostic::error(
            "migration-name-exists",
            format!("{path} exists already, nothing was written"),
        )
        .note(state)
        .help("give another name: driftless generate --name add_invoices");
    }
    Diagnostic::error("folder-not-writable", format!("{path} cannot be written"))
        .note(error.to_string())
        .note(state)
        .help(match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "free some disk space and run the command again"
            }
            _ => "make the folder and the files in it writable and run the command again",
        })
}

impl Disk {
    pub(super) fn new(folder: &Folder) -> Self {
        Self::at(&folder.dir, &folder.shown)
    }

    pub(super) fn at(dir: &Utf8Path, shown: &str) -> Self {
        Self {
            dir: dir.to_owned(),
            shown: shown.to_owned(),
            created: Cell::default(),
        }
    }

    pub(super) fn path(&self, inside: &str) -> Utf8PathBuf {
        self.dir.join(inside)
    }

    pub(super) fn shown_path(&self, inside: &str) -> String {
        shown_path(&self.shown, inside)
    }

    /// The folder and `meta`, with everything above them.
    pub(super) fn create_folders(&self) -> Result<()> {
        let meta = self.path("meta");
        let missing: Vec<Utf8PathBuf> = meta
            .ancestors()
            .take_while(|path| !path.as_str().is_empty() && !path.exists())
            .map(ToOwned::to_owned)
            .collect();
        let created = fs::create_dir_all(&meta);
        self.created.set(missing);
        created.map_err(|error| {
            self.remove_folders();
            Diagnostic::error(
                "folder-not-writable",
                format!("{} cannot be made", self.shown_path("meta")),
            )
            .note(error.to_string())
            .help("make the folder above it writable, or set `out` in the config to another one")
            .into()
        })
    }

    /// After a failed first write; a folder that something was put into stays.
    pub(super) fn remove_folders(&self) {
        for path in self.created.take() {
            let _ = fs::remove_dir(path);
        }
    }

    /// Fails when somebody else wrote the folder after it was read.
    pub(super) fn unchanged(&self, folder: &Folder, journal: &str) -> Result<()> {
        let record = self.read("meta/_driftless.json").ok().flatten();
        if journal == folder.journal.source().text()
            && record.unwrap_or_default() == folder.record.source().text()
        {
            return Ok(());
        }
        Err(self.changed().into())
    }

    pub(super) fn changed(&self) -> Diagnostic {
        Diagnostic::error(
            "folder-changed",
            format!(
                "{} changed while this command ran, nothing was written",
                self.shown
            ),
        )
        .help("run the command again")
    }

    pub(super) fn read(&self, inside: &str) -> io::Result<Option<String>> {
        match fs::read_to_string(self.path(inside)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn pending(&self) -> io::Result<Option<String>> {
        self.read(PENDING)
    }

    /// Writes one file through a temporary one.
    pub(super) fn replace(&self, inside: &str, text: &str) -> io::Result<()> {
        self.write_temporary(ALONE, &File::replacing(inside, text))?;
        self.sync_temporaries(&[ALONE])?;
        fs::rename(self.temporary(ALONE), self.path(inside))?;
        self.sync();
        Ok(())
    }

    pub(super) fn forget_pending(&self) -> io::Result<()> {
        gone(fs::remove_file(self.path(PENDING)))
    }

    /// What a killed writer left; only call it under the lock.
    pub(super) fn remove_temporary(&self) -> io::Result<()> {
        let entries = match fs::read_dir(self.path("meta")) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                gone(fs::remove_file(entry.path()))?;
            }
        }
        Ok(())
    }

    /// Takes back what a failed commit did; the journal was not placed, or nothing had failed.
    fn undo(&self) -> io::Result<()> {
        if let Some(text) = self.pending()?
            && let Some(pending) = Pending::parse(&text)
        {
            pending.take_back(self)?;
        }
        self.remove_temporary()
    }

    fn write_temporary(&self, number: usize, file: &File) -> io::Result<()> {
        let path = self.temporary(number);
        let mut out = fs::File::create_new(&path)?;
        if let Ok(old) = fs::metadata(self.path(&file.inside)) {
            out.set_permissions(old.permissions())?;
        }
        out.write_all(file.text.as_bytes())
    }

    /// All at once: file systems bring several files to disk in the time of one.
    fn sync_temporaries(&self, numbers: &[usize]) -> io::Result<()> {
        std::thread::scope(|scope| {
            let threads: Vec<_> = numbers
                .iter()
                .map(|&number| self.temporary(number))
                .map(|path| scope.spawn(move || fs::File::open(path)?.sync_all()))
                .collect();
            threads.into_iter().try_for_each(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(ErrorKind::Other.into()))
            })
        })
    }

    /// In `meta` under a name that drizzle-kit passes over.
    fn temporary(&self, number: usize) -> Utf8PathBuf {
        self.path(&format!("meta/{TEMPORARY}{number}"))
    }

    /// Makes renames last; file systems that cannot are no worse off than before.
    fn sync(&self) {
        for inside in ["", "meta"] {
            if let Ok(folder) = fs::File::open(self.path(inside)) {
                let _ = folder.sync_all();
            }
        }
    }
}

impl File {
    pub(super) fn new(inside: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            inside: inside.into(),
            hash: hash::sha256(text.as_bytes()),
            text,
            replace: false,
        }
    }

    pub(super) fn replacing(inside: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            replace: true,
            ..Self::new(inside, text)
        }
    }

    pub(super) fn hash(&self) -> &str {
        &self.hash
    }

    pub(super) fn replaces(&self) -> bool {
        self.replace
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Removing what is not there is fine.
pub(super) fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
