//! A recorded migration that the journal lost.

use crate::Input;
use crate::causes::Renamed;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::Script;

super::rule! {
    /// ## What it does
    /// Finds migrations that `meta/_driftless.json` has recorded and the journal does not list.
    ///
    /// ## Why
    /// A merge that keeps one side of the journal loses the other side's migrations. Databases that
    /// have run them go on; new ones lack what they did.
    ///
    /// ## What to do
    /// Restore the entry in the journal from git. If the migration was removed on purpose and no
    /// database has run it, delete its line from `meta/_driftless.json`.
    "lost-migrations", ["migration-lost"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let folder = input.folder;
    for line in &folder.record.lines {
        let has_file = |script: &Script| script.tag == line.tag;
        let renamed = |one: &Renamed<'_>| one.old == line.tag;
        // A file that is there is told as one that the journal does not list.
        if folder.find(&line.tag).is_some()
            || folder.unlisted_scripts.iter().any(has_file)
            || input.causes.renamed.iter().any(renamed)
        {
            continue;
        }
        found.push(
            Diagnostic::error(
                "migration-lost",
                format!(
                    "{} is recorded, but the journal does not list it any more",
                    line.tag
                ),
            )
            .at(folder.record.source(), line.range.clone(), "recorded here")
            .help(format!(
                "restore its entry in {} from git",
                folder.journal.source().path()
            ))
            .help("if it was removed on purpose and no database has run it, delete this line"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_lost_entry_is_named() {
        let project = Project::sound();
        project.unlist("0001_policies");
        project.remove("0001_policies.sql");
        project.remove("meta/0001_snapshot.json");
        assert_eq!(
            project.findings(),
            "error[migration-lost] 0001_policies is recorded, but the journal does not list it any \
             more\n\
             at drizzle/meta/_driftless.json:3:3 recorded here\n\
             help: restore its entry in drizzle/meta/_journal.json from git\n\
             help: if it was removed on purpose and no database has run it, delete this line\n"
        );
    }

    #[test]
    fn one_whose_file_is_there_is_told_with_its_file() {
        let project = Project::sound();
        project.unlist("0002_more");
        assert_eq!(
            project.findings(),
            "error[migration-not-in-journal] drizzle/0002_more.sql never runs, the journal does not \
             list it\n\
             at drizzle/meta/_driftless.json:4:3 recorded here\n\
             note: its snapshot is there as well: drizzle/meta/0002_snapshot.json\n\
             help: its entry was not committed, or a merge lost it: restore \
             drizzle/meta/_journal.json from git or from whoever made the migration\n"
        );
    }
}
