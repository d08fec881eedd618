//! Row level security is off.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds tables with the tenant column that have no row level security. A partition that no app
    /// role has a right on is left out: its partitioned table decides.
    ///
    /// ## Why
    /// Whoever may read the table reads the rows of every tenant. Nothing else on this list matters
    /// while it is off.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE TABLE notes (account_id uuid NOT NULL, body text);
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE TABLE notes (account_id uuid NOT NULL, body text);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ```
    ///
    /// ## What to do
    /// `driftless rls --fix` writes the statement, FORCE and the policy as a migration.
    "R01", "rls-not-enabled", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        let foreign = table.table.foreign.is_some();
        if !table.table.row_security && !foreign && !facts.is_only_part(table) {
            let path = table.path();
            found.add(
                &path,
                format!("every tenant's rows of {path} are open: row level security is not enabled"),
                "run `driftless rls --fix`, or exempt the table in driftless.toml if its rows belong to no tenant",
            );
        }
    }
}
