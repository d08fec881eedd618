//! Indexes built anew while writers wait.

use squawk_syntax::ast::{self, AstNode};

use driftless_catalog::{Id, Tag};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;
use crate::reading::waiting;

super::rule! {
    /// ## What it does
    /// Finds `REINDEX` without `CONCURRENTLY` of what was there before.
    ///
    /// ## Why
    /// While an index is built anew nobody writes its table, and queries that would use the index
    /// wait.
    ///
    /// ## What to do
    /// Add `CONCURRENTLY`, in a file of its own that begins with `-- driftless: no-transaction`.
    "reindex-not-concurrent", Warning, reads check,
    bad: "REINDEX TABLE users;",
    good: "-- driftless: no-transaction\nREINDEX TABLE CONCURRENTLY users;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let Some(ast::Stmt::Reindex(it)) = &statement.tree else {
            continue;
        };
        if it.is_concurrently() {
            continue;
        }
        let Some(target) = it.reindex_target() else {
            continue;
        };
        let name = Name::of(target.syntax());
        let table = match (&target, &name) {
            (ast::ReindexTarget::ReindexTargetTable(_), Some(name)) => statement.world.table(name),
            (ast::ReindexTarget::ReindexTargetIndex(_), Some(name)) => statement
                .world
                .index(name)
                .map(|index| Id::in_schema(Tag::Table, &index.schema, &index.table)),
            _ => {
                found.push(
                    Finding::at(statement, "every index of many tables is built anew without CONCURRENTLY")
                        .note("not measured: who waits for them meanwhile")
                        .help("name one table at a time, with CONCURRENTLY"),
                );
                continue;
            }
        };
        let Some(table) = table else { continue };
        let path = table.path();
        let finding = waiting(
            statement,
            (&table, &path),
            it.syntax(),
            "it is indexed anew",
            &format!("{path} is indexed anew without CONCURRENTLY"),
        );
        found.extend(finding.map(|finding| {
            finding.help("add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`")
        }));
    }
}
