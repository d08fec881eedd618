//! One writer at a time. The lock belongs to the process and is gone with it, so nothing stale
//! is ever left behind.

use crate::folder::Folder;
use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, Result};
use std::fs::{File, TryLockError};

/// Held until dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

pub(super) fn take(folder: &Folder) -> Result<Lock> {
    at(&folder.dir, &folder.shown)
}

pub(super) fn at(dir: &Utf8Path, shown: &str) -> Result<Lock> {
    let file = open(dir).map_err(|error| cannot(shown, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(Diagnostic::error(
            "folder-locked",
            format!("{shown} is being written by another driftless"),
        )
        .help("run the command again when that one has finished")
        .into()),
        Err(TryLockError::Error(error)) => Err(cannot(shown, &error).into()),
    }
}

/// The folder itself carries the lock, so that no file for it can end up in git.
#[cfg(unix)]
fn open(dir: &Utf8Path) -> std::io::Result<File> {
    fs_err::File::open(dir).map(fs_err::File::into_file)
}

/// Directories cannot be opened there; the file is ignored by drizzle-kit.
#[cfg(not(unix))]
fn open(dir: &Utf8Path) -> std::io::Result<File> {
    fs_err::File::create(dir.join("meta/_driftless.lock")).map(fs_err::File::into_file)
}

fn cannot(shown: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "folder-not-lockable",
        format!("{shown} cannot be locked, so nothing was written"),
    )
    .note(error.to_string())
    .help("use a folder on a local disk that you may read and write")
}
