//! Rows that are elsewhere.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds foreign tables with the tenant column.
    ///
    /// ## Why
    /// A foreign table has no row level security here, and at the other end all tenants are one
    /// role.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE FOREIGN TABLE old_notes (account_id uuid, body text) SERVER archive;
    /// GRANT SELECT ON old_notes TO app;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE FOREIGN TABLE old_notes (account_id uuid, body text) SERVER archive;
    /// CREATE TABLE notes_archive (LIKE notes);  -- filled from it, with policies
    /// ```
    ///
    /// ## What to do
    /// Keep app roles away from it, and exempt it with that reason.
    "R23", "foreign-table", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        if table.table.foreign.is_some() {
            let path = table.path();
            found.add(
                &path,
                format!("no policy holds for {path}: it is a foreign table"),
                "revoke every right of app roles on it, and exempt it in driftless.toml",
            );
        }
    }
}
