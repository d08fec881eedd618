//! What the base branch has, and this branch has changed.

use crate::{Base, Input};
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::{Migration, Script};
use driftless_migrations::tokens::Edit;

super::rule! {
    /// ## What it does
    /// With `check --base`, compares the migrations that this branch began with: each must still be
    /// there under its name, with its text, its entry in the journal and its place before the others,
    /// or be one of those that `driftless squash` replaced.
    ///
    /// ## Why
    /// What the base branch has is applied somewhere: a database that has run the old text never
    /// runs the new one, and one that has not gets a schema that no other has. Without the base
    /// branch an edit is not noticed whose recorded hash was changed with it.
    ///
    /// ## What to do
    /// Take the files back from the base branch, and put the change into a new migration.
    "changed-base",
    ["base-migration-changed", "base-migration-removed", "base-migration-renamed", "base-entry-changed", "base-order-changed"],
    check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let Some(base) = &input.base else {
        return;
    };
    let squashed = |old: &Migration| {
        let text = old.script.as_ref().map(|script| script.source.text());
        text.is_some_and(|text| input.folder.record.replaces(old.tag(), text))
    };
    let removed =
        |old: &&Migration| input.folder.find(old.tag()).is_none() && !squashed(old);
    for old in base.before.migrations.iter().filter(removed) {
        // One that the base has taken out itself is none of its migrations.
        if base.theirs.find(old.tag()).is_some() {
            found.push(gone(input, base, old));
        }
    }
    for new in &input.folder.migrations {
        let Some(old) = base.before.find(new.tag()).filter(|old| !squashed(old)) else {
            continue;
        };
        found.extend(text(input, base, old, new));
        found.extend(entry(input, base, old, new));
    }
    found.extend(order(input, base));
}

fn gone(input: &Input<'_>, base: &Base<'_>, old: &Migration) -> Diagnostic {
    let (folder, name, tag) = (input.folder, base.name, old.tag());
    let back = format!("take it back: git checkout {name} -- {}", folder.shown);
    let hash = |script: &Script| old.script.as_ref().is_some_and(|was| was.hash == script.hash);
    let again = folder.migrations.iter().find(|one| {
        base.before.find(one.tag()).is_none() && one.script.as_ref().is_some_and(hash)
    });
    match again {
        Some(new) => Diagnostic::error(
            "base-migration-renamed",
            format!(
                "{tag} of {name} was renamed to {}: a database that has run it would run it again",
                new.tag()
            ),
        )
        .at(folder.journal.source(), new.entry.range(), "the new name")
        .help(back),
        None => Diagnostic::error(
            "base-migration-removed",
            format!("{tag} of {name} is not in the journal any more: a new database would go without it"),
        )
        .help(back)
        .help("to undo what it did, write a new migration: `driftless revert`"),
    }
}

fn text(input: &Input<'_>, base: &Base<'_>, old: &Migration, new: &Migration) -> Option<Diagnostic> {
    let (was, is) = (old.script.as_ref()?, new.script.as_ref()?);
    let recorded = new.record.as_ref().map(|line| line.facts.hash.as_str());
    // What differs from its own record is told by `edited-migrations`.
    if was.hash == is.hash || recorded.is_some_and(|recorded| recorded != is.hash) {
        return None;
    }
    let text = is.source.text();
    let tokens = driftless_migrations::tokens::token_hash(was.source.text());
    let edit = Edit::since(&was.hash, Some(&tokens), text);
    if edit == Edit::LineEndings {
        return None;
    }
    let path = is.source.path();
    let start = first_difference(was.source.text(), text);
    let line = text[start..].find('\n').map_or(text.len(), |n| start + n);
    let mut diagnostic = Diagnostic::error(
        "base-migration-changed",
        format!(
            "{path} is not what it is on {}, {}",
            base.name,
            edit.describe()
        ),
    )
    .at(&is.source, start..line, "the first line that differs");
    if recorded.is_some() {
        let record = input.folder.record.source().path();
        diagnostic = diagnostic.note(format!("its hash in {record} was changed with it"));
    }
    Some(diagnostic.help(format!(
        "take it back (git checkout {} -- {path} {}), and put the change into a new migration",
        base.name,
        input.folder.record.source().path()
    )))
}

/// Start of the first line that is not the same.
fn first_difference(was: &str, is: &str) -> usize {
    let mut start = 0;
    for (old, new) in was.split_inclusive('\n').zip(is.split_inclusive('\n')) {
        if old != new {
            return start;
        }
        start += new.len();
    }
    is[..start.min(is.len())].len()
}

fn entry(input: &Input<'_>, base: &Base<'_>, old: &Migration, new: &Migration) -> Option<Diagnostic> {
    let (was, is) = (&old.entry, &new.entry);
    let what = if was.when() != is.when() {
        format!("`when` is {}, and was {}", is.when(), was.when())
    } else if was.idx() != is.idx() {
        format!("`idx` is {}, and was {}", is.idx(), was.idx())
    } else {
        return None;
    };
    let journal = input.folder.journal.source();
    Some(
        Diagnostic::error(
            "base-entry-changed",
            format!(
                "the journal entry of {} is not what it is on {}: databases that have run it know it by the old one",
                new.tag(),
                base.name
            ),
        )
        .at(journal, is.range(), "")
        .note(what)
        .help(format!(
            "take the entry back: git diff {} -- {}",
            base.name,
            journal.path()
        )),
    )
}

/// Everything that the base had comes first, in its order.
fn order(input: &Input<'_>, base: &Base<'_>) -> Option<Diagnostic> {
    // Against its own record: told by `broken-record-chain`.
    if input.causes.moved.is_some() {
        return None;
    }
    let ours = input.folder.migrations.iter();
    let ours: Vec<&Migration> = ours
        .filter(|one| base.theirs.find(one.tag()).is_none() || base.before.find(one.tag()).is_some())
        .collect();
    let theirs = base.before.migrations.iter().map(Migration::tag);
    let expected: Vec<&str> = theirs
        .filter(|tag| ours.iter().any(|one| one.tag() == *tag))
        .collect();
    let (at, expected) = expected
        .iter()
        .enumerate()
        .find(|(at, tag)| ours[*at].tag() != **tag)?;
    let wrong = ours[at];
    let journal = input.folder.journal.source();
    let other = input.folder.find(expected)?;
    Some(
        Diagnostic::error(
            "base-order-changed",
            format!(
                "{} is listed before {expected}, which {} has run before it",
                wrong.tag(),
                base.name
            ),
        )
        .at(journal, wrong.entry.range(), "")
        .at(journal, other.entry.range(), "the base's")
        .help("put the base's entries first, as they are there; `driftless rebase` does it"),
    )
}
