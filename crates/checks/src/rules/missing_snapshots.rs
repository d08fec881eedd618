//! A migration without its snapshot.

use crate::Input;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::Migration;

super::rule! {
    /// ## What it does
    /// Finds migrations without a snapshot: an error where one was recorded, a warning where nobody
    /// knows of one.
    ///
    /// ## Why
    /// The newest snapshot is what `generate` compares the schema with. When it is lost, the change
    /// is generated a second time and fails on every database that has it. A hand-written migration
    /// that was added to the journal by hand has none, and leaves the declared state as it was.
    ///
    /// ## What to do
    /// Restore a lost file from git; SQL and snapshot belong into one commit. For hand-written
    /// migrations use `driftless generate --custom`, which carries the state on.
    "missing-snapshots", ["snapshot-missing"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let folder = input.folder;
    for (at, migration) in folder.migrations.iter().enumerate() {
        if migration.snapshot.is_some() {
            continue;
        }
        let tag = migration.tag();
        let before = &folder.migrations[..at];
        let prefix = migration.entry.prefix();
        let same = before.iter().find(|one| one.entry.prefix() == prefix);
        if let Some(other) = same.filter(|_| !prefix.is_empty()) {
            // Where they have one index as well, that is told instead.
            if at <= input.causes.single() {
                found.push(one_number(input, other, migration));
            }
            continue;
        }
        let recorded = migration.record.as_ref();
        let diagnostic = if recorded.is_some_and(|line| line.facts.state.is_some()) {
            let path =
                folder.shown_path(&format!("meta/{}_snapshot.json", migration.entry.prefix()));
            Diagnostic::error(
                "snapshot-missing",
                format!("the snapshot of {tag} is missing, its change would be generated again"),
            )
            .help(format!("restore it from git: git checkout -- {path}"))
        } else {
            Diagnostic::warning("snapshot-missing", format!("{tag} has no snapshot"))
                .note("it counts as written by hand: the declared state is the one before it")
                .help("use `driftless generate --custom` for hand-written migrations")
        };
        found.push(diagnostic.at(folder.journal.source(), migration.entry.range(), ""));
    }
}

/// Snapshots are found by number, so two migrations with one number have one between them.
fn one_number(input: &Input<'_>, other: &Migration, migration: &Migration) -> Diagnostic {
    let journal = input.folder.journal.source();
    Diagnostic::error(
        "snapshot-missing",
        format!(
            "{} and {} have the same number, so one of them has no snapshot",
            other.tag(),
            migration.tag()
        ),
    )
    .at(journal, migration.entry.range(), "")
    .at(journal, other.entry.range(), "the other one")
    .help("run `driftless rebase`: what the base branch does not have gets a number of its own at the end")
    .help("a migration that was put in by hand is made with `driftless generate --custom`")
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_lost_snapshot_is_an_error() {
        let project = Project::sound();
        project.remove("meta/0002_snapshot.json");
        assert_eq!(
            project.findings(),
            "error[snapshot-missing] the snapshot of 0002_more is missing, its change would be \
             generated again\n\
             at drizzle/meta/_journal.json:23:7\n\
             help: restore it from git: git checkout -- drizzle/meta/0002_snapshot.json\n"
        );
    }

    #[test]
    fn one_that_nobody_knows_of_is_a_warning() {
        let project = Project::sound();
        project.remove("meta/0002_snapshot.json");
        project.forget("0002_more");
        assert!(project.findings().starts_with(
            "warning[snapshot-missing] 0002_more has no snapshot\n\
             at drizzle/meta/_journal.json:23:7\n\
             note: it counts as written by hand: the declared state is the one before it\n\
             help: use `driftless generate --custom` for hand-written migrations\n"
        ));
    }
}
