//! What a folder must be to be run, and to be carried by a program that runs it.

use crate::{Input, RULES};
use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, Failure, Result, Severity};
use driftless_migrations::folder::Folder;

/// Doubts about the order of the files or about the files themselves stop a run.
const STOPPING: [&str; 5] = [
    "duplicate-entries",
    "index-order",
    "times-going-back",
    "missing-files",
    "conflict-markers",
];

/// What the files that run have nothing to do with is told.
const TOLD: [&str; 2] = ["unlisted-files", "interrupted-write"];

/// What stops a run before it begins, and what is only told: the second part has no errors.
pub fn before_running(folder: &Folder) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let (stopping, mut told): (Vec<_>, Vec<_>) = findings(folder, &STOPPING)
        .into_iter()
        .partition(|found| found.severity == Severity::Error);
    told.extend(findings(folder, &TOLD).into_iter().map(warned));
    (stopping, told)
}

/// Reads a folder that a program opens by itself. One that is not there is refused: a program that
/// cannot find its migrations must not take that for having none.
pub fn read_present(dir: &Utf8Path, shown: &str) -> Result<Folder> {
    let folder = Folder::read_shown_as(dir, shown)?;
    if !folder.exists {
        let mut missing = Diagnostic::error(
            "migrations-not-found",
            format!("there is no migrations folder {shown}"),
        );
        if dir.as_str() != shown {
            missing = missing.note(format!("looked for in {dir}"));
        }
        return Err(missing
            .help("name the folder that holds meta/_journal.json")
            .into());
    }
    // Of a journal that was read the text is never empty.
    if folder.journal.source().text().is_empty() {
        return Err(Diagnostic::error(
            "journal-missing",
            format!("{shown} has no meta/_journal.json, so none of its files would run"),
        )
        .help("name the folder that holds meta/_journal.json, or restore that file from git")
        .into());
    }
    Ok(folder)
}

/// Reads a folder that is put into a program. Whatever `migrate` only tells about files is refused
/// here, because while a program is built there is time to mend it.
pub fn read_embeddable(dir: &Utf8Path, shown: &str) -> Result<Folder> {
    let folder = read_present(dir, shown)?;
    let (mut found, _) = before_running(&folder);
    found.extend(findings(&folder, &TOLD));
    if found.is_empty() {
        Ok(folder)
    } else {
        Err(Failure::new(found))
    }
}

fn findings(folder: &Folder, names: &[&str]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in RULES.iter().filter(|rule| names.contains(&rule.name)) {
        (rule.run)(&Input::in_full(folder), &mut found);
    }
    found
}

fn warned(found: Diagnostic) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        ..found
    }
}
