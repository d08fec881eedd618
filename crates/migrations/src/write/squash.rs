//! The first migrations of a folder, replaced by one that makes the same.

use super::commit::{Change, Disk, Fault, File, commit};
use super::{NewMigration, Written};
use super::{in_order, interrupted, lock, names, record_file, recorded, script_text};
use crate::folder::{Folder, Migration};
use crate::record::{self, Facts, Kind, Line, Replaced};
use crate::snapshot::{ORIGIN, Snapshot};
use driftless_diagnostic::Result;
use std::collections::BTreeMap;

/// Puts one migration into the place of the first `number`, all or nothing of it.
///
/// It has the number of the first and the time of the last: a migrator that has run them, drizzle-orm's
/// too, takes it for run. The snapshot is the last one's, so that what follows still follows it. The
/// record says which migrations it replaces.
///
/// # Errors
/// A folder in disorder, one that changed since it was read, and what keeps it from being written.
pub fn squash(folder: &Folder, number: usize, new: &NewMigration<'_>) -> Result<Written> {
    squash_with(folder, number, new, &mut |_| Ok(()))
}

pub(super) fn squash_with(
    folder: &Folder,
    number: usize,
    new: &NewMigration<'_>,
    fault: &mut Fault<'_>,
) -> Result<Written> {
    in_order(folder)?;
    let (old, kept) = folder.migrations.split_at(number);
    let (Some(first), Some(last)) = (old.first(), old.last()) else {
        return Err(driftless_diagnostic::Diagnostic::error(
            "internal",
            "no migration was about to be replaced",
        )
        .into());
    };
    let breakpoints = last.entry.breakpoints();
    let text = script_text(new, breakpoints)?;
    let slug = names::slug(new.name.as_deref())?;
    let tag = format!("{}_{slug}", first.entry.prefix());
    let script = format!("{tag}.sql");
    let mut files = BTreeMap::new();
    let snapshot = last_snapshot(old)?.map(|(inside, id, state)| {
        let json = state.to_json_as(&id, ORIGIN);
        (first_snapshot(first, &inside), json, state.fingerprint())
    });
    let state = snapshot.as_ref().map(|(_, _, state)| state.clone());
    let path = snapshot.as_ref().map(|(inside, ..)| inside.clone());
    files.insert(script.clone(), text.clone());
    files.extend(snapshot.map(|(inside, json, _)| (inside, json)));

    let mut journal = folder.journal.clone();
    journal.replace_first(
        number,
        first.entry.idx(),
        last.entry.when(),
        &tag,
        breakpoints,
    );
    let mut record = recorded(folder)?;
    let facts = Facts {
        scopes: new.scopes.clone(),
        replaces: old.iter().map(replaced).collect::<Result<_>>()?,
        ..Facts::of("", &tag, &text, Kind::Custom, state, new.decisions.clone())
    };
    let is_old = |line: &Line| old.iter().any(|one| one.tag() == line.tag);
    record.lines.retain(|line| !is_old(line));
    let mut before = facts.chain.clone();
    for line in &mut record.lines {
        if kept.iter().any(|one| one.tag() == line.tag) {
            line.facts.chain = record::chain(&before, &line.tag, &line.facts.hash);
            before.clone_from(&line.facts.chain);
        }
    }
    let at = record
        .lines
        .iter()
        .position(|line| kept.iter().any(|one| one.tag() == line.tag));
    record.lines.insert(
        at.unwrap_or(record.lines.len()),
        Line {
            tag: tag.clone(),
            range: 0..0,
            facts,
        },
    );

    let own: Vec<String> = old.iter().flat_map(paths).collect();
    let gone: Vec<String> = own
        .iter()
        .filter(|inside| !files.contains_key(*inside))
        .cloned()
        .collect();
    // A file that the journal does not list is nobody's to overwrite.
    let file = |(inside, text): (String, String)| {
        if own.contains(&inside) {
            File::replacing(inside, text)
        } else {
            File::new(inside, text)
        }
    };
    let files: Vec<File> = files
        .into_iter()
        .map(file)
        .chain([
            record_file(&record),
            File::replacing("meta/_journal.json", journal.to_json()),
        ])
        .collect();
    let tags: Vec<String> = std::iter::once(tag.clone())
        .chain(kept.iter().map(|one| one.tag().to_owned()))
        .collect();
    let change = Change {
        files: &files,
        gone: &gone,
        tags: &tags,
    };
    let disk = Disk::new(folder);
    let _lock = lock::take(folder)?;
    let journal = interrupted::recover(&disk)?;
    disk.unchanged(folder, &journal)?;
    commit(&disk, &change, fault)?;
    Ok(Written {
        script: folder.shown_path(&script),
        snapshot: path.map_or_else(String::new, |inside| folder.shown_path(&inside)),
        tag,
    })
}

fn replaced(one: &Migration) -> Result<Replaced> {
    let line = one.record.as_ref();
    Ok(Replaced {
        tag: one.tag().to_owned(),
        when: one.entry.when(),
        hash: one.script()?.hash.clone(),
        replaces: line.map_or_else(Vec::new, |line| line.facts.replaces.clone()),
    })
}

/// The newest state of some migrations: its path, its id, itself.
fn last_snapshot(old: &[Migration]) -> Result<Option<(String, String, &Snapshot)>> {
    let Some(file) = old.iter().rev().find_map(|one| one.snapshot.as_ref()) else {
        return Ok(None);
    };
    let snapshot = file.read()?;
    let path = format!("meta/{}", file.file_name());
    Ok(Some((path, snapshot.id.clone(), snapshot)))
}

/// Where the first one's snapshot is; else the name of the last one's stays.
fn first_snapshot(first: &Migration, last: &str) -> String {
    match &first.snapshot {
        Some(file) => format!("meta/{}", file.file_name()),
        None => last.to_owned(),
    }
}

fn paths(one: &Migration) -> Vec<String> {
    let snapshot = one.snapshot.as_ref();
    let snapshot = snapshot.map(|file| format!("meta/{}", file.file_name()));
    [format!("{}.sql", one.tag())]
        .into_iter()
        .chain(snapshot)
        .collect()
}
