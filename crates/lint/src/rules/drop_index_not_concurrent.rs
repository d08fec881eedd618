//! An index dropped while everybody waits.

use driftless_catalog::Id;
use driftless_catalog::Tag;
use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;
use crate::reading::waiting;

super::rule! {
    /// ## What it does
    /// Finds `DROP INDEX` without `CONCURRENTLY` of an index that was there before.
    ///
    /// ## Why
    /// It waits for everybody who uses the table, and meanwhile everybody else waits behind it.
    ///
    /// ## What to do
    /// Drop it with `CONCURRENTLY`, in a file of its own that begins with
    /// `-- driftless: no-transaction`. `driftless generate --online` writes that. The index of a
    /// partitioned table has no such form.
    "drop-index-not-concurrent", Warning, reads check,
    bad: "DROP INDEX users_age;",
    good: "-- driftless: no-transaction\nDROP INDEX CONCURRENTLY users_age;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let Some(ast::Stmt::DropIndex(it)) = &statement.tree else {
            continue;
        };
        if it.concurrently_token().is_some() {
            continue;
        }
        for index_ref in it.index_refs() {
            let Some(index) = Name::of(index_ref.syntax()).and_then(|name| statement.world.index(&name))
            else {
                continue;
            };
            if index.partitioned {
                continue;
            }
            let kind = if index.materialized {
                Tag::MaterializedView
            } else {
                Tag::Table
            };
            let table = Id::in_schema(kind, &index.schema, &index.table);
            let path = table.path();
            let finding = waiting(
                statement,
                (&table, &path),
                index_ref.syntax(),
                &format!("index {} is dropped", index.name),
                &format!("index {} of {path} is dropped without CONCURRENTLY", index.name),
            );
            found.extend(finding.map(|finding| {
                finding.help("add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that")
            }));
        }
    }
}
