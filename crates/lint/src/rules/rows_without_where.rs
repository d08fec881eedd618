//! Every row changed where some were meant.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;

super::rule! {
    /// ## What it does
    /// Finds `UPDATE` and `DELETE` without `WHERE` on a table that was there before, also inside of
    /// `WITH`.
    ///
    /// ## Why
    /// Every row is changed or lost. A forgotten condition looks the same.
    ///
    /// ## What to do
    /// Write the condition, `WHERE name IS NULL` for a column that is filled: then the statement can
    /// also be run again. Where all rows are meant, waive this with the reason.
    "rows-without-where", Error, reads check,
    bad: "UPDATE users SET nick = '';",
    good: "UPDATE users SET nick = '' WHERE nick IS NULL;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let Some(tree) = &statement.tree else { continue };
        for node in tree.syntax().descendants() {
            let (relation, what) = if let Some(it) = ast::Update::cast(node.clone()) {
                if it.where_clause_or_current_of().is_some() {
                    continue;
                }
                (it.relation_name(), "changed")
            } else if let Some(it) = ast::Delete::cast(node.clone()) {
                if it.where_clause_or_current_of().is_some() {
                    continue;
                }
                (it.relation_name(), "lost")
            } else {
                continue;
            };
            let Some(name) = relation.and_then(|it| Name::of(it.syntax())) else {
                continue;
            };
            if statement.world.table(&name).is_none() {
                continue;
            }
            found.push(
                Finding::on(statement, &node, format!("every row of {} is {what}", name.path()))
                    .help("add WHERE, or waive this with the reason"),
            );
        }
    }
}
