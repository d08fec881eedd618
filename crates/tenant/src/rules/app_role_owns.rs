//! An application that may change what binds it.

use driftless_catalog::{Object, Tag};

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds schemas, tables, views and functions that an app role owns.
    ///
    /// ## Why
    /// The owner may switch row level security off, drop policies, and put another function in the
    /// place of the tenant's.
    ///
    /// ## Bad
    /// ```sql
    /// ALTER TABLE notes OWNER TO app;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// ALTER TABLE notes OWNER TO owner;
    /// ```
    ///
    /// ## What to do
    /// Give it to the role that migrates.
    "R19", "app-role-owns", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    let app = |role: &str| facts.tenant.app_roles.iter().any(|name| name == role);
    if let Some(owner) = facts.tenant.app_roles.iter().find(|name| {
        facts.roles.name(crate::rights::CONNECTED) == name.as_str()
    }) {
        found.add(
            owner,
            format!("{owner} owns what the migrations make: it can switch row level security off"),
            "let another role migrate",
        );
    }
    for (id, object) in facts.catalog.of_kind(Tag::Owner) {
        let Object::Owner(owner) = object else {
            continue;
        };
        let role = facts.roles.name(&owner.role);
        let matters = matches!(
            owner.on.id.kind,
            Tag::Schema | Tag::Table | Tag::View | Tag::MaterializedView | Tag::Function
        );
        if matters && app(role) {
            let on = &owner.on.id;
            found.add(
                id.path(),
                format!("{role} owns {on}: it can take its protection away"),
                "make the role that migrates its owner",
            );
        }
    }
}
