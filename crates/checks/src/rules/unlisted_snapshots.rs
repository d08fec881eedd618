//! A snapshot of no migration.

use crate::Input;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::SnapshotFile;

super::rule! {
    /// ## What it does
    /// Finds snapshots in `meta` that belong to no journal entry.
    ///
    /// ## Why
    /// drizzle-kit continues from the last snapshot by file name, whatever the journal says: it
    /// would take a state for reached that no migration leads to, and leave the change out.
    ///
    /// ## What to do
    /// If a merge lost the journal's entry, restore it together with the `.sql` file. Otherwise
    /// remove the snapshot.
    "unlisted-snapshots", ["snapshot-not-in-journal"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let journal = input.folder.journal.source().path();
    // What belongs to a file that the journal does not list is told with it.
    let with_file = |snapshot: &SnapshotFile| {
        let name = snapshot.file_name().strip_suffix("_snapshot.json");
        let mut scripts = input.folder.unlisted_scripts.iter();
        scripts.any(|script| script.tag.split('_').next() == name)
    };
    let unlisted = input.folder.unlisted_snapshots.iter();
    for snapshot in unlisted.filter(|snapshot| !with_file(snapshot)) {
        let path = snapshot.source.path();
        found.push(
            Diagnostic::error(
                "snapshot-not-in-journal",
                format!("{path} belongs to no migration that the journal lists"),
            )
            .help(format!(
                "if a branch or a merge lost the entry, restore {journal} and the .sql file from git"
            ))
            .help(format!("otherwise remove it: git rm {path}")),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_snapshot_without_an_entry_is_named() {
        let project = Project::sound();
        let next = project.snapshot("0002_more").carried_on();
        project.write("meta/0003_snapshot.json", &next.to_json());
        let found = project.findings();
        assert!(
            found.starts_with(
                "error[snapshot-not-in-journal] drizzle/meta/0003_snapshot.json belongs to no \
                 migration that the journal lists\n\
                 help: if a branch or a merge lost the entry, restore drizzle/meta/_journal.json \
                 and the .sql file from git\n\
                 help: otherwise remove it: git rm drizzle/meta/0003_snapshot.json\n"
            ),
            "{found}"
        );
    }
}
