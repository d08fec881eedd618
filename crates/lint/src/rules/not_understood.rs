//! A statement whose syntax is not known here.

use crate::file::File;
use crate::finding::Finding;

super::rule! {
    /// ## What it does
    /// Finds statements that the parser of this linter does not understand.
    ///
    /// ## Why
    /// Postgres may understand them very well: its grammar grows. Rules that read a statement have
    /// nothing to go by here, so that it may do what they would object to.
    ///
    /// ## What to do
    /// Look at it yourself, and waive it with what you found. What it locks and writes anew is
    /// measured all the same where there is a scratch Postgres: `driftless plan` shows it.
    "not-understood", Warning, reads check,
    bad: "ALTER TABLE users ADD COLUM phone text;",
    good: "ALTER TABLE users ADD COLUMN phone text;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let Some(error) = &statement.parsed.error else {
            continue;
        };
        found.push(
            Finding::at(
                statement,
                "no rule knows what this statement does: its syntax is not understood",
            )
            .note(format!("the parser says: {error}"))
            .help("look at it yourself, then waive it with a reason"),
        );
    }
}
