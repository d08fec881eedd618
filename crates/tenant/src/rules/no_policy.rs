//! Nothing lets a row through.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds tables with row level security and without a permissive policy.
    ///
    /// ## Why
    /// Without one nobody sees a row. That is safe, and it is an application that does not work; the
    /// quick way out of it is often `USING (true)`.
    ///
    /// ## Bad
    /// ```sql
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY account_isolation ON notes
    ///   USING (account_id = (SELECT current_account_id()))
    ///   WITH CHECK (account_id = (SELECT current_account_id()));
    /// ```
    ///
    /// ## What to do
    /// `driftless rls --fix` writes the policy.
    "R03", "no-policy", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        let permissive = table.policies.iter().any(|policy| policy.permissive);
        if table.table.row_security && !permissive && !facts.is_only_part(table) {
            let path = table.path();
            found.add(
                &path,
                format!("no tenant sees a row of {path}: it has row level security and no policy"),
                "run `driftless rls --fix`",
            );
        }
    }
}
