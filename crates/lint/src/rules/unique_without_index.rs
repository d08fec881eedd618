//! A key whose index is built while everybody waits.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::reading::{added_constraints, waiting};

super::rule! {
    /// ## What it does
    /// Finds a unique constraint or primary key that is added to a table that was there before and
    /// builds its own index.
    ///
    /// ## Why
    /// While the index is built nobody reads or writes the table: the lock is stronger than that
    /// of `CREATE INDEX`.
    ///
    /// ## What to do
    /// Build a unique index with `CONCURRENTLY` first, in a file without a transaction, then add
    /// the constraint `USING INDEX`, which takes a moment. `driftless generate --online` writes
    /// both.
    "unique-without-index", Warning, reads check,
    bad: "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);",
    good: "-- driftless: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);\n-- next migration\nALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for added in added_constraints(file) {
        let (what, using) = match &added.constraint {
            ast::Constraint::UniqueConstraint(it) => ("unique constraint", it.using_index()),
            ast::Constraint::PrimaryKeyConstraint(it) => ("primary key", it.using_index()),
            _ => continue,
        };
        if using.is_some() {
            continue;
        }
        let (name, table) = (added.named(), &added.to.name);
        let finding = waiting(
            added.to.statement,
            (&added.to.table, table),
            added.constraint.syntax(),
            &format!("the index of {what}{name} is built"),
            &format!("{what}{name} of {table} builds its own index"),
        );
        found.extend(finding.map(|finding| {
            finding.help("build a unique index CONCURRENTLY first, then add the constraint USING INDEX; `driftless generate --online` writes both")
        }));
    }
}
