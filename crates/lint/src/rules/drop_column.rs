//! A column that is gone with its values.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::word;
use crate::reading::alterations;

super::rule! {
    /// ## What it does
    /// Finds a column that was there before and is dropped.
    ///
    /// ## Why
    /// Its values are gone, and code that runs while the migration is deployed asks for it and
    /// fails: a `select` of an object mapper names every column.
    ///
    /// ## What to do
    /// First deploy code that does not know the column. Then drop it, and say in a waiver that
    /// nothing uses it.
    "drop-column", Warning, reads check,
    bad: "ALTER TABLE users DROP COLUMN nick;",
    good: "-- driftless: allow drop-column: because no code has used it since release 12\nALTER TABLE users DROP COLUMN nick;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        let ast::AlterTableAction::DropColumn(it) = &alteration.action else {
            continue;
        };
        let Some(column) = it.column_name_ref().map(|it| word(it.syntax())) else {
            continue;
        };
        let (statement, name) = (alteration.statement, &alteration.name);
        if !statement.world.has_column(&alteration.table, &column) {
            continue;
        }
        found.push(
            Finding::on(
                statement,
                it.syntax(),
                format!("the values of {name}.{column} are lost, and code that asks for it fails"),
            )
            .help("deploy code that does not use it first, then waive this with the reason"),
        );
    }
}
