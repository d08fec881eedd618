//! The only place that writes migrations: all of a change, or nothing of it.
//!
//! Every file is first written beside its place and synced; then a list of what is to come goes
//! to `meta/_driftless.pending.json`; then the files are renamed into place, `_journal.json` last.
//! A journal that lists the migrations is what makes them exist: a crash before that is undone by
//! the next write ([`Interrupted`]), a crash after it needs nothing but the list removed. An error
//! on the way is undone at once. One Driftless writes a folder at a time.

mod added;
mod commit;
mod interrupted;
mod lock;
mod names;
mod rebase;
mod squash;
mod words;

pub use interrupted::{Interrupted, take_back};
pub use names::Prefix;
pub use rebase::{Moved, Rebase, rebase};
pub use squash::squash;

use crate::folder::Folder;
use crate::journal::Journal;
use crate::record::{self, Decisions, Facts, Kind, Line, Record};
use crate::snapshot::Snapshot;
use crate::tokens::BREAKPOINT;
use added::{Added, Addition};
use commit::{Change, Disk, File};
use driftless_diagnostic::{Diagnostic, Failure, Result, Severity};
use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a custom migration holds until somebody writes it; drizzle-kit's words.
pub const TEMPLATE: &str = "-- Custom SQL migration file, put your code below! --";

/// One migration to add.
#[derive(Debug, Clone)]
pub struct NewMigration<'a> {
    /// From `--name`; two words are made up when absent.
    pub name: Option<String>,
    /// One statement each, ending in `;` or `;` and a newline, comments included. Empty for a
    /// custom migration that gets the template.
    pub chunks: Vec<String>,
    /// Generated or custom.
    pub kind: Kind,
    /// Whether somebody is to complete it first: it gets its line in the record later.
    pub draft: bool,
    /// The declared state after it; its ids are given here. `None` carries the newest state on.
    pub snapshot: Option<Cow<'a, Snapshot>>,
    /// What was asked and answered.
    pub decisions: Decisions,
    /// What SQL files spoke for, where the schema has some.
    pub scopes: Option<Vec<String>>,
}

/// What applies to all migrations of one write.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Separate statements by [`BREAKPOINT`] lines.
    pub breakpoints: bool,
    /// What file names start with.
    pub prefix: Prefix,
    /// Milliseconds since 1970; `when` is this, or more where the journal is ahead of the clock.
    pub now: i64,
}

/// A migration that exists now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its tag.
    pub tag: String,
    /// Its file, as people read the path.
    pub script: String,
    /// Its snapshot, as people read the path.
    pub snapshot: String,
}

/// Adds migrations at the end of the folder, all or none.
///
/// Refuses a folder whose journal is in disorder, that lacks a file, or that changed since it was
/// read. Migrations that have no line in the record yet get theirs in the same write.
pub fn write(folder: &Folder, new: &[NewMigration<'_>], options: &Options) -> Result<Vec<Written>> {
    write_with(folder, new, options, &mut |_| Ok(()))
}

/// Gives every migration that has no line in the record its line, except for custom ones that
/// still hold the bare template. Returns the tags; writes nothing when there are none.
pub fn record(folder: &Folder) -> Result<Vec<String>> {
    in_order(folder)?;
    let record = recorded(folder)?;
    let tags: Vec<String> = record
        .lines
        .iter()
        .filter(|line| folder.record.find(&line.tag).is_none())
        .map(|line| line.tag.clone())
        .collect();
    if tags.is_empty() {
        return Ok(tags);
    }
    let disk = Disk::new(folder);
    let _lock = lock::take(folder)?;
    let journal = interrupted::recover(&disk)?;
    disk.unchanged(folder, &journal)?;
    let files = [record_file(&record)];
    commit::commit(&disk, &Change::of(&files), &mut |_| Ok(()))?;
    Ok(tags)
}

/// Makes a state the one after the newest migration: its snapshot is replaced, or made where it
/// has none, and its line in the record says the new state. Returns the snapshot's path; nothing
/// where the folder says so already.
pub fn restate(folder: &Folder, state: &Snapshot) -> Result<Option<String>> {
    in_order(folder)?;
    let Some(last) = folder.migrations.last() else {
        return Err(Diagnostic::error(
            "no-migrations",
            format!("the folder {} holds no migration", folder.shown),
        )
        .help("run `driftless generate`")
        .into());
    };
    let known = match &last.snapshot {
        Some(file) => Some(file.read()?),
        None => None,
    };
    let fingerprint = state.fingerprint();
    if known.is_some_and(|known| known.fingerprint() == fingerprint) {
        return Ok(None);
    }
    let name = match &last.snapshot {
        Some(file) => file.file_name().to_owned(),
        None => format!(
            "{}_snapshot.json",
            last.tag()
                .split_once('_')
                .map_or(last.tag(), |(prefix, _)| prefix)
        ),
    };
    let snapshot = match known {
        Some(known) => Snapshot {
            id: known.id.clone(),
            prev_id: known.prev_id.clone(),
            ..state.clone()
        },
        None => Snapshot {
            id: folder.newest_snapshot()?.id,
            ..state.clone()
        }
        .carried_on(),
    };
    let mut record = recorded(folder)?;
    if let Some(line) = record.lines.iter_mut().find(|line| line.tag == last.tag()) {
        line.facts.state = Some(fingerprint);
    }
    let path = format!("meta/{name}");
    let disk = Disk::new(folder);
    let _lock = lock::take(folder)?;
    let journal = interrupted::recover(&disk)?;
    disk.unchanged(folder, &journal)?;
    let files = [
        File::replacing(path.clone(), snapshot.to_json()),
        record_file(&record),
    ];
    commit::commit(&disk, &Change::of(&files), &mut |_| Ok(()))?;
    Ok(Some(folder.shown_path(&path)))
}

fn write_with(
    folder: &Folder,
    new: &[NewMigration<'_>],
    options: &Options,
    fault: &mut commit::Fault<'_>,
) -> Result<Vec<Written>> {
    in_order(folder)?;
    let mut texts = Vec::with_capacity(new.len());
    for migration in new {
        texts.push(script_text(migration, options.breakpoints)?);
    }
    let all = new.iter().zip(texts);
    let all = all.map(|(new, text)| Addition {
        new,
        text,
        breakpoints: options.breakpoints,
    });
    let added = Added::behind(folder, all, options, folder.taken.clone())?;
    if added.written.is_empty() {
        return Ok(added.written);
    }
    let tags: Vec<String> = added.written.iter().map(|one| one.tag.clone()).collect();
    let files: Vec<File> = added
        .scripts
        .into_iter()
        .chain([
            record_file(&added.record),
            File::replacing("meta/_journal.json", added.journal.to_json()),
        ])
        .collect();
    let change = Change {
        tags: &tags,
        ..Change::of(&files)
    };

    let disk = Disk::new(folder);
    disk.create_folders()?;
    let done = lock::take(folder).and_then(|_lock| {
        let journal = interrupted::recover(&disk)?;
        disk.unchanged(folder, &journal)?;
        commit::commit(&disk, &change, fault)
    });
    if let Err(failure) = done {
        disk.remove_folders();
        return Err(failure);
    }
    Ok(added.written)
}

/// A folder in disorder is not built upon.
fn in_order(folder: &Folder) -> Result<()> {
    let mut errors: Vec<Diagnostic> = folder
        .journal
        .problems()
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error)
        .collect();
    errors.extend(
        folder
            .migrations
            .iter()
            .filter(|migration| migration.script.is_none())
            .map(crate::folder::Migration::missing_script),
    );
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(errors))
    }
}

/// The record with a line for every migration that is ready for one, the chain through all.
fn recorded(folder: &Folder) -> Result<Record> {
    let mut record = Record::empty(folder.record.source().path());
    let mut before = String::new();
    for migration in &folder.migrations {
        let tag = migration.tag();
        let facts = if let Some(line) = &migration.record {
            Facts {
                chain: record::chain(&before, tag, &line.facts.hash),
                ..line.facts.clone()
            }
        } else {
            let script = migration.script()?;
            if script.source.text() == TEMPLATE {
                continue;
            }
            let state = match &migration.snapshot {
                Some(snapshot) => Some(snapshot.read()?.fingerprint()),
                None => None,
            };
            let (kind, text) = (folder.kind(tag), script.source.text());
            Facts::of(&before, tag, text, kind, state, Decisions::default())
        };
        before.clone_from(&facts.chain);
        record.lines.push(Line {
            tag: tag.to_owned(),
            range: 0..0,
            facts,
        });
    }
    // Lines of migrations that the journal lost stay: `check` tells about them.
    let lost = |line: &&Line| folder.find(&line.tag).is_none();
    let lost: Vec<Line> = folder.record.lines.iter().filter(lost).cloned().collect();
    record.lines.splice(0..0, lost);
    Ok(record)
}

fn record_file(record: &Record) -> File {
    File::replacing(format!("meta/{}", record::FILE), record.to_json())
}

fn script_text(migration: &NewMigration<'_>, breakpoints: bool) -> Result<String> {
    if migration.chunks.is_empty() {
        return match migration.kind {
            Kind::Custom => Ok(TEMPLATE.to_owned()),
            Kind::Generated => Err(Diagnostic::error(
                "internal",
                "a generated migration without statements was about to be written",
            )
            .into()),
        };
    }
    if let Some(chunk) = migration
        .chunks
        .iter()
        .find(|chunk| chunk.contains(BREAKPOINT))
    {
        return Err(Diagnostic::error(
            "breakpoint-in-statement",
            format!(
                "a statement contains the text `{BREAKPOINT}`, at which it would be cut in two"
            ),
        )
        .note(format!("the statement starts with: {}", first_line(chunk)))
        .help("write that text differently in the schema, for example as two joined strings")
        .into());
    }
    let separator = if breakpoints {
        format!("{BREAKPOINT}\n")
    } else {
        "\n".to_owned()
    };
    Ok(migration.chunks.join(&separator))
}

fn first_line(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(80)
        .collect()
}

fn next_index(journal: &Journal) -> u64 {
    let indexes = journal.entries.iter().map(crate::journal::Entry::idx);
    indexes.max().map_or(0, |idx| idx + 1)
}

fn next_time(journal: &Journal, now: i64) -> i64 {
    let times = journal.entries.iter().map(crate::journal::Entry::when);
    times.max().map_or(now, |newest| now.max(newest + 1))
}

impl Default for Options {
    fn default() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            breakpoints: true,
            prefix: Prefix::Index,
            now: now.map_or(0, |since| {
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }),
        }
    }
}

#[cfg(test)]
mod tests;
