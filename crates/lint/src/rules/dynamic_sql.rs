//! SQL that is put together while it runs.

use driftless_catalog::identifiers;
use squawk_syntax::ast;

use crate::file::File;
use crate::finding::Finding;

super::rule! {
    /// ## What it does
    /// Finds `DO` blocks in scripts that were not tried in scratch Postgres and that put SQL
    /// together, alter something, or change every row of a table.
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

const DDL: [&str; 9] = [
    "execute", "alter", "create", "drop", "truncate", "lock", "grant", "call", "perform",
];

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    if file.measured {
        return;
    }
    for statement in &file.statements {
        let Some(ast::Stmt::Do(it)) = &statement.tree else {
            continue;
        };
        let Some(body) = it.body().and_then(|body| body.string_value()) else {
            continue;
        };
        let (mentions, _) = identifiers(&body);
        let says = |word: &str| mentions.iter().any(|mention| mention.name == word);
        let every_row = (says("update") || says("delete")) && !says("where");
        if every_row || DDL.into_iter().any(says) {
            found.push(
                Finding::at(statement, "no rule looks into the body of this block")
                    .note("not measured: what it locks and writes")
                    .help("write its statements themselves, or run `driftless lint --measure`"),
            );
        }
    }
}
