//! A tenant that nobody chose.

use driftless_catalog::{Object, Tag};

use crate::facts::Facts;
use crate::probe::keys;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds app roles with a setting of their own that the tenant function reads.
    ///
    /// ## Why
    /// Every session of the role then begins as that tenant. A request that forgets to say whose it
    /// is sees another's rows instead of none.
    ///
    /// ## Bad
    /// ```sql
    /// ALTER ROLE app SET app.account_id = '42';
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// SELECT set_config('app.account_id', '42', true);  -- in each transaction
    /// ```
    ///
    /// ## What to do
    /// Reset it. A setting of the whole database (ALTER DATABASE) does the same and is not seen
    /// here: it is no part of a schema.
    "R27", "tenant-preset", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    let keys = keys(facts);
    for (_, object) in facts.catalog.of_kind(Tag::RoleSettings) {
        let Object::RoleSettings(set) = object else {
            continue;
        };
        let role = facts.roles.name(&set.role);
        if !facts.tenant.app_roles.iter().any(|app| app == role) {
            continue;
        }
        for key in keys.iter().filter(|key| set.settings.contains_key(*key)) {
            found.add(
                role,
                format!("every session of {role} begins as one tenant: {key} is set for the role"),
                format!("ALTER ROLE {role} RESET {key}"),
            );
        }
    }
}
