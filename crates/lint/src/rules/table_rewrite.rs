//! Every other reason to write a table anew.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::reading::alterations;

super::rule! {
    /// ## What it does
    /// Finds what else writes every row of a table anew, as measured in scratch: a stored generated
    /// column, `serial` or an identity on a new column, `SET UNLOGGED`, `SET ACCESS METHOD`.
    ///
    /// ## Why
    /// Meanwhile nobody reads or writes the table.
    ///
    /// ## What to do
    /// For a new column, add it empty and fill it in portions. Otherwise choose a time at which the
    /// table is not needed, and waive this with the reason.
    "table-rewrite", Warning, reads check,
    bad: "ALTER TABLE users ADD COLUMN next_age int GENERATED ALWAYS AS (age + 1) STORED;",
    good: "ALTER TABLE users ADD COLUMN next_age int;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    let mut last = None;
    for alteration in alterations(file) {
        let (statement, name) = (alteration.statement, &alteration.name);
        if !may_rewrite(&alteration.action) || last == Some(statement.index) {
            continue;
        }
        let node = alteration.action.syntax();
        match statement.rewrites(&alteration.table) {
            Some(false) => continue,
            Some(true) => found.push(
                Finding::on(
                    statement,
                    node,
                    format!("nobody reads or writes {name} while every row is written anew"),
                )
                .help("run it while the table is not needed, and waive this with the reason"),
            ),
            None => found.push(Finding::open(
                statement,
                node,
                format!("whether every row of {name} is written anew was not measured"),
            )),
        }
        last = Some(statement.index);
    }
}

fn may_rewrite(action: &ast::AlterTableAction) -> bool {
    match action {
        ast::AlterTableAction::AddColumn(it) => {
            let has = |wanted: fn(&ast::Constraint) -> bool| it.constraints().any(|one| wanted(&one));
            // Its default has a rule of its own.
            !has(|one| matches!(one, ast::Constraint::DefaultConstraint(_)))
                && (has(|one| matches!(one, ast::Constraint::GeneratedConstraint(_)))
                    || it.ty().is_some_and(|ty| is_serial(&ty)))
        }
        ast::AlterTableAction::AlterColumn(it) => {
            matches!(it.option(), Some(ast::AlterColumnOption::SetExpression(_)))
        }
        ast::AlterTableAction::SetLogged(_)
        | ast::AlterTableAction::SetUnlogged(_)
        | ast::AlterTableAction::SetAccessMethod(_) => true,
        _ => false,
    }
}

/// Whether a type stands for a sequence and a default.
pub(super) fn is_serial(ty: &ast::Type) -> bool {
    let name = crate::names::word(ty.syntax());
    matches!(
        name.as_str(),
        "serial" | "bigserial" | "smallserial" | "serial2" | "serial4" | "serial8"
    )
}
