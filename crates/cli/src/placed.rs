//! Files written all or none: each is staged beside its place, then all are put there.

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Result};
use std::io;

/// Files to be written, and what happened to them.
pub(crate) struct Files {
    dir: Utf8PathBuf,
    changes: Vec<Change>,
    /// Folders that were made for them, the outermost first.
    folders: Vec<Utf8PathBuf>,
}

struct Change {
    path: String,
    /// What it is to hold; nothing for one that goes.
    text: Option<String>,
    /// Whether its place was taken, and what was there is kept beside it.
    kept: bool,
    put: bool,
}

impl Files {
    pub(crate) fn new(dir: &Utf8Path) -> Self {
        Self {
            dir: dir.to_owned(),
            changes: Vec::new(),
            folders: Vec::new(),
        }
    }

    pub(crate) fn write(&mut self, path: &str, text: &str) {
        self.add(path, Some(text.to_owned()));
    }

    pub(crate) fn remove(&mut self, path: &str) {
        self.add(path, None);
    }

    fn add(&mut self, path: &str, text: Option<String>) {
        self.changes.push(Change {
            path: path.to_owned(),
            text,
            kept: false,
            put: false,
        });
    }

    /// Puts all of them in place, or none.
    ///
    /// # Errors
    /// `unwritable-file`; everything is as before then.
    pub(crate) fn put(&mut self) -> Result<()> {
        let outcome = self.stage().and_then(|()| self.place());
        outcome.map_err(|(path, error)| {
            self.take_back();
            Diagnostic::error(
                "unwritable-file",
                format!("{path} cannot be written: {error}"),
            )
            .note("nothing was written")
            .help("make the folder writable")
            .into()
        })
    }

    fn stage(&mut self) -> std::result::Result<(), (String, io::Error)> {
        for at in 0..self.changes.len() {
            let change = &self.changes[at];
            let Some(text) = change.text.clone() else {
                continue;
            };
            let path = change.path.clone();
            let failed = |error: io::Error| (path.clone(), error);
            self.make_folder(&path).map_err(failed)?;
            let staged = self.beside(&path, "new");
            fs_err::write(&staged, text).map_err(failed)?;
            let file = fs_err::File::open(&staged).map_err(failed)?;
            file.sync_all().map_err(failed)?;
        }
        Ok(())
    }

    fn make_folder(&mut self, path: &str) -> io::Result<()> {
        let place = self.dir.join(path);
        let above: Vec<_> = place.ancestors().skip(1).collect();
        for folder in above.into_iter().rev() {
            if !folder.is_dir() {
                fs_err::create_dir(folder)?;
                self.folders.push(folder.to_owned());
            }
        }
        Ok(())
    }

    fn place(&mut self) -> std::result::Result<(), (String, io::Error)> {
        for at in 0..self.changes.len() {
            let Change { path, text, .. } = &self.changes[at];
            let (path, stays) = (path.clone(), text.is_some());
            let failed = |error: io::Error| (path.clone(), error);
            let place = self.dir.join(&path);
            if place.exists() {
                fs_err::rename(&place, self.beside(&path, "old")).map_err(failed)?;
                self.changes[at].kept = true;
            }
            if stays {
                fs_err::rename(self.beside(&path, "new"), &place).map_err(failed)?;
            }
            self.changes[at].put = true;
        }
        Ok(())
    }

    /// Makes everything as it was before.
    pub(crate) fn take_back(&mut self) {
        // What fails here leaves a copy beside its place, which is all that can be done.
        for change in &self.changes {
            let place = self.dir.join(&change.path);
            let _ = fs_err::remove_file(self.beside(&change.path, "new"));
            if change.put && change.text.is_some() {
                let _ = fs_err::remove_file(&place);
            }
            if change.kept {
                let _ = fs_err::rename(self.beside(&change.path, "old"), &place);
            }
        }
        for folder in self.folders.drain(..).rev() {
            let _ = fs_err::remove_dir(folder);
        }
    }

    /// Lets go of what was there before; the paths of what was written.
    pub(crate) fn done(self) -> Vec<String> {
        for change in self.changes.iter().filter(|change| change.kept) {
            let _ = fs_err::remove_file(self.beside(&change.path, "old"));
        }
        let written = self
            .changes
            .into_iter()
            .filter(|change| change.text.is_some());
        written.map(|change| change.path).collect()
    }

    fn beside(&self, path: &str, word: &str) -> Utf8PathBuf {
        self.dir.join(format!("{path}.driftless-{word}"))
    }
}

/// Writes one file, or leaves what was there.
///
/// # Errors
/// `unwritable-file`.
pub(crate) fn write(dir: &Utf8Path, path: &Utf8Path, text: &str) -> Result<()> {
    let mut files = Files::new(dir);
    files.write(path.as_str(), text);
    files.put()?;
    files.done();
    Ok(())
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn what_fails_half_way_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(folder.path()).unwrap();
        std::fs::write(dir.join("a"), "old").unwrap();
        std::fs::write(dir.join("gone"), "kept").unwrap();
        let mut files = Files::new(dir);
        files.write("a", "new");
        files.write("deep/er/b", "new");
        files.remove("gone");
        // A file stands where a folder would have to be.
        files.write("a/c", "new");
        let failure = files.put().unwrap_err();
        assert_eq!(failure.diagnostics()[0].code, "unwritable-file");
        assert_eq!(std::fs::read_to_string(dir.join("a")).unwrap(), "old");
        assert_eq!(std::fs::read_to_string(dir.join("gone")).unwrap(), "kept");
        assert_eq!(std::fs::read_dir(dir).unwrap().count(), 2);
    }

    #[test]
    fn everything_is_put_and_can_be_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(folder.path()).unwrap();
        std::fs::write(dir.join("a"), "old").unwrap();
        let mut files = Files::new(dir);
        files.write("a", "new");
        files.write("deep/b", "new");
        files.put().unwrap();
        assert_eq!(std::fs::read_to_string(dir.join("a")).unwrap(), "new");
        files.take_back();
        assert_eq!(std::fs::read_to_string(dir.join("a")).unwrap(), "old");
        assert_eq!(std::fs::read_dir(dir).unwrap().count(), 1);
    }
}
