//! A column that running code does not find any longer.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::word;
use crate::reading::alterations;

super::rule! {
    /// ## What it does
    /// Finds a column that was there before and gets another name.
    ///
    /// ## Why
    /// Code that runs while the migration is deployed asks for the old name and fails, before or
    /// after.
    ///
    /// ## What to do
    /// Add a new column, keep both alike until no code asks for the old one, then drop that. Or stop
    /// the code meanwhile, and waive this with that reason. In `schema.ts` alone, another key for
    /// the same column costs nothing.
    "rename-column", Warning, reads check,
    bad: "ALTER TABLE users RENAME COLUMN nick TO nickname;",
    good: "ALTER TABLE users ADD COLUMN nickname text;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        let ast::AlterTableAction::RenameColumn(it) = &alteration.action else {
            continue;
        };
        let (Some(old), Some(new)) = (it.column_name_ref(), it.column_name()) else {
            continue;
        };
        let (old, new) = (word(old.syntax()), word(new.syntax()));
        let (statement, name) = (alteration.statement, &alteration.name);
        if !statement.world.has_column(&alteration.table, &old) {
            continue;
        }
        found.push(
            Finding::on(
                statement,
                it.syntax(),
                format!("code that runs meanwhile asks for {name}.{old} and fails: it becomes {new}"),
            )
            .help("add a new column and let the code move over, or waive this with the reason"),
        );
    }
}
