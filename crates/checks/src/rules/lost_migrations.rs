//! A recorded migration that the journal lost.

use crate::Input;
use driftless_diagnostic::Diagnostic;

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
        if folder.find(&line.tag).is_some() {
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
        project.unlist("0002_more");
        assert!(project.findings().contains(
            "error[migration-lost] 0002_more is recorded, but the journal does not list it any more\n\
             at drizzle/meta/_driftless.json:4:3 recorded here\n\
             help: restore its entry in drizzle/meta/_journal.json from git\n\
             help: if it was removed on purpose and no database has run it, delete this line\n"
        ));
    }
}
