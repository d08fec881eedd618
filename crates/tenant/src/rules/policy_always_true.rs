//! A policy that asks nothing.

use crate::facts::Facts;
use crate::predicate::Predicate;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds policies on tables of tenants with a part that is always true: `true`, `1 = 1`,
    /// `id = id`, `… OR true`.
    ///
    /// ## Why
    /// Such a part is left from a test, or from somebody who wanted to see whether the policy was
    /// the reason. It opens the table for everybody the policy is for.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE POLICY account_isolation ON notes
    ///   USING (account_id = (SELECT current_account_id()) OR true);
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE POLICY account_isolation ON notes
    ///   USING (account_id = (SELECT current_account_id()));
    /// ```
    ///
    /// ## What to do
    /// Take the part away. A policy for admin roles alone may be `true`: name them in
    /// `admin_roles`.
    "R07", "policy-always-true", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for table in &facts.tables {
        for policy in &table.policies {
            let parts = [("USING", &policy.using), ("WITH CHECK", &policy.with_check)];
            let holes = parts
                .into_iter()
                .filter_map(|(word, text)| Some((word, text.as_deref()?)))
                .filter(|(_, text)| Predicate::parse(text).has_hole());
            let holes: Vec<String> = holes.map(|(word, text)| format!("{word} {text}")).collect();
            if holes.is_empty() || !policy.permissive || facts.is_for_admins(policy) {
                continue;
            }
            let path = table.path();
            found.add(
                format!("{path}.{}", policy.name),
                format!("policy {} of {path} is always true in a part", policy.name),
                "take the part away",
            );
            for hole in holes {
                found.note(hole);
            }
        }
    }
}
