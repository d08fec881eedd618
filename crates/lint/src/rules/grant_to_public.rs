//! A right for everybody.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::reading::text;

super::rule! {
    /// ## What it does
    /// Finds `GRANT … TO PUBLIC`, also among default privileges.
    ///
    /// ## Why
    /// Every role has the right, those included that are made later.
    ///
    /// ## What to do
    /// Grant it to the roles that need it.
    "grant-to-public", Error, reads check,
    bad: "GRANT SELECT ON users TO PUBLIC;",
    good: "GRANT SELECT ON users TO app_user;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        let (roles, what) = match &statement.tree {
            Some(ast::Stmt::Grant(it)) => {
                let on = it.on_privilege_objects_clause();
                let on = on.map_or_else(String::new, |on| format!(" {}", text(on.syntax())));
                let rights = it.privileges().map(|it| text(it.syntax()));
                (it.role_ref_list(), format!("{}{on}", rights.unwrap_or_default()))
            }
            Some(ast::Stmt::AlterDefaultPrivileges(it)) => {
                let Some(ast::AlterDefaultPrivilegesAction::GrantDefaultPrivileges(grant)) = it.action()
                else {
                    continue;
                };
                let rights = grant.privileges().map(|it| text(it.syntax()));
                let target = grant.privilege_target().map(|it| text(it.syntax()));
                let what = format!("{} on new {}", rights.unwrap_or_default(), target.unwrap_or_default());
                (grant.role_ref_list(), what)
            }
            _ => continue,
        };
        let mut roles = roles.into_iter().flat_map(|it| it.role_refs());
        if let Some(role) = roles.find(|role| text(role.syntax()).eq_ignore_ascii_case("public")) {
            found.push(
                Finding::on(statement, role.syntax(), format!("everybody gets {what}"))
                    .help("grant it to the roles that need it"),
            );
        }
    }
}
