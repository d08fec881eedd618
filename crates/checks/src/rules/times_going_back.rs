//! A `when` that does not increase.

use crate::Input;
use driftless_diagnostic::Diagnostic;

super::rule! {
    /// ## What it does
    /// Finds a journal entry whose `when` is not greater than that of every entry before it.
    ///
    /// ## Why
    /// drizzle-orm remembers the newest `when` that it has run and runs only what is newer. A
    /// migration of a branch that was made earlier and merged later is skipped for ever, without a
    /// word, on every database that has the other one.
    ///
    /// ## What to do
    /// If no database has run it, set its `when` to a greater number than the one before. If some
    /// have, make a new migration for the others instead: changing `when` would run it twice.
    "times-going-back", ["journal-when-not-increasing"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let in_order = input.causes.in_order();
    let times = input.folder.journal.times_going_back();
    found.extend(super::index_order::up_to(in_order, input, times));
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn an_older_entry_is_named() {
        let project = Project::sound();
        project.edit("meta/_journal.json", "1800000000001", "1700000000000");
        assert_eq!(
            project.findings(),
            "error[journal-when-not-increasing] 0001_policies would never run where 0000_init has \
             run, its `when` is older than that one's\n\
             at drizzle/meta/_journal.json:16:7\n\
             at drizzle/meta/_journal.json:9:7 the other one\n\
             note: `when` is 1700000000000 and 1800000000000\n\
             help: if no database has 0001_policies yet, set its `when` to 1800000000001 in \
             drizzle/meta/_journal.json\n"
        );
    }
}
