//! Several tables locked one after the other.

use std::collections::BTreeSet;

use crate::file::{File, shown};
use crate::finding::Finding;

super::rule! {
    /// ## What it does
    /// Finds a transaction that takes more than one table that was there before in ACCESS
    /// EXCLUSIVE, as measured in scratch.
    ///
    /// ## Why
    /// A query that holds one of them and wants the next one waits for the migration, which waits
    /// for the query: a deadlock, and one of the two is cancelled. The more tables, the longer all
    /// of them are held.
    ///
    /// ## What to do
    /// One migration a table.
    "several-exclusive-locks", Warning, measured check,
    bad: "ALTER TABLE users ADD COLUMN phone text;\nALTER TABLE orders ADD COLUMN phone text;",
    good: "ALTER TABLE users ADD COLUMN phone text;\n-- next migration\nALTER TABLE orders ADD COLUMN phone text;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    if !file.in_transaction {
        return;
    }
    let mut held: Vec<(String, String)> = Vec::new();
    let mut second = None;
    for statement in &file.statements {
        let before: BTreeSet<_> = held.iter().cloned().collect();
        held.extend(
            statement
                .exclusive()
                .filter(|table| !before.contains(*table))
                .cloned(),
        );
        if held.len() > 1 {
            second.get_or_insert(statement);
        }
    }
    let Some(statement) = second else { return };
    let names: Vec<String> = held.iter().map(shown).collect();
    found.push(
        Finding::at(
            statement,
            format!("queries that use several of {} may deadlock with this transaction", names.join(", ")),
        )
        .note("it takes each of them in ACCESS EXCLUSIVE and holds them to its end")
        .help("make one migration a table"),
    );
}
