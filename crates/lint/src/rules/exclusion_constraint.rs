//! An exclusion constraint, for which there is no other form.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::reading::{added_constraints, waiting};

super::rule! {
    /// ## What it does
    /// Finds an exclusion constraint that is added to a table that was there before.
    ///
    /// ## Why
    /// Its index is built and every row is compared while nobody reads or writes the table, and
    /// Postgres has no form that lets them.
    ///
    /// ## What to do
    /// Add it when the table is made. Later, choose a time at which the table is not needed, and
    /// waive this with the reason.
    "exclusion-constraint", Warning, reads check,
    bad: "ALTER TABLE users ADD CONSTRAINT one_age EXCLUDE (age WITH =);",
    good: "CREATE TABLE seats (age int, CONSTRAINT one_age EXCLUDE (age WITH =));",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for added in added_constraints(file) {
        if !matches!(added.constraint, ast::Constraint::ExcludeConstraint(_)) {
            continue;
        }
        let (name, table) = (added.named(), &added.to.name);
        let finding = waiting(
            added.to.statement,
            (&added.to.table, table),
            added.constraint.syntax(),
            &format!("the index of exclusion constraint{name} is built"),
            &format!("exclusion constraint{name} of {table} builds its index at once"),
        );
        found.extend(finding.map(|finding| {
            finding.help("there is no other form: run it while the table is not needed, and waive this with the reason")
        }));
    }
}
