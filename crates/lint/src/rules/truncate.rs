//! Every row of a table thrown away.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;

super::rule! {
    /// ## What it does
    /// Finds `TRUNCATE` of a table that was there before, with and without `CASCADE`.
    ///
    /// ## Why
    /// Every row is lost, past row level security and past triggers for rows. With `CASCADE` every
    /// table that has a foreign key to it is emptied as well.
    ///
    /// ## What to do
    /// Delete the rows that are meant, by a condition. Where all are meant, waive this with the
    /// reason.
    "truncate", Error, reads check,
    bad: "TRUNCATE orders;",
    good: "DELETE FROM orders WHERE state = 'void';",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let Some(ast::Stmt::Truncate(it)) = &statement.tree else {
            continue;
        };
        let cascade = matches!(it.drop_behavior(), Some(ast::DropBehavior::Cascade(_)));
        let list = it.table_list();
        let tables = list.into_iter().flat_map(|it| it.table_relation_names());
        for table in tables {
            let Some(name) = Name::of(table.syntax()) else {
                continue;
            };
            if statement.world.table(&name).is_none() {
                continue;
            }
            let name = name.path();
            let message = if cascade {
                format!("every row of {name} is lost, and of every table with a foreign key to it")
            } else {
                format!("every row of {name} is lost")
            };
            found.push(
                Finding::on(statement, table.syntax(), message)
                    .help("delete by a condition, or waive this with the reason"),
            );
        }
    }
}
