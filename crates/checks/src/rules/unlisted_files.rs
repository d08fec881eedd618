//! A `.sql` file that no migrator looks at.

use crate::Input;
use driftless_diagnostic::Diagnostic;

super::rule! {
    /// ## What it does
    /// Finds `.sql` files in the folder that the journal does not list.
    ///
    /// ## Why
    /// They look like migrations and never run. Usually the file was committed and the journal was
    /// not, or a merge kept the wrong side of the journal.
    ///
    /// ## What to do
    /// Restore the journal's entry from the branch that made the migration. For SQL that you wrote
    /// yourself, run `driftless generate --custom` and put it into the file that it makes. Scripts
    /// that are no migrations belong into another folder.
    "unlisted-files", ["migration-not-in-journal"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let journal = input.folder.journal.source().path();
    for script in &input.folder.unlisted_scripts {
        found.push(
            Diagnostic::error(
                "migration-not-in-journal",
                format!(
                    "{} never runs, the journal does not list it",
                    script.source.path()
                ),
            )
            .help(format!(
                "if a branch or a merge lost its entry, restore {journal} and the snapshot from git"
            ))
            .help(format!(
                "if you wrote it by hand, run `driftless generate --custom --name {}` and move the \
                 SQL into the file that it makes",
                name(&script.tag)
            )),
        );
    }
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
