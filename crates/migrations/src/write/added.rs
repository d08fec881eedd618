//! What is added to a folder: files, snapshots, and the lines that list them.

use super::commit::File;
use super::{NewMigration, Options, TEMPLATE, Written, names, next_index, next_time, recorded};
use crate::folder::Folder;
use crate::journal::Journal;
use crate::record::{Facts, Line, Record};
use crate::snapshot::Snapshot;
use driftless_diagnostic::Result;
use std::borrow::Cow;

/// A migration to add, and what its file says.
pub(super) struct Addition<'a> {
    pub(super) new: &'a NewMigration<'a>,
    pub(super) text: String,
    pub(super) breakpoints: bool,
}

/// A folder with migrations behind its last one.
pub(super) struct Added {
    /// Their files and snapshots.
    pub(super) scripts: Vec<File>,
    pub(super) journal: Journal,
    pub(super) record: Record,
    pub(super) written: Vec<Written>,
}

impl Added {
    /// `taken` are prefixes that no new file may have.
    pub(super) fn behind<'a>(
        folder: &Folder,
        new: impl Iterator<Item = Addition<'a>>,
        options: &Options,
        mut taken: Vec<String>,
    ) -> Result<Self> {
        let mut journal = folder.journal.clone();
        let mut record = recorded(folder)?;
        let newest = match folder.newest() {
            Some((_, snapshot)) => Cow::Borrowed(snapshot.read()?),
            None => Cow::Owned(Snapshot::empty()),
        };
        let mut previous = newest.id.clone();
        let mut state: &Snapshot = &newest;
        let (mut scripts, mut written) = (Vec::new(), Vec::new());
        for Addition {
            new: migration,
            text,
            breakpoints,
        } in new
        {
            let slug = names::slug(migration.name.as_deref())?;
            let idx = next_index(&journal);
            let when = next_time(&journal, options.now);
            let name = names::choose(options.prefix, &slug, idx, when, &taken)?;
            state = migration.snapshot.as_deref().unwrap_or(state);
            let id = Snapshot::fresh_id();
            let snapshot_path = format!("meta/{}", name.snapshot);
            journal.push(idx, when, &name.tag, breakpoints);
            let facts = || {
                let before = record.lines.last().map(|line| line.facts.chain.as_str());
                let facts = Facts::of(
                    before.unwrap_or_default(),
                    &name.tag,
                    &text,
                    migration.kind,
                    Some(state.fingerprint()),
                    migration.decisions.clone(),
                );
                Facts {
                    scopes: migration.scopes.clone(),
                    ..facts
                }
            };
            // Both take long for a large schema.
            let (snapshot, facts) = std::thread::scope(|scope| {
                let snapshot =
                    || File::new(snapshot_path.as_str(), state.to_json_as(&id, &previous));
                let snapshot = scope.spawn(snapshot);
                let facts = (!migration.draft && text != TEMPLATE).then(facts);
                let snapshot = snapshot.join();
                (
                    snapshot.unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                    facts,
                )
            });
            if let Some(facts) = facts {
                record.lines.push(Line {
                    tag: name.tag.clone(),
                    range: 0..0,
                    facts,
                });
            }
            let script = format!("{}.sql", name.tag);
            written.push(Written {
                script: folder.shown_path(&script),
                snapshot: folder.shown_path(&snapshot_path),
                tag: name.tag,
            });
            scripts.push(File::new(script, text));
            scripts.push(snapshot);
            taken.push(name.prefix);
            previous = id;
        }
        Ok(Self {
            scripts,
            journal,
            record,
            written,
        })
    }
}
