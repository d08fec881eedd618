//! Rules of squawk's that read one statement alone: what they say of tables made in the same file
//! goes by the last part of a name, so nothing of that kind is taken from them.

use squawk_linter::{Linter, Rule};

use crate::file::File;
use crate::finding::Finding;

/// What these rules find, with whose finding it is: one walk over a statement serves all of them.
pub(crate) fn findings(rules: &[Rule], file: &File<'_>) -> Vec<(Rule, Finding)> {
    let mut found = Vec::new();
    for statement in &file.statements {
        let mut linter = Linter::from(rules.to_vec());
        // Comments before a statement are no part of it: squawk's own waivers have no reasons.
        for violation in linter.lint(&statement.parse, statement.sql) {
            let start = usize::from(violation.text_range.start());
            let end = usize::from(violation.text_range.end());
            let mut finding = Finding::at(statement, said(&violation.message));
            finding.range = statement.range.start + start..statement.range.start + end;
            let finding = match &violation.help {
                Some(help) => finding.help(said(help)),
                None => finding,
            };
            found.push((violation.code, finding));
        }
    }
    found
}

/// Squawk ends its sentences.
fn said(message: &str) -> String {
    message.trim().trim_end_matches('.').to_owned()
}
