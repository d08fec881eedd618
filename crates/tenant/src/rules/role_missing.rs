//! A role of the configuration that is not there.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds roles of `app_roles`, and the `owner`, that the schema does not have.
    ///
    /// ## Why
    /// What a role may do that is not there cannot be told: everything about it would pass.
    ///
    /// ## Bad
    /// ```sql
    /// -- driftless.toml: app_roles = ["ap"]
    /// CREATE ROLE app LOGIN;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// -- driftless.toml: app_roles = ["app"]
    /// CREATE ROLE app LOGIN;
    /// ```
    ///
    /// ## What to do
    /// Correct the name in driftless.toml. Where an administrator makes the role, let a migration
    /// make it if it is missing: scratch Postgres has the roles alone that migrations make.
    "R00", "role-missing", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for name in &facts.tenant.app_roles {
        if facts.roles.get(name).is_none() {
            found.add(
                name,
                format!("what {name} can see is not known: there is no such role"),
                "correct `app_roles` of [tenant] in driftless.toml, or let a migration make the role where it is missing",
            );
        }
    }
    if let Some(owner) = &facts.tenant.owner
        && facts.roles.get(owner).is_none()
    {
        found.add(
            owner,
            format!("what views and functions show is not known: there is no role {owner} to own them"),
            "correct `owner` of [tenant] in driftless.toml, or let a migration make the role where it is missing",
        );
    }
}
