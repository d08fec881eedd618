//! A `generate` or `rebase` that was killed.

use crate::Input;
use driftless_diagnostic::Diagnostic;

super::rule! {
    /// ## What it does
    /// Finds what a `generate` or `rebase` left that was killed before it was done.
    ///
    /// ## Why
    /// The journal is written last, so the migrations of that run do not exist; but their files may
    /// be there, and drizzle-kit would take a snapshot among them for the newest state.
    ///
    /// ## What to do
    /// Run the command again. It removes the leftovers, which hold nothing that it does not
    /// make again. A leftover that you have changed since then is kept and named: move what you
    /// wrote into a migration of its own.
    "interrupted-write", ["write-interrupted"], check
}

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let Some(interrupted) = &input.folder.interrupted else {
        return;
    };
    if interrupted.finished {
        return;
    }
    let tags = interrupted.tags.iter().map(String::as_str);
    let new: Vec<&str> = tags.filter(|tag| input.folder.find(tag).is_none()).collect();
    let mut diagnostic = Diagnostic::error(
        "write-interrupted",
        format!(
            "{} was not written to its end, a `driftless generate` or `rebase` was interrupted",
            if new.is_empty() { input.folder.shown.clone() } else { new.join(", ") }
        ),
    );
    for inside in &interrupted.leftovers {
        diagnostic = diagnostic.note(format!("left behind: {}", input.folder.shown_path(inside)));
    }
    for inside in &interrupted.edited {
        let path = input.folder.shown_path(inside);
        diagnostic = diagnostic.note(format!("changed since then, so it is kept: {path}"));
    }
    found.push(diagnostic.help("run it again: it removes what was left behind"));
}

#[cfg(test)]
mod tests {
    use crate::testing::Project;

    /// As if the process had been killed before it placed the journal.
    fn killed() -> Project {
        let project = Project::sound();
        let script = "CREATE SCHEMA \"late\";";
        project.write("0003_late.sql", script);
        project.write(
            "meta/_driftless.pending.json",
            &serde_json::json!({
                "version": 2,
                "tags": ["0003_late"],
                "files": {
                    "0003_late.sql": driftless_migrations::sha256(script.as_bytes()),
                    "meta/0003_snapshot.json": "",
                },
                "before": {},
                "journal": driftless_migrations::sha256(project.read("meta/_journal.json").as_bytes()),
            })
            .to_string(),
        );
        project
    }

    #[test]
    fn leftovers_are_named() {
        assert_eq!(
            killed().findings(),
            "error[write-interrupted] 0003_late was not written to its end, a `driftless generate` \
             or `rebase` was interrupted\n\
             note: left behind: drizzle/0003_late.sql\n\
             help: run it again: it removes what was left behind\n"
        );
    }

    #[test]
    fn the_next_write_mends_it() {
        let project = killed();
        project.generate("again");
        assert_eq!(project.findings(), "");
    }

    #[test]
    fn a_changed_leftover_is_named_as_kept() {
        let project = killed();
        project.write("0003_late.sql", "SELECT 'mine';");
        assert!(
            project
                .findings()
                .contains("note: changed since then, so it is kept: drizzle/0003_late.sql\n")
        );
    }
}
