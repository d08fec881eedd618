//! Rules of squawk's that read one statement alone: what they say of tables made in the same file
//! goes by the last part of a name, so nothing of that kind is taken from them.

use squawk_linter::Rule;

use crate::file::File;
use crate::finding::Finding;
use crate::{Check, Level, Levels, RULES};

/// The rules of squawk's that are not off.
pub(crate) fn asked(levels: &Levels) -> Vec<Rule> {
    let asked = RULES.iter().filter_map(|rule| match rule.check {
        Check::Squawk(theirs) if levels.of(rule) > Level::Off => Some(theirs),
        _ => None,
    });
    asked.collect()
}

pub(crate) fn check(rule: Rule, file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let of_rule = statement.parsed.violations.iter();
        for violation in of_rule.filter(|violation| violation.code == rule) {
            let start = usize::from(violation.text_range.start());
            let end = usize::from(violation.text_range.end());
            let mut finding = Finding::at(statement, said(&violation.message));
            finding.range = statement.range.start + start..statement.range.start + end;
            found.push(match &violation.help {
                Some(help) => finding.help(said(help)),
                None => finding,
            });
        }
    }
}

/// Squawk ends its sentences.
fn said(message: &str) -> String {
    message.trim().trim_end_matches('.').to_owned()
}
