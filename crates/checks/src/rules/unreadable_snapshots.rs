//! Snapshots that cannot be read.

use crate::Input;
use driftless_diagnostic::Diagnostic;

super::rule! {
    /// ## What it does
    /// Reads every snapshot and tells what keeps it from being one: cut off, not JSON, an unknown
    /// field or version, another dialect.
    ///
    /// ## Why
    /// `generate` compares the schema with the newest snapshot; one that is half right would lead to
    /// a migration that is half wrong.
    ///
    /// ## What to do
    /// Restore the file from git. Snapshots are written by tools; after a merge conflict take one
    /// side as a whole and generate the other side's change again.
    "unreadable-snapshots",
    ["snapshot-malformed", "snapshot-unknown-version", "snapshot-wrong-dialect"],
    check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let listed = input
        .folder
        .migrations
        .iter()
        .filter_map(|migration| migration.snapshot.as_ref());
    for snapshot in listed.chain(&input.folder.unlisted_snapshots) {
        if let Err(failure) = snapshot.read() {
            found.extend(failure.into_diagnostics());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_snapshot_that_is_cut_off_is_named() {
        let project = Project::sound();
        let text = project.read("meta/0001_snapshot.json");
        project.write("meta/0001_snapshot.json", &text[..200]);
        assert!(project.findings().starts_with(
            "error[snapshot-malformed] drizzle/meta/0001_snapshot.json is cut off, the snapshot \
             ends too early\n"
        ));
    }

    #[test]
    fn a_snapshot_of_another_version_is_named() {
        let project = Project::sound();
        project.edit(
            "meta/0002_snapshot.json",
            "\"version\": \"7\"",
            "\"version\": \"8\"",
        );
        assert!(project.findings().starts_with(
            "error[snapshot-unknown-version] drizzle/meta/0002_snapshot.json cannot be read, its \
             snapshot version is \"8\" and Driftless reads 5, 6 and 7\n\
             at drizzle/meta/0002_snapshot.json:4:14\n\
             note: versions 8 and 9 are written by drizzle-kit 1.x\n"
        ));
    }
}
