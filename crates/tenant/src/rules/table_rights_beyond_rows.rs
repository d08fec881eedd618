//! Rights that no policy limits.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds app roles with TRUNCATE, REFERENCES or TRIGGER on tables of tenants.
    ///
    /// ## Why
    /// Policies are about rows, and these are not: TRUNCATE empties the table for all tenants, a
    /// foreign key tells which keys exist, a trigger sees every row that anybody writes.
    ///
    /// ## Bad
    /// ```sql
    /// GRANT ALL ON notes TO app;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO app;
    /// ```
    ///
    /// ## What to do
    /// Revoke them.
    "R14", "table-rights-beyond-rows", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        for role in facts.app_roles() {
            let all = ["TRUNCATE", "REFERENCES", "TRIGGER"].into_iter();
            let has: Vec<&str> = all.filter(|may| facts.may(role, &table.id, may).any()).collect();
            if !has.is_empty() {
                let path = table.path();
                found.add(
                    &path,
                    format!("{role} may {} {path}, which no policy limits", has.join(", ")),
                    format!("REVOKE {} ON {path} FROM {role}, or from the role or PUBLIC it has them through", has.join(", ")),
                );
            }
        }
    }
}
