//! What a rule is, and running all of them.

use driftless_diagnostic::{Diagnostic, Severity};

use crate::facts::Facts;
use crate::probe::attack::ATTACKS;
use crate::rules::RULES;

/// One thing that can be wrong with the isolation of tenants.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// `R01`: short, and never given to another rule.
    pub number: &'static str,
    /// In kebab case; the code of its findings.
    pub code: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// Markdown: what it does, why, bad and good SQL, what to do.
    pub docs: &'static str,
    /// Adds its findings.
    pub run: fn(&Facts<'_>, &mut Found<'_>),
}

/// What a rule or the probe found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `R01`.
    pub number: &'static str,
    /// The object by name, as `[[tenant.accept]]` has it.
    pub object: String,
    /// Who, where the probe found it.
    pub by: String,
    /// For people.
    pub diagnostic: Diagnostic,
}

/// Where a rule puts its findings.
pub struct Found<'r> {
    rule: &'r Rule,
    all: &'r mut Vec<Finding>,
}

impl Found<'_> {
    /// One more finding about an object.
    pub(crate) fn add(
        &mut self,
        object: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (object, help) = (object.into(), help.into());
        let diagnostic = Diagnostic {
            code: self.rule.code,
            severity: self.rule.severity,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: vec![help],
        };
        self.all.push(Finding {
            number: self.rule.number,
            object,
            by: String::new(),
            diagnostic,
        });
    }

    /// A fact that explains the finding just added.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        if let Some(last) = self.all.last_mut() {
            last.diagnostic.notes.push(note.into());
        }
    }
}

/// Every finding of every rule, in the order of [`RULES`].
pub fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    for rule in RULES {
        (rule.run)(
            facts,
            &mut Found {
                rule,
                all: &mut all,
            },
        );
    }
    all
}

/// The text about the rule, or the attack of the probe, with this number or code, as Markdown.
pub fn explain(number_or_code: &str) -> Option<String> {
    let rules = RULES.iter().map(|rule| (rule.number, rule.code, rule.docs));
    let attacks = ATTACKS
        .iter()
        .map(|attack| (attack.number(), attack.code(), attack.docs()));
    let (_, _, docs) = rules
        .chain(attacks)
        .find(|(number, code, _)| *number == number_or_code || *code == number_or_code)?;
    let lines = docs
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line));
    Some(lines.collect::<Vec<_>>().join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_is_explained_by_number_and_by_code() {
        for rule in RULES {
            let text = explain(rule.number).unwrap();
            for heading in [
                "## What it does",
                "## Why",
                "## Bad",
                "## Good",
                "## What to do",
            ] {
                assert!(text.contains(heading), "{} lacks {heading}", rule.code);
            }
            assert_eq!(explain(rule.code), Some(text));
        }
        for attack in ATTACKS {
            assert!(explain(attack.code()).is_some_and(|text| text.len() > 40));
        }
        assert_eq!(explain("R99"), None);
    }

    #[test]
    fn numbers_and_codes_are_given_once() {
        let rules = RULES.iter().flat_map(|rule| [rule.number, rule.code]);
        let attacks = ATTACKS
            .iter()
            .flat_map(|attack| [attack.number(), attack.code()]);
        let all: Vec<&str> = rules.chain(attacks).collect();
        let once: BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(once.len(), all.len());
    }
}
