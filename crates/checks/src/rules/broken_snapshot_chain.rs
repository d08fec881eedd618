//! A snapshot that does not follow the one before it.

use crate::Input;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::snapshot::ORIGIN;

super::rule! {
    /// ## What it does
    /// Follows `prevId` from snapshot to snapshot in the order of the journal. Two snapshots with
    /// the same `prevId` are told by `shared-parents` instead.
    ///
    /// ## Why
    /// A snapshot whose predecessor is another one than the journal's was made from another history:
    /// a migration was dropped from the middle, put in, or moved.
    ///
    /// ## What to do
    /// Restore the order of the journal or the migration that is missing. If one was dropped on
    /// purpose and the states are right, set `prevId` to the id of the snapshot before.
    "broken-snapshot-chain", ["snapshot-chain-broken"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let mut before = Some((ORIGIN.to_owned(), None));
    let mut parents: Vec<&str> = Vec::new();
    for migration in input.folder.migrations.iter().take(input.causes.in_order()) {
        let Some(file) = &migration.snapshot else {
            // A migration that never had one changes nothing; behind a lost one nobody can tell.
            let recorded = migration.record.as_ref();
            if recorded.is_some_and(|line| line.facts.state.is_some()) {
                before = None;
            }
            continue;
        };
        let Ok(snapshot) = file.read() else {
            before = None;
            continue;
        };
        if let Some((id, path)) = &before
            && snapshot.prev_id != *id
            && !parents.contains(&snapshot.prev_id.as_str())
        {
            let text = file.source.text();
            let start = text.find(&snapshot.prev_id).unwrap_or(0);
            let predecessor = path.map_or_else(
                || "it is the first one".to_owned(),
                |path: &str| format!("the one before it is {path}"),
            );
            found.push(
                Diagnostic::error(
                    "snapshot-chain-broken",
                    format!(
                        "{} does not follow the snapshot before it in the journal",
                        file.source.path()
                    ),
                )
                .at(&file.source, start..start + snapshot.prev_id.len(), "")
                .note(predecessor)
                .help("restore the journal's order, or the migration that is missing before it")
                .help(format!(
                    "if a migration was dropped on purpose, set `prevId` to {id}"
                )),
            );
        }
        parents.push(&snapshot.prev_id);
        before = Some((snapshot.id.clone(), Some(file.source.path())));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    const ELSEWHERE: &str = "11111111-1111-4111-8111-111111111111";

    #[test]
    fn another_predecessor_is_named() {
        let project = Project::sound();
        let id = project.snapshot("0001_policies").id;
        let prev_id = project.snapshot("0002_more").prev_id;
        project.edit("meta/0002_snapshot.json", &prev_id, ELSEWHERE);
        assert_eq!(
            project.findings(),
            format!(
                "error[snapshot-chain-broken] drizzle/meta/0002_snapshot.json does not follow the \
                 snapshot before it in the journal\n\
                 at drizzle/meta/0002_snapshot.json:3:14\n\
                 note: the one before it is drizzle/meta/0001_snapshot.json\n\
                 help: restore the journal's order, or the migration that is missing before it\n\
                 help: if a migration was dropped on purpose, set `prevId` to {id}\n"
            )
        );
    }

    #[test]
    fn a_first_snapshot_with_a_predecessor_is_named() {
        let project = Project::sound();
        let prev_id = project.snapshot("0000_init").prev_id;
        project.edit("meta/0000_snapshot.json", &prev_id, ELSEWHERE);
        assert!(project.findings().contains("note: it is the first one\n"));
    }
}
