//! A foreign key that looks up every row at once.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::reading::{added_constraints, waiting};

super::rule! {
    /// ## What it does
    /// Finds a foreign key that is added to a table that was there before without `NOT VALID`.
    ///
    /// ## Why
    /// Every row of the table is looked up in the other one, and meanwhile nobody writes either of
    /// them.
    ///
    /// ## What to do
    /// Add it `NOT VALID`: from then on it holds for what is written. Check the rows that are there
    /// with `VALIDATE CONSTRAINT` in a later migration, while others read and write.
    /// `driftless generate --online` writes both.
    "foreign-key-without-not-valid", Warning, reads check,
    bad: "ALTER TABLE orders ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id);",
    good: "ALTER TABLE orders ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;\n-- next migration\nALTER TABLE orders VALIDATE CONSTRAINT of_user;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for added in added_constraints(file) {
        let filled = match (&added.constraint, &added.column) {
            (ast::Constraint::ForeignKeyConstraint(_), _) => true,
            // Nothing is looked up where the new column is NULL everywhere.
            (ast::Constraint::ReferencesConstraint(_), Some(column)) => column
                .constraints()
                .any(|it| matches!(it, ast::Constraint::DefaultConstraint(_))),
            _ => false,
        };
        if !filled || added.is_unchecked() {
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
            &format!("foreign key{name} looks up every row"),
            &format!("foreign key{name} of {table} is added without NOT VALID"),
        );
        found.extend(finding.map(|finding| {
            finding.help("add it NOT VALID, and VALIDATE CONSTRAINT in a later migration; `driftless generate --online` writes both")
        }));
    }
}
