//! A column that gets another type.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::word;
use crate::reading::{alterations, text};

super::rule! {
    /// ## What it does
    /// Finds a change of type for which Postgres writes every row anew, or builds indexes anew, as
    /// measured in scratch. `varchar(20)` to `text` is none of them.
    ///
    /// ## Why
    /// Meanwhile nobody reads or writes the table.
    ///
    /// ## What to do
    /// Add a new column, keep both alike while the rows are copied in portions, then let the code
    /// use the new one and drop the old one. For a small table, waive this with the reason.
    "column-type-change", Warning, reads check,
    bad: "ALTER TABLE users ALTER COLUMN age TYPE bigint;",
    good: "ALTER TABLE users ALTER COLUMN nick TYPE text;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        let ast::AlterTableAction::AlterColumn(it) = &alteration.action else {
            continue;
        };
        let (Some(ast::AlterColumnOption::SetType(to)), Some(column)) =
            (it.option(), it.column_name_ref())
        else {
            continue;
        };
        let column = word(column.syntax());
        let (statement, table) = (alteration.statement, &alteration.table);
        if !statement.world.has_column(table, &column) {
            continue;
        }
        let name = &alteration.name;
        let to = to.ty().map_or_else(String::new, |ty| text(ty.syntax()));
        let builds = statement.measured.is_some_and(|seen| !seen.builds.is_empty());
        let message = match statement.rewrites(table) {
            None => {
                let question =
                    format!("whether every row of {name} is written anew for {column} as {to} was not measured");
                found.push(Finding::open(statement, it.syntax(), question));
                continue;
            }
            Some(true) => {
                format!("nobody reads or writes {name} while every row is written anew for {column} as {to}")
            }
            Some(false) if builds => {
                format!("nobody reads or writes {name} while indexes are built anew for {column} as {to}")
            }
            Some(false) => continue,
        };
        found.push(Finding::on(statement, it.syntax(), message).help(
            "add a new column, copy in portions, and let the code move over; for a small table waive this with the reason",
        ));
    }
}
