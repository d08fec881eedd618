//! A journal entry without its file.

use crate::Input;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::Migration;

super::rule! {
    /// ## What it does
    /// Finds journal entries whose `.sql` file is not in the folder.
    ///
    /// ## Why
    /// Every migrator stops at it: drizzle-orm reads all files first, even those of migrations that
    /// have long been applied. Usually the journal was committed and the file was not.
    ///
    /// ## What to do
    /// Restore the file from git, or ask whoever made the migration to push it. Only if it never ran
    /// anywhere, remove its entry and its snapshot.
    "missing-files", ["migration-file-missing"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let folder = input.folder;
    let renamed = |migration: &Migration| {
        let mut known = input.causes.renamed.iter();
        known.any(|one| std::ptr::eq(one.journal, migration))
    };
    for (at, migration) in folder.migrations.iter().enumerate() {
        // The file of a tag that is listed twice is the first one's.
        let again = at > input.causes.single()
            && folder.migrations[..at].iter().any(|one| one.tag() == migration.tag());
        if migration.script.is_none() && !again && !renamed(migration) {
            let range = migration.entry.range();
            let missing = migration.missing_script();
            found.push(missing.at(folder.journal.source(), range, "listed here"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_missing_file_is_named() {
        let project = Project::sound();
        project.remove("0001_policies.sql");
        assert_eq!(
            project.findings(),
            "error[migration-file-missing] drizzle/0001_policies.sql is missing, the journal lists \
             it as index 1\n\
             at drizzle/meta/_journal.json:16:7 listed here\n\
             help: restore the file: git checkout -- drizzle/0001_policies.sql\n\
             help: if it was never committed, ask whoever made it to push it\n"
        );
    }
}
