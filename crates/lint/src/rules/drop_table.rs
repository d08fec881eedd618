//! A table that is gone with its rows.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;

super::rule! {
    /// ## What it does
    /// Finds a table that was there before and is dropped.
    ///
    /// ## Why
    /// Its rows are gone, and code that runs while the migration is deployed asks for it and fails.
    ///
    /// ## What to do
    /// First deploy code that does not use it. Then drop it, and say in a waiver that nothing does.
    "drop-table", Warning, reads check,
    bad: "DROP TABLE accounts;",
    good: "-- driftless: allow drop-table: because no code has used it since release 12\nDROP TABLE accounts;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let Some(ast::Stmt::DropTable(it)) = &statement.tree else {
            continue;
        };
        for table in it.table_name_refs() {
            let Some(name) = Name::of(table.syntax()) else {
                continue;
            };
            if statement.world.table(&name).is_none() {
                continue;
            }
            found.push(
                Finding::on(
                    statement,
                    table.syntax(),
                    format!("the rows of {0} are lost, and code that asks for {0} fails", name.path()),
                )
                .help("deploy code that does not use it first, then waive this with the reason"),
            );
        }
    }
}
