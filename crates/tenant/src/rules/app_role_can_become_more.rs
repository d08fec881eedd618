//! An application that can put on another hat.

use std::collections::BTreeSet;

use crate::facts::Facts;
use crate::rights::CONNECTED;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds app roles that are members, directly or through others, of a role that owns tables of
    /// tenants or that no policy holds for, of an admin role, or of a role of Postgres's own that
    /// reaches the server's files and programs.
    ///
    /// ## Why
    /// A member can SET ROLE. One injected statement is enough.
    ///
    /// ## Bad
    /// ```sql
    /// GRANT owner TO app;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO app;
    /// ```
    ///
    /// ## What to do
    /// Revoke the membership; give the rights that are needed themselves.
    "R18", "app-role-can-become-more", Error, check
}

/// Roles of Postgres's own that get out of the database.
const SERVER: [&str; 3] = [
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_execute_server_program",
];

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    let owners: BTreeSet<&str> =
        facts.tables.iter().map(|table| facts.roles.owner_of(&table.id)).collect();
    for name in facts.app_roles() {
        for other in facts.roles.reachable(name) {
            let why = if owners.contains(other) {
                "owns tables of tenants"
            } else if let Some(why) = facts.roles.passes_by(other) {
                why
            } else if facts.tenant.admin_roles.iter().any(|admin| admin == other) {
                "may see all tenants"
            } else if SERVER.contains(&other) {
                "reaches the server's files"
            } else {
                continue;
            };
            let shown = if other == CONNECTED { "the role that migrates" } else { other };
            found.add(
                name,
                format!("{name} can become {shown}, which no policy holds back"),
                format!("REVOKE {shown} FROM {name}, or the membership between"),
            );
            found.note(format!("{shown}: {why}"));
        }
    }
}
