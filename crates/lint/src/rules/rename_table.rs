//! A table that running code does not find any longer.

use driftless_catalog::Tag;
use squawk_syntax::ast::{self, AstNode};

use crate::file::{File, Statement};
use crate::finding::Finding;
use crate::names::{Name, word};
use crate::reading::alterations;

super::rule! {
    /// ## What it does
    /// Finds a table or view that was there before and gets another name.
    ///
    /// ## Why
    /// Code that runs while the migration is deployed asks for the old name and fails, before or
    /// after.
    ///
    /// ## What to do
    /// Leave a view of the old name behind until no code asks for it, or stop the code meanwhile and
    /// waive this with that reason. In the schema alone, another name for the same table costs
    /// nothing.
    "rename-table", Warning, reads check,
    bad: "ALTER TABLE users RENAME TO people;",
    good: "ALTER TABLE users RENAME TO people;\nCREATE VIEW users WITH (security_invoker) AS SELECT * FROM people;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        if let ast::AlterTableAction::TableRenameTo(it) = &alteration.action
            && let Some(to) = it.table_name()
        {
            let (statement, name) = (alteration.statement, &alteration.name);
            if !stands_in(file, statement, name) {
                found.push(finding(statement, it.syntax(), name, &word(to.syntax())));
            }
        }
    }
    for statement in &file.statements {
        let Some(ast::Stmt::AlterView(it)) = &statement.tree else {
            continue;
        };
        let name = it.view_ref().and_then(|it| Name::of(it.syntax()));
        let (Some(name), Some(ast::AlterViewAction::ViewRenameTo(to))) = (name, it.action()) else {
            continue;
        };
        let there = statement.world.existing(&[Tag::View], &name).is_some();
        if there && !stands_in(file, statement, &name.path()) {
            let new = to.view().map(|it| word(it.syntax())).unwrap_or_default();
            found.push(finding(statement, to.syntax(), &name.path(), &new));
        }
    }
}

fn finding(
    statement: &Statement<'_>,
    node: &squawk_syntax::SyntaxNode,
    old: &str,
    new: &str,
) -> Finding {
    Finding::on(
        statement,
        node,
        format!("code that runs meanwhile asks for {old} and fails: it becomes {new}"),
    )
    .help(format!(
        "leave a view {old} behind in the same migration, or waive this with the reason"
    ))
}

/// Whether a view takes the old name in the same transaction.
fn stands_in(file: &File<'_>, renamed: &Statement<'_>, old: &str) -> bool {
    file.in_transaction
        && file.statements[renamed.index..].iter().any(|one| {
            let Some(ast::Stmt::CreateView(it)) = &one.tree else {
                return false;
            };
            let name = it.view().and_then(|it| Name::of(it.syntax()));
            name.is_some_and(|name| name.path() == old)
        })
}
