//! What explains many findings at once. A merge of two branches, a migration that is missing from the
//! middle or a renamed file breaks numbers, times and chains behind it as well: told is the cause,
//! and its consequences only where there is none.

use driftless_migrations::folder::{Folder, Migration, SnapshotFile};
use driftless_migrations::record::Line;
use driftless_migrations::tokens::Edit;

/// Causes by the place in the journal from which on their consequences are.
#[derive(Debug, Default)]
pub(crate) struct Causes<'a> {
    /// The first of two entries with one index or one tag.
    pub(crate) twice: Option<usize>,
    /// A snapshot with the same parent as one before it.
    pub(crate) shared: Option<usize>,
    /// What comes behind a migration that is recorded and gone.
    pub(crate) lost: Option<usize>,
    /// The first entry that is not where it was recorded.
    pub(crate) moved: Option<usize>,
    /// Files and entries under another name.
    pub(crate) renamed: Vec<Renamed<'a>>,
}

/// A migration that was recorded under another name.
#[derive(Debug)]
pub(crate) struct Renamed<'a> {
    /// Its line, or its entry in the journal where it has no line.
    pub(crate) old: &'a str,
    pub(crate) new: &'a str,
    /// What the journal calls it; the file has the new name.
    pub(crate) journal: &'a Migration,
    pub(crate) line: Option<&'a Line>,
    /// How the text differs, if it does.
    pub(crate) edit: Option<Edit>,
}

impl<'a> Causes<'a> {
    pub(crate) fn of(folder: &'a Folder) -> Self {
        Self {
            twice: twice(folder),
            shared: shared(folder),
            lost: lost(folder),
            moved: moved(folder),
            renamed: renamed(folder),
        }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.in_order() == usize::MAX && self.renamed.is_empty()
    }

    /// Up to where the order of the journal is not in question.
    pub(crate) fn in_order(&self) -> usize {
        first(&[self.twice, self.shared, self.lost, self.moved])
    }

    /// Up to where nothing was put in or left out.
    pub(crate) fn complete(&self) -> usize {
        first(&[self.twice, self.shared, self.lost])
    }

    /// Up to where every migration has its own number.
    pub(crate) fn single(&self) -> usize {
        first(&[self.twice])
    }
}

fn first(causes: &[Option<usize>]) -> usize {
    causes.iter().flatten().min().copied().unwrap_or(usize::MAX)
}

/// Whether the newest snapshot is in question itself, so that a comparison with it says nothing:
/// where a rule has found an error as well, that is told alone.
pub fn newest_in_doubt(folder: &Folder) -> bool {
    let edited = || {
        folder.newest().is_some_and(|(migration, file)| {
            let state = migration
                .record
                .as_ref()
                .and_then(|line| line.facts.state.as_ref());
            match (state, file.read()) {
                (Some(state), Ok(snapshot)) => snapshot.fingerprint() != *state,
                _ => false,
            }
        })
    };
    // Behind the newest one there is that others know of: its change is no missing one.
    let forgotten = || {
        let after = folder
            .migrations
            .iter()
            .rev()
            .take_while(|one| one.snapshot.is_none());
        let mut lines = after.filter_map(|one| one.record.as_ref());
        lines.any(|line| line.facts.state.is_some())
    };
    let unlisted = || {
        let mut scripts = folder.unlisted_scripts.iter();
        scripts.any(|script| {
            let prefix = script.tag.split('_').next();
            let mut entries = folder.journal.entries.iter();
            folder.record.find(&script.tag).is_some()
                || entries.any(|one| !one.prefix().is_empty() && Some(one.prefix()) == prefix)
        })
    };
    twice(folder).is_some()
        || moved(folder).is_some()
        || !folder.unlisted_snapshots.is_empty()
        || unlisted()
        || forgotten()
        || shared(folder).is_some()
        || edited()
}

fn twice(folder: &Folder) -> Option<usize> {
    let entries = &folder.journal.entries;
    (0..entries.len()).find(|&at| {
        entries[at + 1..]
            .iter()
            .any(|later| later.idx() == entries[at].idx() || later.tag() == entries[at].tag())
    })
}

fn shared(folder: &Folder) -> Option<usize> {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (at, migration) in folder.migrations.iter().enumerate() {
        let Some(Ok(snapshot)) = migration.snapshot.as_ref().map(SnapshotFile::read) else {
            continue;
        };
        let (parent, id) = (snapshot.prev_id.as_str(), snapshot.id.as_str());
        // The same snapshot twice is a copied file, which is another matter.
        if seen
            .iter()
            .any(|(other, its)| *other == parent && *its != id)
        {
            return Some(at);
        }
        seen.push((parent, id));
    }
    None
}

fn lost(folder: &Folder) -> Option<usize> {
    let lines = &folder.record.lines;
    let lost = lines
        .iter()
        .position(|line| folder.find(&line.tag).is_none())?;
    let follows =
        |migration: &Migration| lines[lost..].iter().any(|line| line.tag == migration.tag());
    let behind = folder.migrations.iter().position(follows);
    Some(behind.unwrap_or(folder.migrations.len()))
}

fn moved(folder: &Folder) -> Option<usize> {
    let lines = &folder.record.lines;
    let recorded =
        |migration: &Migration| lines.iter().position(|line| line.tag == migration.tag());
    let places: Vec<(usize, usize)> = folder
        .migrations
        .iter()
        .enumerate()
        .filter_map(|(at, migration)| Some((at, recorded(migration)?)))
        .collect();
    let too_early = places
        .iter()
        .enumerate()
        .find(|(n, (_, place))| places[n + 1..].iter().any(|(_, later)| later < place));
    too_early.map(|(_, (at, _))| *at)
}

/// By the hash of the text; by its tokens where comments were edited as well; a file that is gone
/// and one that is new by their number too.
fn renamed(folder: &Folder) -> Vec<Renamed<'_>> {
    let mut renamed: Vec<Renamed<'_>> = renamed_entry(folder).into_iter().collect();
    let entry = renamed.first().map(|one| one.journal);
    let missing = folder.migrations.iter().filter(|one| one.script.is_none());
    let missing = missing.filter(|one| {
        folder
            .find(one.tag())
            .is_some_and(|first| std::ptr::eq(first, *one))
            && !entry.is_some_and(|entry| std::ptr::eq(entry, *one))
    });
    for migration in missing {
        let line = migration.record.as_ref();
        let candidates = folder.unlisted_scripts.iter().filter_map(|script| {
            let edit = line.map(|line| edit(line, &script.hash, script.source.text()));
            let number = script.tag.split('_').next() == Some(migration.entry.prefix());
            let likeness = match edit {
                Some(None) => 0,
                Some(Some(Edit::LineEndings | Edit::Comments)) => 1,
                _ if number && !migration.entry.prefix().is_empty() => 2,
                _ => return None,
            };
            Some((likeness, script, edit.unwrap_or(Some(Edit::Unknown))))
        });
        if let Some((_, script, edit)) = candidates.min_by_key(|(likeness, ..)| *likeness) {
            renamed.push(Renamed {
                old: migration.tag(),
                new: &script.tag,
                journal: migration,
                line,
                edit,
            });
        }
    }
    let lost = folder
        .record
        .lines
        .iter()
        .filter(|line| folder.find(&line.tag).is_none());
    for line in lost {
        let same = folder.migrations.iter().find_map(|migration| {
            let script = migration
                .script
                .as_ref()
                .filter(|_| migration.record.is_none())?;
            match edit(line, &script.hash, script.source.text()) {
                edit @ (None | Some(Edit::LineEndings | Edit::Comments)) => Some((migration, edit)),
                _ => None,
            }
        });
        if let Some((migration, edit)) = same {
            renamed.push(Renamed {
                old: &line.tag,
                new: migration.tag(),
                journal: migration,
                line: Some(line),
                edit,
            });
        }
    }
    renamed
}

/// The only entry that nobody recorded and that has no file, where there is one file that was recorded
/// and has no entry.
fn renamed_entry(folder: &Folder) -> Option<Renamed<'_>> {
    let mut entries = folder.migrations.iter().filter(|one| one.script.is_none());
    let migration = entries.next().filter(|one| one.record.is_none())?;
    let mut files = folder.unlisted_scripts.iter().filter_map(|script| {
        let line = folder.record.find(&script.tag)?;
        Some((script, line))
    });
    let (script, line) = files.next()?;
    if entries.next().is_some() || files.next().is_some() {
        return None;
    }
    Some(Renamed {
        old: &script.tag,
        new: migration.tag(),
        journal: migration,
        line: Some(line),
        edit: edit(line, &script.hash, script.source.text()),
    })
}

fn edit(line: &Line, hash: &str, text: &str) -> Option<Edit> {
    let facts = &line.facts;
    (facts.hash != hash).then(|| Edit::since(&facts.hash, Some(&facts.tokens), text))
}
