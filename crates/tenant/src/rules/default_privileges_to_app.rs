//! Tables of tomorrow that are open from the start.

use driftless_catalog::kinds::Class;
use driftless_catalog::{Object, Tag};

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds default privileges on tables for app roles, for roles they are members of, or for
    /// PUBLIC.
    ///
    /// ## Why
    /// A new table is then open to the application before anybody has written a policy for it, and
    /// so is every new partition.
    ///
    /// ## Bad
    /// ```sql
    /// ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// GRANT SELECT ON notes TO app;  -- in the migration that makes the table and its policy
    /// ```
    ///
    /// ## What to do
    /// Revoke them, and grant table by table.
    "R24", "default-privileges-to-app", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for (_, object) in facts.catalog.of_kind(Tag::DefaultPrivileges) {
        let Object::DefaultPrivileges(default) = object else {
            continue;
        };
        if default.objects != Class::Table {
            continue;
        }
        for role in facts.app_roles() {
            let all = facts.roles.inherited(role);
            let mut may: Vec<&str> = default
                .rights
                .iter()
                .filter(|right| {
                    let to = right.to.as_deref();
                    to.is_some_and(|to| all.contains(facts.roles.name(to)))
                })
                .map(|right| right.may.as_str())
                .collect();
            may.dedup();
            if may.is_empty() {
                continue;
            }
            let place = match &default.schema {
                Some(schema) => format!("schema {schema}"),
                None => "every schema".to_owned(),
            };
            found.add(
                default.schema.clone().unwrap_or_else(|| "*".to_owned()),
                format!("every new table of {place} is open to {role} before it has a policy: {}", may.join(", ")),
                format!("ALTER DEFAULT PRIVILEGES … REVOKE {} ON TABLES FROM {role}, or from the role it has them through", may.join(", ")),
            );
        }
    }
}
