//! Merge conflicts inside migrations.

use crate::Input;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::conflict;

super::rule! {
    /// ## What it does
    /// Finds lines that git left in a `.sql` file while merging. Conflicts in the journal, in a
    /// snapshot and in the record are found when those are read, under the same code.
    ///
    /// ## Why
    /// The file holds two versions of a migration; Postgres would stop at the first marker, after
    /// the statements before it.
    ///
    /// ## What to do
    /// A migration that is applied somewhere must stay as it was applied: keep that side. Otherwise
    /// keep what shall run, and delete the marker lines.
    "conflict-markers", ["conflict-markers"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for migration in &input.folder.migrations {
        let Some(script) = &migration.script else {
            continue;
        };
        let Some(marker) = conflict::marker(script.source.text()) else {
            continue;
        };
        found.push(
            Diagnostic::error(
                "conflict-markers",
                format!(
                    "{} holds a git merge conflict at line {}",
                    script.source.path(),
                    script.source.position(marker.start).line
                ),
            )
            .at(&script.source, marker, "git left this line")
            .help("keep the side that was applied to a database and delete the marker lines"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_conflict_in_a_migration_is_named() {
        let project = Project::sound();
        project.edit(
            "0001_policies.sql",
            "GRANT",
            "<<<<<<< HEAD\n=======\n>>>>>>> b\nGRANT",
        );
        assert!(project.findings().starts_with(
            "error[conflict-markers] drizzle/0001_policies.sql holds a git merge conflict at line 3\n\
             at drizzle/0001_policies.sql:3:1 git left this line\n\
             help: keep the side that was applied to a database and delete the marker lines\n"
        ));
    }

    #[test]
    fn a_conflict_in_the_record_is_named() {
        let project = Project::sound();
        project.edit(
            "meta/_driftless.json",
            "  \"0001_policies\"",
            "<<<<<<< HEAD\n  \"0001_policies\"",
        );
        assert!(project.findings().starts_with(
            "error[conflict-markers] drizzle/meta/_driftless.json holds a git merge conflict at \
             line 3 and cannot be read\n"
        ));
    }
}
