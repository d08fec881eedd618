//! A check constraint that reads every row at once.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::reading::{added_constraints, waiting};

super::rule! {
    /// ## What it does
    /// Finds a check constraint that is added to a table that was there before without `NOT VALID`.
    ///
    /// ## Why
    /// Every row is read, and meanwhile nobody reads or writes the table.
    ///
    /// ## What to do
    /// Add it `NOT VALID`: from then on it holds for what is written. Check the rows that are there
    /// with `VALIDATE CONSTRAINT` in a later migration, while others read and write.
    /// `driftless generate --online` writes both.
    "check-without-not-valid", Warning, reads check,
    bad: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0);",
    good: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0) NOT VALID;\n-- next migration\nALTER TABLE users VALIDATE CONSTRAINT grown;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for added in added_constraints(file) {
        if !matches!(added.constraint, ast::Constraint::CheckConstraint(_)) || added.is_unchecked()
        {
            continue;
        }
        let (statement, table) = (added.to.statement, &added.to.name);
        if statement.scans(&added.to.table) == Some(false) {
            continue;
        }
        let name = added.named();
        let finding = waiting(
            statement,
            (&added.to.table, table),
            added.constraint.syntax(),
            &format!("check{name} reads every row"),
            &format!("check{name} of {table} is added without NOT VALID"),
        );
        found.extend(finding.map(|finding| {
            finding.help("add it NOT VALID, and VALIDATE CONSTRAINT in a later migration; `driftless generate --online` writes both")
        }));
    }
}
