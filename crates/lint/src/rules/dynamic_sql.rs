//! SQL that is put together while it runs.

use squawk_syntax::ast;

use crate::file::File;
use crate::finding::Finding;

super::rule! {
    /// ## What it does
    /// Finds `DO` blocks in scripts that were not tried in scratch Postgres.
    ///
    /// ## Why
    /// What a block does is known when it runs. No rule reads its body, and without scratch nobody
    /// has seen what it locks.
    ///
    /// ## What to do
    /// Write the statements themselves, or have them measured: `driftless lint --measure`.
    "dynamic-sql", Info, reads check,
    bad: "DO $$ BEGIN EXECUTE 'ALTER TABLE users ADD COLUMN phone text'; END $$;",
    good: "ALTER TABLE users ADD COLUMN phone text;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    if file.measured {
        return;
    }
    for statement in &file.statements {
        if matches!(statement.tree, Some(ast::Stmt::Do(_))) {
            found.push(
                Finding::at(statement, "no rule looks into the body of this block")
                    .note("not measured: what it locks and writes")
                    .help("write its statements themselves, or run `driftless lint --measure`"),
            );
        }
    }
}
