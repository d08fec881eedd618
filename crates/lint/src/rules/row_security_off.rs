//! Rows that no policy guards any longer.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::reading::alterations;

super::rule! {
    /// ## What it does
    /// Finds `DISABLE ROW LEVEL SECURITY` and `NO FORCE ROW LEVEL SECURITY` on a table that was there
    /// before.
    ///
    /// ## Why
    /// Without row security every role that may read the table reads the rows of every tenant.
    /// Without `FORCE` its owner does, and so does every function that runs with the owner's rights.
    ///
    /// ## What to do
    /// Leave both on. A role that has to see all rows gets a policy of its own or `BYPASSRLS`.
    "row-security-off", Error, reads check,
    bad: "ALTER TABLE users DISABLE ROW LEVEL SECURITY;",
    good: "CREATE POLICY everything ON users TO app_user USING (account_id > 0);",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        let name = &alteration.name;
        let (node, message) = match &alteration.action {
            ast::AlterTableAction::DisableRls(it) => (
                it.syntax(),
                format!("no policy guards the rows of {name} any longer"),
            ),
            ast::AlterTableAction::NoForceRls(it) => (
                it.syntax(),
                format!("no policy guards the rows of {name} from its owner any longer"),
            ),
            _ => continue,
        };
        found.push(
            Finding::on(alteration.statement, node, message)
                .help("leave it on; a role that has to see all rows gets a policy of its own"),
        );
    }
}
