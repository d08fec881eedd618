//! Which migrations move, and what was known about each on the branch that made it.

use driftless_diagnostic::{Diagnostic, SourceFile};
use driftless_migrations::conflict;
use driftless_migrations::folder::{Files, Folder, Migration, SnapshotFile};
use driftless_migrations::ledger::{self, MigrationFile};
use driftless_migrations::record::{Decisions, Kind};
use driftless_migrations::snapshot::Snapshot;

use crate::exit::Result;
use crate::git::Git;
use crate::settings::Settings;

/// A migration that the base does not have.
pub(super) struct Later {
    pub(super) tag: String,
    pub(super) when: i64,
    pub(super) breakpoints: bool,
    pub(super) kind: Kind,
    pub(super) decisions: Decisions,
    /// What SQL files spoke for when it was generated.
    pub(super) scopes: Option<Vec<String>>,
    /// As it is on disk.
    pub(super) text: String,
    pub(super) path: String,
    /// The migrations of its own branch up to it.
    pub(super) branch: Vec<MigrationFile>,
    /// The declared state before it, on its own branch.
    pub(super) before: Snapshot,
    /// The state after it; absent where no commit has its snapshot.
    pub(super) after: Option<Snapshot>,
}

impl Later {
    /// Its name without the number.
    pub(super) fn slug(&self) -> &str {
        self.tag.split_once('_').map_or(&self.tag, |(_, slug)| slug)
    }

    /// Whether what is declared changed with it.
    pub(super) fn changes_state(&self) -> bool {
        match &self.after {
            Some(after) => !after.same_state(&self.before),
            None => self.kind == Kind::Generated,
        }
    }

    /// For the comparison with a ledger.
    pub(super) fn file(&self) -> MigrationFile {
        MigrationFile {
            tag: self.tag.clone(),
            when: self.when,
            source: SourceFile::new(self.path.as_str(), self.text.as_str()),
            recorded: None,
        }
    }
}

/// Every `.sql` file that some journal lists, and not the base's: the oldest first.
pub(super) fn find(
    git: &Git,
    disk: &Files,
    base: &Folder,
    settings: &Settings,
) -> Result<Vec<Later>> {
    let shown = settings.folder_shown();
    let mut homes = Homes::of(git, disk, shown)?;
    let mut later = Vec::new();
    for tag in disk.tags() {
        if base.find(tag).is_some() || is_replaced(tag, disk, base, shown)? {
            continue;
        }
        let Some((home, whole)) = homes.of_migration(tag)? else {
            // `check` tells about files that nobody lists.
            continue;
        };
        let Some(source) = disk.source(shown, &format!("{tag}.sql"))? else {
            continue;
        };
        if let Some(marker) = conflict::marker(source.text()) {
            let line = source.position(marker.start).line;
            return Err(Diagnostic::error(
                "conflict-markers",
                format!(
                    "{} holds a git merge conflict at line {line}",
                    source.path()
                ),
            )
            .at(&source, marker, "git left this line")
            .note("nothing was written")
            .help(
                "decide what shall run, delete the marker lines, and run `driftless rebase` again",
            )
            .into());
        }
        later.push((
            home.find(tag).map_or(0, |one| one.entry.idx()),
            one(home, tag, whole, &source)?,
        ));
    }
    later.sort_by(|(a_idx, a), (b_idx, b)| (a.when, a_idx, &a.tag).cmp(&(b.when, b_idx, &b.tag)));
    Ok(later.into_iter().map(|(_, one)| one).collect())
}

/// Whether the base has squashed it.
pub(super) fn is_replaced(tag: &str, disk: &Files, base: &Folder, shown: &str) -> Result<bool> {
    let source = disk.source(shown, &format!("{tag}.sql"))?;
    Ok(source.is_some_and(|source| base.record.replaces(tag, source.text())))
}

fn one(home: &Folder, tag: &str, whole: bool, source: &SourceFile) -> Result<Later> {
    let at = home.migrations.iter().position(|one| one.tag() == tag);
    let at = at.unwrap_or_default();
    let migration = &home.migrations[at];
    let line = migration.record.as_ref();
    let mut earlier = home.migrations[..at].iter().rev();
    let before = match earlier.find_map(|one| one.snapshot.as_ref()) {
        Some(file) => file.read()?.clone(),
        None => Snapshot::empty(),
    };
    let after = migration.snapshot.as_ref().filter(|_| whole);
    let mut branch = ledger::files(home);
    let end = branch.iter().position(|file| file.tag == tag);
    branch.truncate(end.map_or(0, |end| end + 1));
    Ok(Later {
        tag: tag.to_owned(),
        when: migration.entry.when(),
        breakpoints: migration.entry.breakpoints(),
        kind: home.kind(tag),
        decisions: line.map_or_else(Decisions::default, |line| line.facts.decisions.clone()),
        scopes: line.and_then(|line| line.facts.scopes.clone()),
        text: source.text().to_owned(),
        path: source.path().to_owned(),
        branch,
        before,
        after: match after {
            Some(file) => Some(file.read()?.clone()),
            None => None,
        },
    })
}

/// Folders in which a migration may be as its branch left it: on disk, and in commits.
struct Homes<'a> {
    git: &'a Git,
    shown: &'a str,
    folders: Vec<Folder>,
}

impl<'a> Homes<'a> {
    fn of(git: &'a Git, disk: &Files, shown: &'a str) -> Result<Self> {
        let mut folders = Vec::new();
        // One with conflict markers is none.
        folders.extend(Folder::from_files(shown, disk).ok());
        let mut homes = Self {
            git,
            shown,
            folders,
        };
        for commit in git.heads()? {
            homes.add(&commit)?;
        }
        Ok(homes)
    }

    fn add(&mut self, commit: &str) -> Result<()> {
        let files = self.git.files(commit, |_| true)?;
        self.folders
            .extend(Folder::from_files(self.shown, &files).ok());
        Ok(())
    }

    /// The first folder that has all of a migration, else one that lists it.
    fn of_migration(&mut self, tag: &str) -> Result<Option<(&Folder, bool)>> {
        if !self.folders.iter().any(|folder| is_whole(folder, tag)) {
            for commit in self.git.commits_with(&format!("{tag}.sql"))? {
                self.add(&commit)?;
                if self
                    .folders
                    .last()
                    .is_some_and(|folder| is_whole(folder, tag))
                {
                    break;
                }
            }
        }
        let whole = self.folders.iter().find(|folder| is_whole(folder, tag));
        let listed = || {
            self.folders
                .iter()
                .find(|folder| folder.find(tag).is_some())
        };
        Ok(match whole {
            Some(folder) => Some((folder, true)),
            None => listed().map(|folder| (folder, false)),
        })
    }
}

/// Whether a folder has a migration with the snapshot that it was made with.
fn is_whole(folder: &Folder, tag: &str) -> bool {
    let Some(at) = folder.migrations.iter().position(|one| one.tag() == tag) else {
        return false;
    };
    let migration = &folder.migrations[at];
    let recorded = migration
        .record
        .as_ref()
        .and_then(|line| line.facts.state.as_ref());
    let state = match migration.snapshot.as_ref().map(SnapshotFile::read) {
        Some(Ok(snapshot)) => Some(snapshot.fingerprint()),
        Some(Err(_)) => return false,
        // Hand-written ones need none.
        None => return recorded.is_none(),
    };
    // Behind a migration with the same number, what comes before is another branch's.
    let before = &folder.migrations[..at];
    let alone = |one: &Migration| one.entry.idx() != migration.entry.idx();
    before.iter().all(alone) && recorded.is_none_or(|recorded| Some(recorded) == state.as_ref())
}
