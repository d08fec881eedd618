//! Migrations that nobody has recorded yet.

use crate::Input;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::Migration;

super::rule! {
    /// ## What it does
    /// Says which migrations have no line in `meta/_driftless.json`, once the file is there.
    ///
    /// ## Why
    /// An edit of such a migration is only noticed against a database that has run it, not offline.
    /// It is normal for one that drizzle-kit made, and for a custom one that is still being written.
    ///
    /// ## What to do
    /// Nothing: the next `driftless generate` that writes a migration records it.
    "unrecorded-migrations", ["migration-not-recorded"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let folder = input.folder;
    if folder.record.lines.is_empty() {
        return;
    }
    let complete = input.causes.complete();
    let renamed = |migration: &Migration| {
        let mut known = input.causes.renamed.iter();
        known.any(|one| std::ptr::eq(one.journal, migration))
    };
    for migration in folder.migrations.iter().take(complete) {
        if migration.record.is_none() && !renamed(migration) {
            found.push(
                Diagnostic::info(
                    "migration-not-recorded",
                    format!(
                        "{} is not recorded yet, an edit of it would not be noticed offline",
                        migration.tag()
                    ),
                )
                .at(folder.journal.source(), migration.entry.range(), "")
                .help("run `driftless record`; the next `driftless generate` that writes one records it too"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_migration_without_a_line_is_told() {
        let project = Project::sound();
        project.custom("draft");
        assert_eq!(
            project.findings(),
            "info[migration-not-recorded] 0003_draft is not recorded yet, an edit of it would not \
             be noticed offline\n\
             at drizzle/meta/_journal.json:30:7\n\
             help: run `driftless record`; the next `driftless generate` that writes one records it too\n"
        );
    }

    #[test]
    fn a_folder_that_drizzle_kit_made_is_fine() {
        let project = Project::sound();
        project.remove("meta/_driftless.json");
        assert_eq!(project.findings(), "");
    }
}
