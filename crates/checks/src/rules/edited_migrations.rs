//! A migration that changed after it was recorded.

use crate::Input;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::conflict;
use driftless_migrations::tokens::Edit;

super::rule! {
    /// ## What it does
    /// Compares every migration's file with the hash that `meta/_driftless.json` recorded, without a
    /// database, and says whether only line endings (a warning), only comments or whitespace, or
    /// statements differ.
    ///
    /// ## Why
    /// A database that has run the old text never runs the new one; a fresh database gets a schema
    /// that no other has. drizzle-kit and drizzle-orm never notice.
    ///
    /// ## What to do
    /// Restore the file and put the change into a new migration. Only if no database has run it yet:
    /// `driftless record --edited TAG` takes the text as it is now. Where git changes line endings,
    /// add `*.sql text eol=lf` to `.gitattributes`.
    "edited-migrations", ["migration-edited"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let record = input.folder.record.source();
    for migration in &input.folder.migrations {
        let (Some(script), Some(line)) = (&migration.script, &migration.record) else {
            continue;
        };
        let facts = &line.facts;
        // What git left in a file is told by `conflict-markers`.
        if script.hash == facts.hash || conflict::marker(script.source.text()).is_some() {
            continue;
        }
        let edit = Edit::since(&facts.hash, Some(&facts.tokens), script.source.text());
        let path = script.source.path();
        let message = format!(
            "{path} was edited after it was recorded, {}",
            edit.describe()
        );
        let diagnostic = if edit == Edit::LineEndings {
            Diagnostic::warning("migration-edited", message)
                .help("keep git from changing it: add `*.sql text eol=lf` to .gitattributes")
        } else {
            Diagnostic::error("migration-edited", message)
                .help(format!(
                    "restore it (`git log -p -- {path}` shows the edit) and put the change into a \
                     new migration"
                ))
                .help(format!(
                    "if no database has run it yet, `driftless record --edited {}` takes its text \
                     as it is now",
                    migration.tag()
                ))
        };
        found.push(
            diagnostic
                .at(record, line.range.clone(), "recorded here")
                .note(format!("recorded as sha256 {}", facts.hash))
                .note(format!("now it is   sha256 {}", script.hash)),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;
    use driftless_migrations::sha256;

    fn finding(severity: &str, new: &str, what: &str, help: &str) {
        let project = Project::sound();
        let old = project.read("0001_policies.sql");
        project.write("0001_policies.sql", new);
        assert_eq!(
            project.findings(),
            format!(
                "{severity}[migration-edited] drizzle/0001_policies.sql was edited after it was \
                 recorded, {what}\n\
                 at drizzle/meta/_driftless.json:3:3 recorded here\n\
                 note: recorded as sha256 {}\n\
                 note: now it is   sha256 {}\n\
                 {help}",
                sha256(old.as_bytes()),
                sha256(new.as_bytes()),
            )
        );
    }

    const RESTORE: &str = "help: restore it (`git log -p -- drizzle/0001_policies.sql` shows the \
        edit) and put the change into a new migration\n\
        help: if no database has run it yet, `driftless record --edited 0001_policies` takes its \
        text as it is now\n";

    #[test]
    fn a_changed_statement_is_told() {
        finding(
            "error",
            "-- Roles\nCREATE ROLE app BYPASSRLS;\nGRANT app TO race;\n",
            "its statements differ",
            RESTORE,
        );
    }

    #[test]
    fn a_changed_comment_is_told() {
        finding(
            "error",
            "-- The roles\nCREATE ROLE app;\n\nGRANT app TO race;\n",
            "only comments or whitespace differ",
            RESTORE,
        );
    }

    #[test]
    fn changed_line_endings_are_a_warning() {
        finding(
            "warning",
            "-- Roles\r\nCREATE ROLE app;\r\nGRANT app TO race;\r\n",
            "only line endings differ",
            "help: keep git from changing it: add `*.sql text eol=lf` to .gitattributes\n",
        );
    }

    #[test]
    fn a_line_that_is_deleted_is_written_again() {
        let project = Project::sound();
        project.write("0001_policies.sql", "CREATE ROLE other;");
        project.forget("0001_policies");
        project.generate("next");
        assert_eq!(project.findings(), "");
    }
}
