//! The files of a folder by name, wherever they come from: a disk, a commit.

use super::read::{JOURNAL, is_script, is_snapshot, not_utf8};
use super::shown_path;
use crate::record;
use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use std::collections::BTreeMap;
use std::io::ErrorKind;

/// Texts by path inside the folder: migrations, journal, record and snapshots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// What is on disk, read without a question whether it fits together.
    pub fn read(dir: &Utf8Path, shown: &str) -> Result<Self> {
        let mut files = Self::default();
        for below in ["", "meta/"] {
            let unreadable = |error: &std::io::Error, inside: &str| {
                Diagnostic::error(
                    "folder-unreadable",
                    format!("{} cannot be read", shown_path(shown, inside)),
                )
                .note(error.to_string())
                .help("make it readable for the user who runs Driftless")
            };
            let entries = match fs_err::read_dir(dir.join(below)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(unreadable(&error, below).into()),
            };
            for entry in entries {
                let entry = entry.map_err(|error| unreadable(&error, below))?;
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let inside = format!("{below}{name}");
                if Self::belongs(&inside) {
                    let bytes =
                        fs_err::read(entry.path()).map_err(|error| unreadable(&error, &inside))?;
                    files.0.insert(inside, bytes);
                }
            }
        }
        Ok(files)
    }

    /// Whether a path inside the folder is one of a migration.
    pub fn belongs(inside: &str) -> bool {
        match inside.strip_prefix("meta/") {
            Some(name) => is_snapshot(name) || inside == JOURNAL || name == record::FILE,
            None => is_script(inside) && !inside.contains('/'),
        }
    }

    /// Adds a file.
    pub fn insert(&mut self, inside: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(inside.into(), bytes.into());
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every path, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Tags of all `.sql` files, in order.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.names().filter_map(|inside| {
            let tag = inside.strip_suffix(".sql")?;
            (!tag.contains('/')).then_some(tag)
        })
    }

    /// A file as it is.
    pub fn bytes(&self, inside: &str) -> Option<&[u8]> {
        self.0.get(inside).map(Vec::as_slice)
    }

    /// A file as text, under the path that people read.
    pub fn source(&self, shown: &str, inside: &str) -> Result<Option<SourceFile>> {
        let Some(bytes) = self.bytes(inside) else {
            return Ok(None);
        };
        let shown = shown_path(shown, inside);
        match String::from_utf8(bytes.to_vec()) {
            Ok(text) => Ok(Some(SourceFile::new(shown, text))),
            Err(error) => Err(not_utf8(&shown, &error).into()),
        }
    }
}
