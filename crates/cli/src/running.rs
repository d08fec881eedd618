//! The `driftless dev` of a project, as other commands find it.

use std::fs::{File, TryLockError};
use std::io::{Seek, Write};

use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, Result};
use serde::{Deserialize, Serialize};

/// Its file in `.driftless/`, locked as long as it runs.
const FILE: &str = "dev.json";

/// What it says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Running {
    pub(crate) url: String,
    pid: u32,
}

impl Running {
    /// The one that runs, if any.
    pub(crate) fn find(folder: &Utf8Path) -> Option<Self> {
        let path = folder.join(FILE);
        let file = File::open(&path).ok()?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {}
            // Nobody holds it: what it says is of one that has ended.
            _ => return None,
        }
        serde_json::from_str(&fs_err::read_to_string(&path).ok()?).ok()
    }

    /// Takes the file; an error where another one has it.
    pub(crate) fn announce(folder: &Utf8Path) -> Result<File> {
        let path = folder.join(FILE);
        let unwritable = |error: &dyn std::fmt::Display| {
            Diagnostic::error("unwritable-file", format!("{path} cannot be used: {error}"))
                .help("make the project's folder writable")
        };
        fs_err::create_dir_all(folder).map_err(|error| unwritable(&error))?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| unwritable(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                let other = Self::find(folder);
                let whose = other.map_or_else(String::new, |one| {
                    format!(" (process {}): {}", one.pid, one.url)
                });
                Err(Diagnostic::error(
                    "dev-running",
                    format!("`driftless dev` runs for this project already{whose}"),
                )
                .help("use that one, or end it with q or Ctrl-C")
                .into())
            }
            Err(TryLockError::Error(error)) => Err(unwritable(&error).into()),
        }
    }

    /// Says where it is.
    pub(crate) fn tell(mut file: &File, url: &str) {
        let running = Self {
            url: url.to_owned(),
            pid: std::process::id(),
        };
        let text = serde_json::to_string(&running).unwrap_or_default();
        // Whoever cannot read it gives the URL by hand.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(text.as_bytes()));
    }
}
