//! A snapshot that changed after it was recorded.

use crate::Input;
use driftless_diagnostic::Diagnostic;

super::rule! {
    /// ## What it does
    /// Compares the state in every snapshot with the fingerprint that `meta/_driftless.json` has
    /// recorded. Formatting, ids and the order of fields do not count.
    ///
    /// ## Why
    /// A snapshot that was edited, or taken from the other side of a merge, says that the database
    /// looks as it does not. The next `generate` leaves a change out or makes one twice.
    ///
    /// ## What to do
    /// Restore the snapshot from git. If it was mended on purpose, delete the migration's line from
    /// `meta/_driftless.json`, and the next `driftless generate` records it again.
    "edited-snapshots", ["snapshot-edited"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let record = input.folder.record.source();
    let single = input.causes.single();
    for (at, migration) in input.folder.migrations.iter().enumerate() {
        let (Some(file), Some(line)) = (&migration.snapshot, &migration.record) else {
            continue;
        };
        let (Ok(snapshot), Some(state)) = (file.read(), &line.facts.state) else {
            continue;
        };
        // One file for two numbers may be either's.
        let prefix = migration.entry.prefix();
        let mut all = input.folder.migrations.iter();
        let shared = at >= single && all.any(|one| {
            one.entry.prefix() == prefix && !std::ptr::eq(one, migration)
        });
        if snapshot.fingerprint() == *state || shared {
            continue;
        }
        let path = file.source.path();
        found.push(
            Diagnostic::error(
                "snapshot-edited",
                format!(
                    "{path} does not hold the state that was recorded for {}, the next migration \
                     would be compared with a wrong one",
                    migration.tag()
                ),
            )
            .at(record, line.range.clone(), "recorded here")
            .help(format!(
                "restore it (`git log -p -- {path}` shows the edit)"
            ))
            .help(format!(
                "if the new state is right, delete the line from {}: the next `driftless generate` \
                 records it again",
                record.path()
            )),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn another_state_is_named() {
        let project = Project::sound();
        project.edit(
            "meta/0002_snapshot.json",
            "\"more\": \"more\"",
            "\"less\": \"less\"",
        );
        assert_eq!(
            project.findings(),
            "error[snapshot-edited] drizzle/meta/0002_snapshot.json does not hold the state that \
             was recorded for 0002_more, the next migration would be compared with a wrong one\n\
             at drizzle/meta/_driftless.json:4:3 recorded here\n\
             help: restore it (`git log -p -- drizzle/meta/0002_snapshot.json` shows the edit)\n\
             help: if the new state is right, delete the line from drizzle/meta/_driftless.json: \
             the next `driftless generate` records it again\n"
        );
    }

    #[test]
    fn other_formatting_is_fine() {
        let project = Project::sound();
        let text = project.read("meta/0002_snapshot.json");
        project.write("meta/0002_snapshot.json", &text.replace("\n  ", "\n\t"));
        assert_eq!(project.findings(), "");
    }
}
