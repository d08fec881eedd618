//! A copy of everybody's rows.

use driftless_catalog::Tag;

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds materialized views over tables of tenants that an app role may read.
    ///
    /// ## Why
    /// A materialized view holds what its owner saw, and has no row level security.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE MATERIALIZED VIEW totals AS SELECT account_id, count(*) FROM notes GROUP BY 1;
    /// GRANT SELECT ON totals TO app;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE MATERIALIZED VIEW totals AS SELECT account_id, count(*) FROM notes GROUP BY 1;
    /// CREATE VIEW my_totals AS SELECT * FROM totals WHERE account_id = current_account_id();
    /// GRANT SELECT ON my_totals TO app;  -- accepted by name, with the reason
    /// ```
    ///
    /// ## What to do
    /// Revoke the right. Let the application read a table with policies that is filled instead, or
    /// a view that compares the tenant.
    "R16", "materialized-view-readable", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for (id, _) in facts.views(Tag::MaterializedView) {
        let roles = facts.granted(id, &["SELECT"]);
        if !roles.is_empty() {
            let path = id.path();
            let tables: Vec<String> =
                facts.tenant_tables_of(id).iter().map(|table| table.path()).collect();
            found.add(
                &path,
                format!("{} may read every tenant's rows of {} in {path}", roles.join(", "), tables.join(", ")),
                "revoke the right: a materialized view has no row level security",
            );
        }
    }
}
