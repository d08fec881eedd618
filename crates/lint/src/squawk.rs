//! Rules of squawk's that read one statement alone: what they say of tables made in the same file
//! goes by the last part of a name, so nothing of that kind is taken from them.

use squawk_linter::{Linter, Rule};

use crate::file::File;
use crate::finding::Finding;

pub(crate) fn check(rule: Rule, file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let mut linter = Linter::from([rule]);
        // Comments before a statement are no part of it: squawk's own waivers have no reasons.
        for violation in linter.lint(&statement.parse, statement.sql) {
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
