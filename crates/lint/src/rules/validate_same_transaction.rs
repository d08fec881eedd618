//! NOT VALID in vain.

use std::collections::BTreeSet;

use squawk_syntax::ast::{self, AstNode};

use crate::file::{Blocks, File};
use crate::finding::Finding;
use crate::names::word;
use crate::reading::alterations;

super::rule! {
    /// ## What it does
    /// Finds `VALIDATE CONSTRAINT` in the transaction that added the constraint `NOT VALID`.
    ///
    /// ## Why
    /// The lock of `ADD CONSTRAINT` is held until the transaction ends: the rows are read under
    /// it all the same.
    ///
    /// ## What to do
    /// Validate in a migration of its own. `driftless generate --online` writes it so.
    "validate-same-transaction", Warning, reads check,
    bad: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT grown;",
    good: "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0) NOT VALID;\n-- next migration\nALTER TABLE users VALIDATE CONSTRAINT grown;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    if !file.in_transaction {
        return;
    }
    let mut added = BTreeSet::new();
    for alteration in alterations(file) {
        match &alteration.action {
            ast::AlterTableAction::AddConstraint(it) => {
                let constraint = it.constraint().filter(ast::Constraint::is_not_valid);
                let clause = constraint.and_then(|it| {
                    it.syntax()
                        .children()
                        .find_map(ast::ConstraintNameClause::cast)
                });
                if let Some(name) = clause.and_then(|it| it.constraint_name()) {
                    added.insert((alteration.table.clone(), word(name.syntax())));
                }
            }
            ast::AlterTableAction::ValidateConstraint(it) => {
                let Some(name) = it.constraint_name_ref().map(|it| word(it.syntax())) else {
                    continue;
                };
                if !added.contains(&(alteration.table.clone(), name.clone())) {
                    continue;
                }
                let (statement, table) = (alteration.statement, &alteration.name);
                let message = match statement.blocks(&alteration.table) {
                    Some(Blocks::Nobody) => continue,
                    Some(blocks) => format!(
                        "{} while the rows are read for {name}: the lock that added it is still held",
                        blocks.words(table)
                    ),
                    None => format!("{name} of {table} is validated in the transaction that adds it"),
                };
                found.push(
                    Finding::on(statement, it.syntax(), message)
                        .help("move VALIDATE CONSTRAINT to a later migration"),
                );
            }
            _ => {}
        }
    }
}
