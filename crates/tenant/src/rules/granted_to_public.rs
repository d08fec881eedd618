//! Rights that every role has.

use driftless_catalog::{Id, Tag};

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds rights of PUBLIC on tables of tenants, and on views over them.
    ///
    /// ## Why
    /// Every role has them: the monitoring's, the analyst's, the next application's. Nobody lists
    /// those as app roles, so nothing about them is checked.
    ///
    /// ## Bad
    /// ```sql
    /// GRANT SELECT ON notes TO PUBLIC;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// GRANT SELECT ON notes TO app;
    /// ```
    ///
    /// ## What to do
    /// Revoke them, and grant to the roles that need them.
    "R26", "granted-to-public", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    let tables = facts.tables.iter().map(|table| &table.id);
    let views = facts.views(Tag::View).chain(facts.views(Tag::MaterializedView));
    let all: Vec<&Id> = tables.chain(views.map(|(id, _)| id)).collect();
    for id in all {
        let may: Vec<&str> = facts.roles.of_public(id).into_iter().collect();
        if !may.is_empty() {
            let path = id.path();
            found.add(
                &path,
                format!("every role may {} {path}", may.join(", ")),
                format!("REVOKE {} ON {path} FROM PUBLIC", may.join(", ")),
            );
        }
    }
}
