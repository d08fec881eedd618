//! A policy that lets everything through.

use squawk_syntax::ast::{self, AstNode, BinOp};

use crate::file::File;
use crate::finding::Finding;
use crate::names::word;
use crate::reading::text;

super::rule! {
    /// ## What it does
    /// Finds a permissive policy whose condition is always true: `true`, `… OR true`, `1 = 1`.
    ///
    /// ## Why
    /// Permissive policies add up: one that lets everything through makes all others of the table
    /// idle.
    ///
    /// ## What to do
    /// Write the condition that is meant. Where everybody may see all rows, limit the policy to
    /// `FOR SELECT` and to a role, and waive this with the reason.
    "policy-always-true", Warning, reads check,
    bad: "CREATE POLICY readable ON users USING (true);",
    good: "CREATE POLICY readable ON users USING (account_id = current_account_id());",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let (name, using, with_check) = match &statement.tree {
            Some(ast::Stmt::CreatePolicy(it)) => {
                let kind = it.as_policy_type().map(|it| text(it.syntax()));
                if kind.is_some_and(|kind| kind.to_lowercase().contains("restrictive")) {
                    continue;
                }
                let name = it.policy().map(|it| word(it.syntax()));
                (name, it.using_expr_clause(), it.with_check_expr_clause())
            }
            Some(ast::Stmt::AlterPolicy(it)) => {
                let Some(ast::AlterPolicyAction::AlterPolicyTo(to)) = it.action() else {
                    continue;
                };
                let name = it.policy_ref().map(|it| word(it.syntax()));
                (name, to.using_expr_clause(), to.with_check_expr_clause())
            }
            _ => continue,
        };
        let name = name.unwrap_or_default();
        let conditions = [
            (using.and_then(|it| it.expr()), "shows every row"),
            (with_check.and_then(|it| it.expr()), "lets every row be written"),
        ];
        for (condition, what) in conditions {
            let Some(condition) = condition.filter(is_true) else {
                continue;
            };
            found.push(
                Finding::on(
                    statement,
                    condition.syntax(),
                    format!("policy {name} {what}, whatever other policies say"),
                )
                .help("write the condition that is meant, or waive this with the reason"),
            );
        }
    }
}

fn is_true(condition: &ast::Expr) -> bool {
    match condition {
        ast::Expr::Literal(it) => text(it.syntax()).eq_ignore_ascii_case("true"),
        ast::Expr::ParenExpr(it) => it.expr().is_some_and(|inner| is_true(&inner)),
        ast::Expr::BinExpr(it) => {
            let (Some(left), Some(right)) = (it.lhs(), it.rhs()) else {
                return false;
            };
            match it.op() {
                Some(BinOp::Or(_)) => is_true(&left) || is_true(&right),
                Some(BinOp::And(_)) => is_true(&left) && is_true(&right),
                // True but for NULL, which is nearly always.
                Some(BinOp::Eq(_)) => text(left.syntax()) == text(right.syntax()),
                _ => false,
            }
        }
        _ => false,
    }
}
