//! A materialized view that nobody reads while it is computed.

use driftless_catalog::Tag;
use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;
use crate::reading::waiting;

super::rule! {
    /// ## What it does
    /// Finds `REFRESH MATERIALIZED VIEW` without `CONCURRENTLY` of a view that was there before.
    ///
    /// ## Why
    /// Nobody reads the view until its query has come to its end.
    ///
    /// ## What to do
    /// Add `CONCURRENTLY`. The view needs a unique index over all its rows for that.
    "refresh-not-concurrent", Warning, reads check,
    bad: "REFRESH MATERIALIZED VIEW totals;",
    good: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let Some(ast::Stmt::Refresh(it)) = &statement.tree else {
            continue;
        };
        let Some(name) = it.view_ref().and_then(|it| Name::of(it.syntax())) else {
            continue;
        };
        let existing = statement.world.existing(&[Tag::MaterializedView], &name);
        let (None, Some(view)) = (it.concurrently_token(), existing) else {
            continue;
        };
        let path = name.path();
        let finding = waiting(
            statement,
            (&view, &path),
            it.syntax(),
            "its query runs",
            &format!("{path} is refreshed without CONCURRENTLY"),
        );
        found.extend(finding.map(|finding| {
            finding.help("add CONCURRENTLY; the view needs a unique index over all its rows for that")
        }));
    }
}
