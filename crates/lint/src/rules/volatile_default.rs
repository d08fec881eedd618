//! A default that has to be computed for each row.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::word;
use crate::reading::alterations;

super::rule! {
    /// ## What it does
    /// Finds a new column with a default for which Postgres writes every row anew, as measured in
    /// scratch. A constant and `now()` are none.
    ///
    /// ## Why
    /// Meanwhile nobody reads or writes the table.
    ///
    /// ## What to do
    /// Add the column without the default, set the default for new rows, and fill the old ones in
    /// portions. `driftless generate --online` writes these steps.
    "volatile-default", Warning, reads check,
    bad: "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    good: "ALTER TABLE users ADD COLUMN token uuid;\nALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        let ast::AlterTableAction::AddColumn(it) = &alteration.action else {
            continue;
        };
        let default = it.constraints().find_map(|one| match one {
            ast::Constraint::DefaultConstraint(default) => default.expr(),
            _ => None,
        });
        // A constant is stored once.
        let Some(default) = default.filter(|it| !matches!(it, ast::Expr::Literal(_))) else {
            continue;
        };
        let column = it.column_name().map(|it| word(it.syntax())).unwrap_or_default();
        let (statement, name) = (alteration.statement, &alteration.name);
        match statement.rewrites(&alteration.table) {
            Some(false) => {}
            Some(true) => found.push(
                Finding::on(
                    statement,
                    default.syntax(),
                    format!("nobody reads or writes {name} while every row is written anew for the default of {column}"),
                )
                .help("add the column without the default, set it afterwards, and fill old rows in portions; `driftless generate --online` writes these steps"),
            ),
            None => found.push(Finding::open(
                statement,
                default.syntax(),
                format!("whether every row of {name} is written anew for the default of {column} was not measured"),
            )),
        }
    }
}
