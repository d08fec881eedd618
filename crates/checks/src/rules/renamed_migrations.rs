//! A migration under another name.

use crate::Input;
use crate::causes::Renamed;
use driftless_diagnostic::Diagnostic;
use driftless_migrations::tokens::Edit;

super::rule! {
    /// ## What it does
    /// Finds a migration that was recorded under one name and has another now, by the hash of its
    /// text: the file alone, or its entry in the journal as well. A file that is missing and a new
    /// one with the same number are taken for one, too.
    ///
    /// ## Why
    /// A file that the journal does not know never runs, and without the one that it knows nothing
    /// runs. Where the entry was renamed with it, the chain of recorded hashes no longer covers it.
    ///
    /// ## What to do
    /// Give it its old name back. Numbers and names are part of the history that other branches and
    /// databases have; to move a migration behind another one, use `driftless rebase`.
    "renamed-migrations", ["migration-renamed"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(input.causes.renamed.iter().map(|one| finding(input, one)));
}

fn finding(input: &Input<'_>, renamed: &Renamed<'_>) -> Diagnostic {
    let folder = input.folder;
    let Renamed { old, new, .. } = renamed;
    let (old_path, new_path) = (
        folder.shown_path(&format!("{old}.sql")),
        folder.shown_path(&format!("{new}.sql")),
    );
    let entry = renamed.journal.entry.range();
    let in_journal = renamed.journal.tag() == *new;
    let message = if in_journal {
        format!("{old} was renamed to {new} after it was recorded")
    } else {
        format!("{old_path} was renamed to {new_path}, which the journal does not list: nothing runs")
    };
    let mut diagnostic = Diagnostic::error("migration-renamed", message).at(
        folder.journal.source(),
        entry,
        if in_journal { "the new name" } else { "the old name" },
    );
    if let Some(line) = renamed.line.filter(|_| in_journal) {
        let range = line.range.clone();
        diagnostic = diagnostic.at(folder.record.source(), range, "the name that was recorded");
    }
    diagnostic = match renamed.edit {
        None => diagnostic.note("its text is the one that was recorded"),
        Some(Edit::Unknown) => diagnostic.note("they have the same number; nobody recorded the old text"),
        Some(edit) => diagnostic.note(format!("it was edited as well: {}", edit.describe())),
    };
    let back = format!("git mv {new_path} {old_path}");
    if folder.unlisted_scripts.iter().any(|script| script.tag == *old) {
        diagnostic.help(format!(
            "give it its old name back in {}, as its file has it",
            folder.journal.source().path()
        ))
    } else if in_journal {
        diagnostic.help(format!(
            "give it its old name back: `{back}`, and the same in {}",
            folder.journal.source().path()
        ))
    } else {
        diagnostic.help(format!("give it its old name back: `{back}`"))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    #[test]
    fn a_renamed_file_is_told_with_both_names() {
        let project = Project::sound();
        let text = project.read("0001_policies.sql");
        project.remove("0001_policies.sql");
        project.write("0001_rules.sql", &text);
        assert_eq!(
            project.findings(),
            "error[migration-renamed] drizzle/0001_policies.sql was renamed to \
             drizzle/0001_rules.sql, which the journal does not list: nothing runs\n\
             at drizzle/meta/_journal.json:16:7 the old name\n\
             note: its text is the one that was recorded\n\
             help: give it its old name back: `git mv drizzle/0001_rules.sql \
             drizzle/0001_policies.sql`\n"
        );
    }

    #[test]
    fn an_entry_renamed_without_its_file_is_told_with_both_names() {
        let project = Project::sound();
        project.edit("meta/_journal.json", "0001_policies", "0001_rules");
        assert_eq!(
            project.findings(),
            "error[migration-renamed] 0001_policies was renamed to 0001_rules after it was recorded\n\
             at drizzle/meta/_journal.json:16:7 the new name\n\
             at drizzle/meta/_driftless.json:3:3 the name that was recorded\n\
             note: its text is the one that was recorded\n\
             help: give it its old name back in drizzle/meta/_journal.json, as its file has it\n"
        );
    }

    #[test]
    fn a_renamed_entry_is_told_with_both_names() {
        let project = Project::sound();
        let text = project.read("0001_policies.sql");
        project.remove("0001_policies.sql");
        project.write("0001_rules.sql", &format!("{text}-- and a comment\n"));
        project.edit("meta/_journal.json", "0001_policies", "0001_rules");
        assert_eq!(
            project.findings(),
            "error[migration-renamed] 0001_policies was renamed to 0001_rules after it was recorded\n\
             at drizzle/meta/_journal.json:16:7 the new name\n\
             at drizzle/meta/_driftless.json:3:3 the name that was recorded\n\
             note: it was edited as well: only comments or whitespace differ\n\
             help: give it its old name back: `git mv drizzle/0001_rules.sql \
             drizzle/0001_policies.sql`, and the same in drizzle/meta/_journal.json\n"
        );
    }
}
