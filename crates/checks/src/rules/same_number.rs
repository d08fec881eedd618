//! Two branches with one number.

use crate::{Base, Input};
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::{Folder, Migration};

super::rule! {
    /// ## What it does
    /// With `check --base`, finds a migration that has the number of one that the base branch got
    /// since this branch left it.
    ///
    /// ## Why
    /// Both were made from the same state. Merged as they are, the journal has two entries with one
    /// index, one snapshot is overwritten by the other, and drizzle-orm may skip the older one for
    /// ever. It is easier to mend before the merge, or while it is going on, than after it.
    ///
    /// ## What to do
    /// Run `driftless rebase --base` with the same branch, before the merge or in the middle of it:
    /// this branch's migrations get the next numbers.
    "same-number", ["base-same-number"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let Some(base) = &input.base else {
        return;
    };
    let mut pairs = new_ours(input, base).filter_map(|ours| {
        let theirs = base.theirs.migrations.iter();
        let mut theirs = theirs.filter(|one| base.before.find(one.tag()).is_none());
        let same = |one: &&Migration| {
            one.entry.idx() == ours.entry.idx()
                || one.entry.prefix() == ours.entry.prefix() && !ours.entry.prefix().is_empty()
        };
        theirs.find(same).map(|theirs| (ours, theirs))
    });
    let Some((ours, theirs)) = pairs.next() else {
        return;
    };
    let mut diagnostic = Diagnostic::error(
        "base-same-number",
        format!(
            "{} takes the number that {} has on {}: two branches made a migration from the same state",
            ours.tag(),
            theirs.tag(),
            base.name
        ),
    )
    .at(input.folder.journal.source(), ours.entry.range(), "");
    for (ours, theirs) in pairs {
        diagnostic = diagnostic.note(format!("so does {}: there it is {}", ours.tag(), theirs.tag()));
    }
    found.push(diagnostic.help(format!(
        "merge {0} and run `driftless rebase --base {0}`: this branch's migrations get the next numbers",
        base.name
    )));
}

/// What this branch has made, and the base has not got.
pub(super) fn new_ours<'a>(
    input: &Input<'a>,
    base: &Base<'a>,
) -> impl Iterator<Item = &'a Migration> + use<'a> {
    let (before, theirs): (&Folder, &Folder) = (base.before, base.theirs);
    input
        .folder
        .migrations
        .iter()
        .filter(|one| before.find(one.tag()).is_none() && theirs.find(one.tag()).is_none())
}
