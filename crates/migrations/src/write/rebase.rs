//! Migrations of a branch that move behind those of another one.

use super::added::{Added, Addition};
use super::commit::{Change, Disk, Fault, File, commit};
use super::{
    NewMigration, Options, Written, in_order, interrupted, lock, record_file, script_text,
};
use crate::folder::{Files, Folder};
use crate::hash;
use camino::Utf8Path;
use driftless_diagnostic::Result;
use std::collections::BTreeMap;

/// What a folder is to become: what the base has, and behind it what moves.
#[derive(Debug, Clone, Copy)]
pub struct Rebase<'a> {
    /// Where the folder is.
    pub dir: &'a Utf8Path,
    /// How it is called in messages.
    pub shown: &'a str,
    /// The folder as it is on disk, in whatever state.
    pub disk: &'a Files,
    /// The files that stay, as they are to be.
    pub base_files: &'a Files,
    /// The folder that they make.
    pub base: &'a Folder,
    /// Tags that the moving migrations have had: their files and snapshots are removed.
    pub old: &'a [String],
}

/// A migration under a new number.
#[derive(Debug, Clone)]
pub struct Moved<'a> {
    /// Name, state and decisions; its chunks are used where there is no text.
    pub new: NewMigration<'a>,
    /// The file as it is to be kept.
    pub text: Option<String>,
    /// As in its journal entry before.
    pub breakpoints: bool,
}

/// Writes the folder anew, all or nothing of it.
///
/// Refuses a base in disorder, and a folder that changed since it was read.
pub fn rebase(rebase: &Rebase<'_>, moved: &[Moved<'_>], options: &Options) -> Result<Vec<Written>> {
    rebase_with(rebase, moved, options, &mut |_| Ok(()))
}

pub(super) fn rebase_with(
    rebase: &Rebase<'_>,
    moved: &[Moved<'_>],
    options: &Options,
    fault: &mut Fault<'_>,
) -> Result<Vec<Written>> {
    let Rebase {
        dir,
        shown,
        disk: before,
        base,
        ..
    } = *rebase;
    in_order(base)?;
    let mut all = Vec::with_capacity(moved.len());
    for one in moved {
        let text = match &one.text {
            Some(text) => text.clone(),
            None => script_text(&one.new, one.breakpoints)?,
        };
        all.push(Addition {
            new: &one.new,
            text,
            breakpoints: one.breakpoints,
        });
    }
    let mut taken = base.taken.clone();
    taken.extend(rebase.others().map(prefix));
    let added = Added::behind(base, all.into_iter(), options, taken)?;

    let mut after: BTreeMap<String, String> = BTreeMap::new();
    for inside in rebase.base_files.names() {
        if let Some(source) = rebase.base_files.source(shown, inside)? {
            after.insert(inside.to_owned(), source.text().to_owned());
        }
    }
    let journal = if added.written.is_empty() {
        after.get(JOURNAL).cloned().unwrap_or_default()
    } else {
        let files = added.scripts.into_iter();
        for file in files.chain([record_file(&added.record)]) {
            after.insert(file.inside, file.text);
        }
        added.journal.to_json()
    };
    after.remove(JOURNAL);
    let gone: Vec<String> = rebase
        .old_paths()
        .into_iter()
        .filter(|inside| before.bytes(inside).is_some() && !after.contains_key(inside))
        .collect();
    let differs = |(inside, text): &(String, String)| before.bytes(inside) != Some(text.as_bytes());
    let files: Vec<File> = after
        .into_iter()
        .filter(differs)
        .chain([(JOURNAL.to_owned(), journal)])
        .map(|(inside, text)| File::replacing(inside, text))
        .collect();
    let tags: Vec<String> = base
        .migrations
        .iter()
        .map(|one| one.tag().to_owned())
        .chain(added.written.iter().map(|one| one.tag.clone()))
        .collect();

    let disk = Disk::at(dir, shown);
    disk.create_folders()?;
    let change = Change {
        files: &files,
        gone: &gone,
        tags: &tags,
    };
    let done = lock::at(dir, shown).and_then(|_lock| {
        interrupted::recover(&disk)?;
        // Every file that is replaced or removed must be the one that was looked at.
        let touched = files.iter().map(|file| &file.inside).chain(&gone);
        for inside in touched {
            let now = fs_err::read(disk.path(inside)).ok();
            if now.as_deref().map(hash::sha256) != before.bytes(inside).map(hash::sha256) {
                return Err(disk.changed().into());
            }
        }
        commit(&disk, &change, fault)
    });
    if let Err(failure) = done {
        disk.remove_folders();
        return Err(failure);
    }
    Ok(added.written)
}

const JOURNAL: &str = "meta/_journal.json";

impl Rebase<'_> {
    /// Files and snapshots of the migrations that move, under their old names.
    fn old_paths(&self) -> Vec<String> {
        let paths = |tag: &String| {
            [
                format!("{tag}.sql"),
                format!("meta/{}_snapshot.json", prefix(tag)),
            ]
        };
        self.old.iter().flat_map(paths).collect()
    }

    /// Names of the files that are neither the base's nor move.
    fn others(&self) -> impl Iterator<Item = &str> {
        let old = self.old_paths();
        self.disk
            .names()
            .filter(move |inside| {
                !inside.starts_with("meta/_") && !old.iter().any(|path| path == inside)
            })
            .filter(|inside| self.base_files.bytes(inside).is_none())
            .map(|inside| inside.strip_prefix("meta/").unwrap_or(inside))
    }
}

fn prefix(name: &str) -> String {
    name.split('_').next().unwrap_or_default().to_owned()
}
