//! The two ideas of which snapshot is the newest.

use crate::Input;
use driftless_diagnostic::Diagnostic;

super::rule! {
    /// ## What it does
    /// Compares the last snapshot by the journal with the last one by file name.
    ///
    /// ## Why
    /// Driftless continues from the journal's last snapshot, drizzle-kit from the last file name.
    /// After a change of `prefix` in the config the two differ, and a drizzle-kit that is used beside
    /// Driftless compares with an old state.
    ///
    /// ## What to do
    /// Keep one `prefix` in the config for the life of the folder, or stop using `drizzle-kit
    /// generate` on it.
    "snapshot-order", ["snapshot-order"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let folder = input.folder;
    let (Some((migration, newest)), Some(by_name)) = (folder.newest(), folder.newest_by_name())
    else {
        return;
    };
    let listed = folder
        .unlisted_snapshots
        .iter()
        .all(|file| file.file_name() != by_name.file_name());
    let in_order = input.causes.in_order() == usize::MAX;
    if !listed || !in_order || newest.file_name() == by_name.file_name() {
        return;
    }
    found.push(
        Diagnostic::warning(
            "snapshot-order",
            format!(
                "drizzle-kit would continue from {}, the newest state is {}",
                by_name.source.path(),
                newest.source.path()
            ),
        )
        .at(
            folder.journal.source(),
            migration.entry.range(),
            "the last migration with a snapshot",
        )
        .help("keep one `prefix` in the config, and generate with Driftless only"),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_changed_prefix_is_named() {
        let project = Project::sound();
        for path in ["meta/_journal.json", "meta/_driftless.json"] {
            project.edit(path, "0002_more", "00005_more");
        }
        for (old, new) in [
            ("0002_more.sql", "00005_more.sql"),
            ("meta/0002_snapshot.json", "meta/00005_snapshot.json"),
        ] {
            let text = project.read(old);
            project.write(new, &text);
            project.remove(old);
        }
        let found = project.findings();
        assert!(
            found.contains(
                "warning[snapshot-order] drizzle-kit would continue from \
                 drizzle/meta/0001_snapshot.json, the newest state is \
                 drizzle/meta/00005_snapshot.json\n\
                 at drizzle/meta/_journal.json:23:7 the last migration with a snapshot\n\
                 help: keep one `prefix` in the config, and generate with Driftless only\n"
            ),
            "{found}"
        );
    }
}
