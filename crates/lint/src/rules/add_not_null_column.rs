//! A column that no row there is has a value for.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::word;
use crate::reading::alterations;

use super::table_rewrite::is_serial;

super::rule! {
    /// ## What it does
    /// Finds a new `NOT NULL` column without a default on a table that was there before.
    ///
    /// ## Why
    /// Postgres refuses it as soon as the table holds a row. It works on the empty table of a
    /// developer and fails in production.
    ///
    /// ## What to do
    /// Give it a default, or add it without `NOT NULL`, fill it, and set `NOT NULL` by way of a
    /// checked constraint. `driftless generate --online` writes these steps.
    "add-not-null-column", Error, reads check,
    bad: "ALTER TABLE users ADD COLUMN phone text NOT NULL;",
    good: "ALTER TABLE users ADD COLUMN phone text NOT NULL DEFAULT '';",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        let ast::AlterTableAction::AddColumn(it) = &alteration.action else {
            continue;
        };
        let has = |wanted: fn(&ast::Constraint) -> bool| it.constraints().any(|one| wanted(&one));
        let required = has(|one| {
            matches!(
                one,
                ast::Constraint::NotNullConstraint(_) | ast::Constraint::PrimaryKeyConstraint(_)
            )
        });
        let filled = it.ty().is_some_and(|ty| is_serial(&ty))
            || has(|one| {
                matches!(
                    one,
                    ast::Constraint::DefaultConstraint(_) | ast::Constraint::GeneratedConstraint(_)
                )
            });
        if !required || filled {
            continue;
        }
        let column = it.column_name().map(|it| word(it.syntax())).unwrap_or_default();
        let name = &alteration.name;
        found.push(
            Finding::on(
                alteration.statement,
                it.syntax(),
                format!("this fails as soon as {name} holds a row: {column} is NOT NULL and has no default"),
            )
            .help("give it a default, or add it without NOT NULL and fill it first; `driftless generate --online` writes these steps"),
        );
    }
}
