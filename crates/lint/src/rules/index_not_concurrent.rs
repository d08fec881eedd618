//! An index built while writers wait.

use driftless_catalog::{Object, Tag};
use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::{Name, word};
use crate::reading::waiting;

super::rule! {
    /// ## What it does
    /// Finds `CREATE INDEX` without `CONCURRENTLY` on a table that was there before.
    ///
    /// ## Why
    /// While the index is built nobody writes the table. On a large one that is minutes.
    ///
    /// ## What to do
    /// Build it with `CONCURRENTLY`, in a file of its own that begins with
    /// `-- driftless: no-transaction`. `driftless generate --online` writes that. A partitioned
    /// table has no such form: create the index `ON ONLY` it, build one concurrently on each
    /// partition and attach them.
    "index-not-concurrent", Warning, reads check,
    bad: "CREATE INDEX users_email ON users (email);",
    good: "-- driftless: no-transaction\nCREATE INDEX CONCURRENTLY users_email ON users (email);",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let Some(ast::Stmt::CreateIndex(it)) = &statement.tree else {
            continue;
        };
        let Some(relation) = it.table_relation_name() else {
            continue;
        };
        let Some(name) = Name::of(relation.syntax()) else {
            continue;
        };
        let Some(table) = statement.world.table(&name) else {
            continue;
        };
        let only = relation.only_token().is_some();
        let partitioned = matches!(
            statement.world.catalog.get(&table),
            Some(Object::Table(table)) if table.partition_by.is_some()
        );
        if it.concurrently_token().is_some() || (only && partitioned) {
            continue;
        }
        let index = it.index().map_or_else(
            || "an index".to_owned(),
            |index| format!("index {}", word(index.syntax())),
        );
        let path = name.path();
        let finding = waiting(
            statement,
            (&table, &path),
            it.syntax(),
            &format!("{index} is built"),
            &format!("{index} of {path} is built without CONCURRENTLY"),
        );
        let help = if partitioned {
            format!("create it ON ONLY {path}, build one concurrently on each partition, and attach them")
        } else if table.kind == Tag::Table {
            "add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that".to_owned()
        } else {
            "add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`"
                .to_owned()
        };
        found.extend(finding.map(|finding| finding.help(help)));
    }
}
