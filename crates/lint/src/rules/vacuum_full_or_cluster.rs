//! A table written anew for tidiness.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;
use crate::reading::waiting;

super::rule! {
    /// ## What it does
    /// Finds `VACUUM FULL` and `CLUSTER` of a table that was there before.
    ///
    /// ## Why
    /// Every row is written anew, and meanwhile nobody reads or writes the table.
    ///
    /// ## What to do
    /// `VACUUM` alone gives room back for new rows. To give it back to the disk, use `pg_repack`
    /// outside of migrations.
    "vacuum-full-or-cluster", Warning, reads check,
    bad: "CLUSTER users USING users_age;",
    good: "-- driftless: no-transaction\nVACUUM users;",
}

const HELP: &str = "use VACUUM alone, or pg_repack outside of migrations";

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let (what, names): (_, Vec<_>) = match &statement.tree {
            Some(ast::Stmt::Cluster(it)) => {
                let legacy = it.cluster_legacy().and_then(|it| it.on_path());
                let legacy = legacy.and_then(|it| it.table_name_ref());
                let name = it.table_name_ref().or(legacy);
                let name = name.and_then(|it| Name::of(it.syntax()));
                ("CLUSTER", name.into_iter().collect())
            }
            Some(ast::Stmt::Vacuum(it)) if it.is_full() => {
                let list = it.table_and_columns_list();
                let tables = list.into_iter().flat_map(|it| it.table_and_columnss());
                let names = tables
                    .filter_map(|it| it.table_relation_name())
                    .filter_map(|it| Name::of(it.syntax()));
                ("VACUUM FULL", names.collect())
            }
            _ => continue,
        };
        if names.is_empty() {
            let message = format!("{what} writes every table of the database anew");
            found.push(Finding::at(statement, message).help(HELP));
        }
        for name in names {
            let Some(table) = statement.world.table(&name) else {
                continue;
            };
            let path = name.path();
            let finding = waiting(
                statement,
                (&table, &path),
                statement.parsed.parse.tree().syntax(),
                "every row is written anew",
                &format!("{what} writes {path} anew"),
            );
            found.extend(finding.map(|finding| finding.help(HELP)));
        }
    }
}
