//! Indexes that skip or go back.

use crate::Input;
use driftless_diagnostic::Diagnostic;

super::rule! {
    /// ## What it does
    /// Finds an index that is missing from the journal (a warning) and entries that are not in the
    /// order of their indexes (an error).
    ///
    /// ## Why
    /// Migrations run in the order of the journal's lines. Lines that changed places in a merge run
    /// in an order in which nobody has tried them. A missing index may be a migration that a merge
    /// lost.
    ///
    /// ## What to do
    /// Put the lines back in order. For a gap, look whether a migration got lost and restore its
    /// file, snapshot and entry; one that was removed on purpose (`drizzle-kit drop`) leaves a gap
    /// that does no harm. Behind a migration that `driftless squash` made a gap is no finding. Do not renumber: numbers are part of file names.
    "index-order", ["journal-index-gap", "journal-index-order"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let in_order = input.causes.in_order();
    let order = input.folder.journal.index_order();
    let order = order.into_iter().filter(|one| !follows_squash(input, one));
    found.extend(up_to(in_order, input, order.collect()));
}

/// A gap behind a migration that replaced several.
fn follows_squash(input: &Input<'_>, gap: &Diagnostic) -> bool {
    let folder = input.folder;
    let entries = &folder.journal.entries;
    let at = gap.labels.first().map(|label| label.start);
    let at = entries.iter().position(|entry| Some(entry.range().start) == at);
    let before = at.and_then(|at| entries[..at].last());
    let line = before.and_then(|entry| folder.record.find(entry.tag()));
    gap.code == "journal-index-gap" && line.is_some_and(|line| !line.facts.replaces.is_empty())
}

/// The findings about the first entries of the journal.
pub(super) fn up_to(
    entries: usize,
    input: &Input<'_>,
    found: Vec<Diagnostic>,
) -> impl Iterator<Item = Diagnostic> {
    let end = input.folder.journal.entries.get(entries).map(|entry| entry.range().start);
    found.into_iter().filter(move |one| {
        let at = one.labels.first().map(|label| label.start);
        end.is_none_or(|end| at.is_some_and(|at| at < end))
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_gap_is_named() {
        let project = Project::sound();
        project.edit("meta/_journal.json", "\"idx\": 2", "\"idx\": 3");
        assert_eq!(
            project.findings(),
            "warning[journal-index-gap] index 2 is missing from the journal before 0002_more\n\
             at drizzle/meta/_journal.json:23:7\n\
             note: `drizzle-kit drop` leaves such a gap, and so does a merge that lost an entry\n\
             help: if a migration was lost in a merge, restore its file, snapshot and journal \
             entry from git; otherwise leave it\n"
        );
    }

    #[test]
    fn lines_out_of_order_are_named() {
        let project = Project::sound();
        project.edit("meta/_journal.json", "\"idx\": 1", "\"idx\": 5");
        assert!(project.findings().contains(
            "error[journal-index-order] 0002_more has index 2 and is listed after index 5\n\
             at drizzle/meta/_journal.json:23:7\n\
             help: put the entries back in the order in which they were made\n"
        ));
    }
}
