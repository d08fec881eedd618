//! The folder as other commits have it.

use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::folder::{Files, Folder};

use crate::exit::Result;
use crate::git::{Git, Revision};
use crate::settings::Settings;

/// Another branch, and the commit at which this one left it.
pub(crate) struct Branches {
    name: String,
    before: Folder,
    theirs: Folder,
}

impl Branches {
    /// Reads both from git.
    pub(crate) fn read(base: &str, settings: &Settings) -> Result<Self> {
        let git = Git::open(settings)?;
        let base = git.revision(base)?;
        let head = git.revision("HEAD")?;
        let fork = git.merge_base(&base, &head)?;
        let theirs = newest(&git, &base, settings)?;
        let before = if fork.commit == base.commit {
            theirs.clone()
        } else {
            newest(&git, &fork, settings)?
        };
        Ok(Self {
            name: base.name,
            before,
            theirs,
        })
    }

    /// For the rules that look at it.
    pub(crate) fn base(&self) -> driftless_checks::Base<'_> {
        driftless_checks::Base {
            name: &self.name,
            before: &self.before,
            theirs: &self.theirs,
        }
    }
}

/// The folder in a commit with its newest snapshot alone: snapshots are large.
fn newest(git: &Git, revision: &Revision, settings: &Settings) -> Result<Folder> {
    let is_snapshot = |inside: &str| inside.ends_with("_snapshot.json");
    let mut files = git.files(&revision.commit, |inside| !is_snapshot(inside))?;
    let without = folder(&files, revision, settings)?;
    for migration in without.migrations.iter().rev() {
        let entry = &migration.entry;
        // Without prefixes it is named by the index.
        let name = match entry.prefix() {
            "" => format!("meta/{:04}_snapshot.json", entry.idx()),
            prefix => format!("meta/{prefix}_snapshot.json"),
        };
        let found = git.files(&revision.commit, |inside| inside == name)?;
        if found.is_empty() {
            continue;
        }
        for name in found.names() {
            files.insert(name, found.bytes(name).unwrap_or_default());
        }
        break;
    }
    folder(&files, revision, settings)
}

/// A folder from the files of a commit; what is wrong with it is wrong there.
pub(crate) fn folder(files: &Files, revision: &Revision, settings: &Settings) -> Result<Folder> {
    Folder::from_files(settings.folder_shown(), files)
        .map_err(|failure| there(failure.into_diagnostics(), revision).into())
}

/// Findings about a folder that is not the one on disk.
pub(crate) fn there(found: Vec<Diagnostic>, revision: &Revision) -> Failure {
    let found = found.into_iter().map(|mut one| {
        one.help.clear();
        one.note(format!("this is about the folder on {}", revision.name))
            .help("mend it there first")
    });
    Failure::new(found.collect())
}
