//! A policy that holds for nobody.

use driftless_catalog::{Id, Object, Tag};

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds policies on tables without row level security, whoever's rows they are.
    ///
    /// ## Why
    /// Postgres keeps the policy and does not ask it. Whoever reads the schema takes the table for
    /// protected.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE POLICY account_isolation ON notes USING (account_id = (SELECT current_account_id()));
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY account_isolation ON notes USING (account_id = (SELECT current_account_id()));
    /// ```
    ///
    /// ## What to do
    /// Enable row level security; `driftless rls --fix` does it for tables of tenants.
    "R04", "policy-without-rls", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for (id, object) in facts.catalog.of_kind(Tag::Policy) {
        let table = Id::in_schema(Tag::Table, &id.schema, &id.parent);
        let Some(Object::Table(of)) = facts.catalog.get(&table) else {
            continue;
        };
        if let Object::Policy(policy) = object
            && !of.row_security
        {
            found.add(
                id.path(),
                format!(
                    "policy {} of {} is not asked: row level security is not enabled",
                    policy.name,
                    table.path()
                ),
                "enable row level security on the table, or drop the policy",
            );
        }
    }
}
