//! What a team trusts its CI with: one rule, one file.
//!
//! ```no_run
//! let found = driftless_checks::check_folder("drizzle".into(), "drizzle");
//! ```
//!
//! [`check_folder`] reads a migrations folder and gives every finding; [`run`] does the same for a
//! folder that is already read. An error means that the folder cannot be trusted, a warning and a
//! piece of information change no exit code. [`explain`] has a page of text for every rule.
//!
//! [`before_running`] says what of it stops `migrate`; programs that bring their migrations along
//! read them with [`read_embeddable`] or [`read_present`].
//!
//! To add a rule, copy a file of `rules/` and add its name to the list in `rules.rs`.

mod causes;
mod rules;
mod running;
#[cfg(test)]
mod testing;

pub use causes::newest_in_doubt;
pub use rules::RULES;
pub use running::{before_running, read_embeddable, read_present};

use camino::Utf8Path;
use causes::Causes;
use driftless_diagnostic::{Diagnostic, Failure, Severity};
use driftless_migrations::folder::Folder;

/// What rules look at.
#[derive(Debug)]
pub struct Input<'a> {
    /// The folder as it is on disk.
    pub folder: &'a Folder,
    /// What explains more than one finding.
    causes: Causes<'a>,
    /// The branch that the folder's goes to.
    base: Option<Base<'a>>,
}

/// Another branch, and where this one left it.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a> {
    /// How it was named: `origin/main`.
    pub name: &'a str,
    /// The folder that both began with.
    pub before: &'a Folder,
    /// The folder as it is there now.
    pub theirs: &'a Folder,
}

impl<'a> Input<'a> {
    /// A folder to be judged: what follows from another finding is left out.
    pub fn new(folder: &'a Folder) -> Self {
        Self {
            causes: Causes::of(folder),
            folder,
            base: None,
        }
    }

    /// Looks at another branch as well.
    #[must_use]
    pub fn beside(self, base: Base<'a>) -> Self {
        Self {
            base: Some(base),
            ..self
        }
    }

    /// The same with every consequence by itself.
    pub fn in_full(folder: &'a Folder) -> Self {
        Self {
            causes: Causes::default(),
            folder,
            base: None,
        }
    }
}

/// One thing that can be wrong.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// In kebab case, for people; scripts match on the codes.
    pub name: &'static str,
    /// Codes of the diagnostics it gives.
    pub codes: &'static [&'static str],
    /// Markdown: what it does, why, what to do.
    pub docs: &'static str,
    /// Adds its findings.
    pub run: fn(&Input<'_>, &mut Vec<Diagnostic>),
}

/// Every finding of every rule, in the order of [`RULES`].
pub fn run(input: &Input<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in RULES {
        (rule.run)(input, &mut found);
    }
    // Nothing may be left out for a cause that no rule has told.
    let told = found.iter().any(|one| one.severity == Severity::Error);
    if !told && !input.causes.is_none() {
        return run(&Input {
            base: input.base,
            ..Input::in_full(input.folder)
        });
    }
    found
}

/// Reads the folder `dir`, called `shown` in messages, and checks it. A folder that cannot be read
/// gives the reasons for that as its findings.
pub fn check_folder(dir: &Utf8Path, shown: &str) -> Vec<Diagnostic> {
    match Folder::read_shown_as(dir, shown) {
        Ok(folder) => run(&Input::new(&folder)),
        Err(failure) => Failure::into_diagnostics(failure),
    }
}

/// The text about the rule with this name or code, as Markdown.
pub fn explain(name_or_code: &str) -> Option<String> {
    let rule = RULES
        .iter()
        .find(|rule| rule.name == name_or_code || rule.codes.contains(&name_or_code))?;
    let lines: Vec<&str> = rule
        .docs
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    Some(lines.join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained_by_name_and_by_code() {
        for rule in RULES {
            let text = explain(rule.name).unwrap();
            for heading in ["## What it does", "## Why", "## What to do"] {
                assert!(text.contains(heading), "{} lacks {heading}", rule.name);
            }
            for code in rule.codes {
                assert_eq!(explain(code).as_ref(), Some(&text), "{code}");
            }
        }
        assert_eq!(explain("no-such-rule"), None);
    }

    #[test]
    fn a_folder_that_drizzle_kit_wrote_is_sound() {
        let fixture = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../migrations/tests/fixtures/kit_0_31"
        );
        assert_eq!(check_folder(fixture.into(), "drizzle"), []);
    }

    #[test]
    fn no_code_belongs_to_two_rules() {
        let mut codes: Vec<&str> = RULES.iter().flat_map(|rule| rule.codes).copied().collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
