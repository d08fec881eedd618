//! Every rule over every script, with levels and waivers.

use driftless_diagnostic::{Diagnostic, Severity};

use crate::file::{Earlier, File};
use crate::finding::Finding;
use crate::reading::checks;
use crate::waivers::Waivers;
use crate::{Check, Level, Levels, RULES, Rule, Script, squawk};

/// What linting comes to.
#[derive(Debug, Default)]
pub struct Linted {
    /// By script, and within it by place.
    pub findings: Vec<Diagnostic>,
    /// How many findings a waiver took out.
    pub waived: usize,
}

/// Looks at scripts in the order in which they run.
pub fn lint(scripts: &[Script<'_>], levels: &Levels) -> Linted {
    let mut linted = Linted::default();
    let mut earlier = Earlier::default();
    let squawks = squawk::asked(levels);
    for script in scripts {
        let file = File::new(script, &squawks, &earlier);
        one(&file, levels, &mut linted);
        let (checks, validated) = checks(&file);
        earlier.checks.extend(checks);
        earlier.validated.extend(validated);
    }
    linted
}

fn one(file: &File<'_>, levels: &Levels, linted: &mut Linted) {
    let mut waivers = Waivers::of(file);
    let mut found = std::mem::take(&mut waivers.problems);
    for rule in RULES {
        let Some(severity) = levels.of(rule).severity() else {
            continue;
        };
        for finding in findings(rule, file) {
            if waivers.allow(finding.statement, rule.name) {
                linted.waived += 1;
                continue;
            }
            let severity = if finding.unmeasured {
                Severity::Info
            } else {
                severity
            };
            let range = first_line(file.source.text(), &finding.range);
            let blank = Diagnostic {
                severity,
                ..Diagnostic::error(rule.name, "")
            };
            found.push(finding.fill(blank.at(file.source, range, "")));
        }
    }
    found.extend(waivers.unused(file.source, |name| is_asked(name, file, levels)));
    found.sort_by_key(|one| one.labels.first().map(|label| label.start));
    linted.findings.append(&mut found);
}

fn findings(rule: &Rule, file: &File<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    match rule.check {
        Check::Own(check) | Check::Measured(check) => check(file, &mut found),
        Check::Squawk(theirs) => squawk::check(theirs, file, &mut found),
    }
    found
}

/// Whether a rule had its say: it is not off, and what it needs was measured.
fn is_asked(name: &str, file: &File<'_>, levels: &Levels) -> bool {
    let rule = RULES.iter().find(|rule| rule.name == name);
    rule.is_some_and(|rule| {
        let needs = matches!(rule.check, Check::Measured(_));
        levels.of(rule) > Level::Off && (file.measured || !needs)
    })
}

/// Statements are long: their first line says enough.
fn first_line(text: &str, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let line = text[range.clone()].lines().next().map_or(0, str::len);
    range.start..range.start + line
}
