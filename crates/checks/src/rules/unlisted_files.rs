//! A `.sql` file that no migrator looks at.

use crate::Input;
use crate::causes::Renamed;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::SnapshotFile;

super::rule! {
    /// ## What it does
    /// Finds `.sql` files in the folder that the journal does not list.
    ///
    /// ## Why
    /// They look like migrations and never run. Usually the file was committed and the journal was
    /// not, or a merge kept the wrong side of the journal.
    ///
    /// ## What to do
    /// Restore the journal's entry from the branch that made the migration. Where another migration
    /// has the same number, run `driftless rebase`. For SQL that you wrote
    /// yourself, run `driftless generate --custom` and put it into the file that it makes. Scripts
    /// that are no migrations belong into another folder.
    "unlisted-files", ["migration-not-in-journal"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let folder = input.folder;
    let journal = folder.journal.source().path();
    for script in &folder.unlisted_scripts {
        let renamed = |one: &Renamed<'_>| one.new == script.tag || one.old == script.tag;
        if input.causes.renamed.iter().any(renamed) {
            continue;
        }
        let mut diagnostic = Diagnostic::error(
            "migration-not-in-journal",
            format!(
                "{} never runs, the journal does not list it",
                script.source.path()
            ),
        );
        let line = folder.record.find(&script.tag);
        let snapshot = snapshot_of(input, &script.tag);
        if let Some(line) = line {
            let range = line.range.clone();
            diagnostic = diagnostic.at(folder.record.source(), range, "recorded here");
        }
        if let Some(snapshot) = snapshot {
            let path = snapshot.source.path();
            diagnostic = diagnostic.note(format!("its snapshot is there as well: {path}"));
        }
        let prefix = prefix(&script.tag);
        let taken = folder.migrations.iter().find(|one| one.entry.prefix() == prefix);
        if let Some(other) = taken.filter(|_| !prefix.is_empty()) {
            found.push(
                diagnostic
                    .note(format!(
                        "{} has the same number: two branches made a migration from the same \
                         state, and a merge kept one side of the journal",
                        other.tag()
                    ))
                    .help("run `driftless rebase`: it gives the younger branch's migration a new number"),
            );
            continue;
        }
        diagnostic = diagnostic.help(if snapshot.is_some() || line.is_some() {
            format!("its entry was not committed, or a merge lost it: restore {journal} from git or from whoever made the migration")
        } else {
            format!("if a branch or a merge lost its entry, restore {journal} and the snapshot from git")
        });
        if snapshot.is_none() {
            diagnostic = diagnostic.help(format!(
                "if you wrote it by hand, run `driftless generate --custom --name {}` and move the \
                 SQL into the file that it makes",
                name(&script.tag)
            ));
        }
        found.push(diagnostic);
    }
}

/// The snapshot of an unlisted file, which nothing else has.
fn snapshot_of<'a>(input: &Input<'a>, tag: &str) -> Option<&'a SnapshotFile> {
    let wanted = format!("{}_snapshot.json", prefix(tag));
    let mut unlisted = input.folder.unlisted_snapshots.iter();
    unlisted.find(|file| file.file_name() == wanted)
}

fn prefix(tag: &str) -> &str {
    tag.split('_').next().unwrap_or_default()
}

/// The tag without its number.
fn name(tag: &str) -> &str {
    match tag.split_once('_') {
        Some((number, name)) if number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => tag,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn an_unlisted_file_is_named() {
        let project = Project::sound();
        project.write("0003_backfill.sql", "UPDATE a SET b = 1;");
        assert_eq!(
            project.findings(),
            "error[migration-not-in-journal] drizzle/0003_backfill.sql never runs, the journal does \
             not list it\n\
             help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and \
             the snapshot from git\n\
             help: if you wrote it by hand, run `driftless generate --custom --name backfill` and \
             move the SQL into the file that it makes\n"
        );
    }
}
