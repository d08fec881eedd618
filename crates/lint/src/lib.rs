//! What SQL does to a database that is in use: one rule, one file.
//!
//! [`lint`] looks at scripts in the order in which they run. What is *existing* is known from the
//! catalog before each script, what a statement locks and writes anew from what scratch Postgres
//! measured of it; where nothing was measured, a rule says so and guesses nothing. Statements are
//! read from squawk's syntax tree. [`explain`] has a page of text for every rule.
//!
//! To add a rule, copy a file of `rules/` and add its name to the list in `rules.rs`.

mod engine;
mod examples;
mod file;
mod finding;
mod levels;
mod names;
mod parsed;
mod reading;
mod rules;
mod squawk;
mod waivers;
mod world;

pub use engine::{Linted, lint};
pub use examples::{BEFORE, scripts};
pub use levels::{Level, Levels, nearest, nearest_of};
pub use rules::RULES;

use driftless_catalog::Catalog;
use driftless_diagnostic::SourceFile;
use driftless_migrations::run::Measured;

use file::File;
use finding::Finding;

/// A script that is to run, and what is known beforehand.
#[derive(Debug, Clone, Copy)]
pub struct Script<'a> {
    /// Path and text.
    pub source: &'a SourceFile,
    /// What is there before it runs.
    pub before: &'a Catalog,
    /// What scratch Postgres measured of its statements, where it was asked.
    pub measured: Option<&'a [Measured]>,
}

/// One thing that can be wrong with a statement.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// In kebab case: for `driftless.toml` and waivers, and the code of its findings.
    pub name: &'static str,
    /// How bad its findings are unless `driftless.toml` says otherwise.
    pub level: Level,
    /// Markdown: what it does, why, what to do.
    pub docs: &'static str,
    /// SQL that it objects to, behind [`BEFORE`].
    pub bad: &'static str,
    /// What to write instead; `-- next migration` stands between two files.
    pub good: &'static str,
    check: Check,
}

#[derive(Debug, Clone, Copy)]
enum Check {
    /// Reads the syntax tree and what is known.
    Own(fn(&File<'_>, &mut Vec<Finding>)),
    /// The same, and has nothing to say where nothing was measured.
    Measured(fn(&File<'_>, &mut Vec<Finding>)),
    /// A rule of squawk that looks at one statement alone.
    Squawk(squawk_linter::Rule),
}

/// The text about the rule with this name, as Markdown.
pub fn explain(name: &str) -> Option<String> {
    let rule = RULES.iter().find(|rule| rule.name == name)?;
    let lines: Vec<&str> = rule
        .docs
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let docs = lines.join("\n");
    Some(format!(
        "{}\n\n## Bad\n```sql\n{}\n```\n\n## Good\n```sql\n{}\n```",
        docs.trim(),
        rule.bad.trim(),
        rule.good.trim()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained_with_what_is_bad_and_what_is_good() {
        for rule in RULES {
            let text = explain(rule.name).unwrap();
            for heading in ["## What it does", "## Why", "## What to do"] {
                assert!(text.contains(heading), "{} lacks {heading}", rule.name);
            }
            assert!(text.contains(rule.bad.trim()) && text.contains(rule.good.trim()));
            assert_ne!(rule.bad, rule.good, "{}", rule.name);
        }
        assert_eq!(explain("no-such-rule"), None);
    }

    #[test]
    fn names_are_given_once() {
        let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
    }
}
