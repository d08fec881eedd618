//! TypeScript's own compiler, where the project has one: evaluation takes what `tsc` would refuse.

use std::process::{Child, Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Position, SourceFile};
use driftless_report::count;

use crate::settings::Settings;

/// The compiler at work.
pub(super) struct Tsc {
    /// Or why it did not start.
    child: std::io::Result<Child>,
    /// Where it runs, which its paths are relative to.
    dir: Utf8PathBuf,
    /// Folders that hold the schema.
    folders: Vec<Utf8PathBuf>,
    /// The project's directory.
    root: Utf8PathBuf,
}

impl Tsc {
    /// Starts it where the schema has a `tsconfig.json` and a `tsc` beside or above it.
    pub(super) fn start(settings: &Settings) -> Option<Self> {
        let root = settings.config.dir.clone();
        let scripts = settings.schema().ok()?.scripts;
        let folders: Vec<_> = scripts.iter().map(|file| folder(&root, file)).collect();
        let holds = |dir: &&Utf8Path| dir.join("tsconfig.json").is_file();
        let dir = folders.first()?.ancestors().find(holds)?.to_owned();
        let program = |dir: &Utf8Path| dir.join("node_modules/.bin/tsc");
        let program = dir.ancestors().map(program).find(|file| file.is_file())?;
        let child = Command::new(program)
            .args(["--noEmit", "--pretty", "false", "-p", "."])
            .current_dir(&dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        Some(Self {
            child,
            dir,
            folders,
            root,
        })
    }

    /// Waits for it. What it refuses in the schema's folders are errors; the rest is counted.
    pub(super) fn findings(self) -> Vec<Diagnostic> {
        let Self {
            child,
            dir,
            folders,
            root,
        } = self;
        let output = match child.and_then(Child::wait_with_output) {
            Ok(output) => output,
            Err(error) => return vec![not_run(&error.to_string())],
        };
        if output.status.success() {
            return Vec::new();
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let mut found = Vec::new();
        let mut elsewhere = 0;
        for error in errors(&text) {
            let Some((file, position)) = error.place else {
                found.push(
                    Diagnostic::error("typescript", error.text)
                        .note(format!(
                            "tsc says so of {}",
                            shown(&dir, &root).join("tsconfig.json")
                        ))
                        .help("correct tsconfig.json, or pass --no-tsc"),
                );
                continue;
            };
            let path = plain(&dir.join(file));
            if !folders.iter().any(|folder| path.starts_with(folder)) {
                elsewhere += 1;
                continue;
            }
            let diagnostic = Diagnostic::error("typescript", error.text);
            let Ok(text) = fs_err::read_to_string(&path) else {
                found.push(diagnostic.note(format!("in {file}")));
                continue;
            };
            let source = SourceFile::new(shown(&path, &root).as_str(), text);
            let at = source.offset(position);
            let end = at + word(&source.text()[at..]);
            found.push(
                diagnostic
                    .at(&source, at..end, "")
                    .help("correct the type; `tsc --noEmit` says the same"),
            );
        }
        if found.is_empty() && elsewhere == 0 {
            let said = String::from_utf8_lossy(&output.stderr);
            found.push(not_run(said.trim()));
        }
        if elsewhere > 0 {
            found.push(Diagnostic::info(
                "typescript-elsewhere",
                format!(
                    "tsc finds {} outside of the schema's folders",
                    count(elsewhere, "error")
                ),
            ));
        }
        found
    }
}

fn not_run(why: &str) -> Diagnostic {
    let mut found = Diagnostic::warning("tsc-not-run", "the project has a tsc, and it did not run");
    if !why.is_empty() {
        found = found.note(why.to_owned());
    }
    found.help("install Node and the project's packages where `check` runs, or pass --no-tsc")
}

/// The folder of a schema file, or that which a pattern begins with.
fn folder(root: &Utf8Path, file: &str) -> Utf8PathBuf {
    let fixed: Vec<_> = file
        .split('/')
        .take_while(|part| !part.contains(['*', '?', '[', '{']))
        .filter(|part| *part != ".")
        .collect();
    let path = root.join(fixed.join("/"));
    if path.is_dir() {
        return path;
    }
    path.parent().unwrap_or(root).to_owned()
}

/// Without `..`, so that it can be told what is below what.
fn plain(path: &Utf8Path) -> Utf8PathBuf {
    let mut plain = Utf8PathBuf::new();
    for part in path.components() {
        if part.as_str() == ".." {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

/// As people call it.
fn shown(path: &Utf8Path, root: &Utf8Path) -> Utf8PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_owned()
}

/// Bytes of the word that something is wrong with.
fn word(text: &str) -> usize {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let end = text.find(|c| !part(c)).unwrap_or(text.len());
    end.max(text.chars().next().map_or(0, char::len_utf8))
}

struct TscError<'a> {
    place: Option<(&'a str, Position)>,
    text: String,
}

/// `src/a.ts(3,5): error TS2322: Type ...`, its explanations indented below it.
fn errors(text: &str) -> Vec<TscError<'_>> {
    let mut found: Vec<TscError<'_>> = Vec::new();
    for line in text.lines() {
        if line.starts_with(char::is_whitespace) {
            if let Some(last) = found.last_mut() {
                last.text += &format!("; {}", line.trim().trim_end_matches('.'));
            }
        } else if let Some((before, said)) = line.split_once("error TS") {
            let said = said.trim_end_matches('.');
            found.push(TscError {
                place: place(before),
                text: format!("TS{said}"),
            });
        }
    }
    found
}

/// `src/a.ts(3,5): `.
fn place(before: &str) -> Option<(&str, Position)> {
    let before = before.trim_end().strip_suffix("):")?;
    let (file, numbers) = before.rsplit_once('(')?;
    let (line, column) = numbers.split_once(',')?;
    let position = Position {
        line: line.parse().ok()?,
        column: column.parse().ok()?,
    };
    Some((file, position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_places_and_explanations() {
        let text = "src/db (old)/schema.ts(3,5): error TS2322: Type 'a' is not assignable.\n  \
                    Types differ.\nerror TS18003: No inputs were found.\n";
        let found: Vec<_> = errors(text)
            .into_iter()
            .map(|error| {
                let place = error
                    .place
                    .map(|(file, at)| (file.to_owned(), at.line, at.column));
                (place, error.text)
            })
            .collect();
        let place = ("src/db (old)/schema.ts".to_owned(), 3, 5);
        assert_eq!(
            found,
            [
                (
                    Some(place),
                    "TS2322: Type 'a' is not assignable; Types differ".to_owned()
                ),
                (None, "TS18003: No inputs were found".to_owned()),
            ]
        );
    }
}
