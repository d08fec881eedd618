//! Two snapshots that follow the same one.

use crate::Input;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::folder::SnapshotFile;

super::rule! {
    /// ## What it does
    /// Finds two snapshots with the same `prevId`.
    ///
    /// ## Why
    /// Two branches made a migration from the same state. The one that runs second was never
    /// compared with what the first one does, and its snapshot does not know of it: the next
    /// `generate` would take the first one's change back. drizzle-kit stops at it, with exit code 0.
    ///
    /// ## What to do
    /// Run `driftless rebase`: the migrations that the base branch has stay, the others move behind
    /// them, and generated ones are generated again on top of the merged state.
    "shared-parents", ["snapshots-share-parent"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(&str, &SnapshotFile)> = Vec::new();
    let listed = input
        .folder
        .migrations
        .iter()
        .take(input.causes.single())
        .filter_map(|migration| migration.snapshot.as_ref());
    for file in listed.chain(&input.folder.unlisted_snapshots) {
        let Ok(snapshot) = file.read() else {
            continue;
        };
        // The same snapshot twice is a copied file.
        let parent = seen.iter().find(|(parent, other)| {
            *parent == snapshot.prev_id
                && other.read().is_ok_and(|other| other.id != snapshot.id)
        });
        if let Some((_, first)) = parent {
            let place = |file: &SnapshotFile| {
                let text = file.source.text();
                let start = text.find("\"prevId\"").unwrap_or(0);
                start..start + text[start..].find(['\n', ',']).unwrap_or(0)
            };
            found.push(
                Diagnostic::error(
                    "snapshots-share-parent",
                    format!(
                        "{} and {} follow the same snapshot, two branches made a migration from it",
                        first.source.path(),
                        file.source.path()
                    ),
                )
                .at(&file.source, place(file), "")
                .at(&first.source, place(first), "the other one")
                .help(
                    "run `driftless rebase`: the younger branch's migrations move behind the \
                     other's, and are generated again on top of them",
                ),
            );
        } else {
            seen.push((&snapshot.prev_id, file));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn two_with_one_parent_are_named() {
        let project = Project::sound();
        let parents = ["0001_policies", "0002_more"].map(|tag| project.snapshot(tag).prev_id);
        project.edit("meta/0002_snapshot.json", &parents[1], &parents[0]);
        assert_eq!(
            project.findings(),
            "error[snapshots-share-parent] drizzle/meta/0001_snapshot.json and \
             drizzle/meta/0002_snapshot.json follow the same snapshot, two branches made a \
             migration from it\n\
             at drizzle/meta/0002_snapshot.json:3:3\n\
             at drizzle/meta/0001_snapshot.json:3:3 the other one\n\
             help: run `driftless rebase`: the younger branch's migrations move behind the other's, \
             and are generated again on top of them\n"
        );
    }
}
