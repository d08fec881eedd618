//! Two entries with one index or one tag.

use crate::Input;
use driftless_diagnostic::Diagnostic;

super::rule! {
    /// ## What it does
    /// Finds two journal entries with the same index or the same tag.
    ///
    /// ## Why
    /// Two branches that generate at the same time both take the next number. Merged, the second
    /// migration was compared with a state that the first one has changed.
    ///
    /// ## What to do
    /// Run `driftless rebase`: the migrations that the base branch has keep their numbers, the others
    /// get new ones behind them, and generated ones are generated again on top of the merged state.
    /// An entry that is listed twice is deleted once.
    "duplicate-entries", ["journal-duplicate-index", "journal-duplicate-tag"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(input.folder.journal.duplicates());
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn one_index_twice_is_named() {
        let project = Project::sound();
        project.edit("meta/_journal.json", "\"idx\": 2", "\"idx\": 1");
        assert_eq!(
            project.findings(),
            "error[journal-duplicate-index] 0001_policies and 0002_more both have index 1, two \
             branches made a migration from the same state\n\
             at drizzle/meta/_journal.json:23:7\n\
             at drizzle/meta/_journal.json:16:7 the other one\n\
             help: run `driftless rebase`: the younger branch's migrations get new numbers behind \
             the other's, and are generated again on top of them\n"
        );
    }

    #[test]
    fn one_tag_twice_is_named() {
        let project = Project::sound();
        project.edit("meta/_journal.json", "0002_more", "0001_policies");
        assert!(project.findings().starts_with(
            "error[journal-duplicate-tag] 0001_policies is listed twice, so it would run twice\n"
        ));
    }
}
