//! An application that no policy holds for.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds app roles that are SUPERUSER, BYPASSRLS, CREATEROLE or REPLICATION.
    ///
    /// ## Why
    /// No policy holds for the first two. CREATEROLE can make itself a member of most roles, and
    /// REPLICATION reads every row from the log.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE ROLE app LOGIN BYPASSRLS;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE ROLE app LOGIN;
    /// ```
    ///
    /// ## What to do
    /// Take the attribute away.
    "R17", "app-role-unbound", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for name in facts.app_roles() {
        let Some(role) = facts.roles.get(name) else {
            continue;
        };
        let has: Vec<&str> = [
            (role.superuser, "SUPERUSER"),
            (role.bypass_rls, "BYPASSRLS"),
            (role.create_role, "CREATEROLE"),
            (role.replication, "REPLICATION"),
        ]
        .into_iter()
        .filter_map(|(has, word)| has.then_some(word))
        .collect();
        if !has.is_empty() {
            found.add(
                name,
                format!("policies do not bind {name}: it is {}", has.join(", ")),
                format!("ALTER ROLE {name} NO{}", has.join(" NO")),
            );
        }
    }
}
