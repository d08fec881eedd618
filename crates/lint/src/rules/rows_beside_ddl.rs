//! Rows changed while a lock on their table is held for DDL.

use squawk_syntax::ast::{self, AstNode};

use crate::file::{File, Statement, shown};
use crate::finding::Finding;
use crate::names::Name;

super::rule! {
    /// ## What it does
    /// Finds `UPDATE`, `DELETE`, `INSERT … SELECT` and `CREATE TABLE AS` over rows that were there
    /// before, in a transaction that holds a table in ACCESS EXCLUSIVE by then, as measured in
    /// scratch.
    ///
    /// ## Why
    /// Changing many rows takes long, and until the transaction ends nobody reads or writes the
    /// tables that it altered before.
    ///
    /// ## What to do
    /// Put the rows into a migration of their own, in portions where there are many.
    "rows-beside-ddl", Warning, measured check,
    bad: "ALTER TABLE users ADD COLUMN name text;\nUPDATE users SET name = email WHERE name IS NULL;",
    good: "ALTER TABLE users ADD COLUMN name text;\n-- next migration\nUPDATE users SET name = email WHERE name IS NULL;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    if !file.in_transaction {
        return;
    }
    for statement in &file.statements {
        let Some(what) = statement.tree.as_ref().and_then(|tree| rows(statement, tree)) else {
            continue;
        };
        // What it took itself goes with it.
        let held = statement.exclusive();
        let held: Vec<String> = held
            .filter(|table| !statement.took.contains_key(*table))
            .map(shown)
            .collect();
        if held.is_empty() {
            continue;
        }
        let message = format!("nobody reads or writes {} while {what}", held.join(", "));
        found.push(
            Finding::at(statement, message)
                .note("statements before it in the same transaction hold ACCESS EXCLUSIVE")
                .help("move it to a migration of its own, in portions where there are many rows"),
        );
    }
}

/// What it does to rows that were there before.
fn rows(statement: &Statement<'_>, tree: &ast::Stmt) -> Option<String> {
    let existing = |node: Option<ast::RelationName>| {
        let name = Name::of(node?.syntax())?;
        statement.world.table(&name).map(|_| name.path())
    };
    match tree {
        ast::Stmt::Update(it) => {
            existing(it.relation_name()).map(|table| format!("rows of {table} are changed"))
        }
        ast::Stmt::Delete(it) => {
            existing(it.relation_name()).map(|table| format!("rows of {table} are deleted"))
        }
        ast::Stmt::Insert(it) => {
            let source = it.insert_source()?;
            reads_existing(statement, source.syntax()).map(|table| format!("rows of {table} are copied"))
        }
        ast::Stmt::CreateTableAs(it) => reads_existing(statement, it.query()?.syntax())
            .map(|table| format!("rows of {table} are copied")),
        ast::Stmt::SelectInto(it) => {
            reads_existing(statement, it.syntax()).map(|table| format!("rows of {table} are copied"))
        }
        _ => None,
    }
}

/// An existing table that a query reads from.
fn reads_existing(statement: &Statement<'_>, query: &squawk_syntax::SyntaxNode) -> Option<String> {
    let names = query
        .descendants()
        .filter_map(ast::RelationFromItem::cast)
        .filter_map(|it| Name::of(it.relation_name_ref()?.syntax()));
    names
        .into_iter()
        .find(|name| statement.world.table(name).is_some())
        .map(|name| name.path())
}
