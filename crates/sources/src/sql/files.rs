//! SQL files on disk, read once.

use crate::script::{glob, relative};
use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use std::collections::BTreeSet;

/// A file of SQL in memory; what happens to it on disk afterwards does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlFile {
    /// Path as seen from the project, text without byte order mark and with `\n` alone: a checkout
    /// with other line endings declares the same.
    pub source: SourceFile,
}

/// Whether a path is one of a SQL file.
fn is_sql(path: &Utf8Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("sql"))
}

impl SqlFile {
    /// A file from its bytes.
    ///
    /// # Errors
    /// `unreadable-file` where they are no UTF-8.
    pub fn new(path: &str, bytes: Vec<u8>) -> Result<Self> {
        let text = String::from_utf8(bytes).map_err(|error| {
            Diagnostic::error(
                "unreadable-file",
                format!(
                    "{path} cannot be read: it is not UTF-8 text (byte {})",
                    error.utf8_error().valid_up_to() + 1
                ),
            )
            .help("save the file as UTF-8")
        })?;
        let text = text
            .strip_prefix('\u{feff}')
            .unwrap_or(&text)
            .replace("\r\n", "\n");
        Ok(Self {
            source: SourceFile::new(path, text),
        })
    }

    /// Reads one file.
    ///
    /// # Errors
    /// `unreadable-file`.
    pub fn read(root: &Utf8Path, path: &Utf8Path) -> Result<Self> {
        let shown = relative(root, path);
        let bytes = fs_err::read(path).map_err(|error| {
            Diagnostic::error(
                "unreadable-file",
                format!("{shown} cannot be read: {}", error.kind()),
            )
        })?;
        Self::new(&shown, bytes)
    }

    /// Reads files, in the order of their paths, each once.
    ///
    /// # Errors
    /// As [`SqlFile::read`].
    pub fn read_all(root: &Utf8Path, paths: &BTreeSet<Utf8PathBuf>) -> Result<Vec<Self>> {
        paths.iter().map(|path| Self::read(root, path)).collect()
    }
}

/// What a file, a folder or a glob stands for: the SQL files in it, folders with all below them.
/// The second part are files of other kinds that were named or matched.
pub(crate) fn matched(
    root: &Utf8Path,
    entry: &str,
) -> (BTreeSet<Utf8PathBuf>, BTreeSet<Utf8PathBuf>) {
    let (mut sql, mut others) = (BTreeSet::new(), BTreeSet::new());
    for path in glob::expand(root, entry) {
        // Without `.` and the like, so that a file that is named twice is one.
        let path: Utf8PathBuf = path.components().collect();
        if path.is_dir() {
            below(&path, &mut sql, &mut others);
        } else if is_sql(&path) {
            sql.insert(path);
        } else {
            others.insert(path);
        }
    }
    (sql, others)
}

fn below(dir: &Utf8Path, sql: &mut BTreeSet<Utf8PathBuf>, others: &mut BTreeSet<Utf8PathBuf>) {
    for entry in dir.read_dir_utf8().into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.starts_with('.') || name == "node_modules" {
            continue;
        }
        let path = entry.into_path();
        // A link to a folder may lead back here.
        if path.is_dir() && !path.is_symlink() {
            below(&path, sql, others);
        } else if is_sql(&path) {
            sql.insert(path);
        } else {
            others.insert(path);
        }
    }
}
