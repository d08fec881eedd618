//! The tenant is looked up for every row.

use crate::facts::Facts;
use crate::predicate::Predicate;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds policies that call the tenant function outside of a SELECT, where Postgres cannot put
    /// the function's body in its place.
    ///
    /// ## Why
    /// Such a call is made for every row that is looked at. In a SELECT of its own it is made once
    /// for the query. Postgres does without for a function in SQL that is STABLE and has neither
    /// SECURITY DEFINER nor SET.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE POLICY account_isolation ON notes USING (account_id = current_account_id());
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE POLICY account_isolation ON notes USING (account_id = (SELECT current_account_id()));
    /// ```
    ///
    /// ## What to do
    /// Put the call into a SELECT. It is a warning: nobody sees more for it.
    "R08", "tenant-function-called-per-row", Warning, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    let inlined = facts.functions().iter().all(|(_, function)| {
        function.language == "sql"
            && function.volatility != "VOLATILE"
            && !function.security_definer
            && !function.strict
            && function.settings.is_empty()
    });
    if inlined {
        return;
    }
    for table in &facts.tables {
        let key = facts.key(table);
        for policy in &table.policies {
            let mut texts = [&policy.using, &policy.with_check].into_iter().flatten();
            if texts.any(|text| Predicate::parse(text).calls_bare(&key)) {
                let path = table.path();
                found.add(
                    format!("{path}.{}", policy.name),
                    format!(
                        "policy {} of {path} calls {}() again for every row",
                        policy.name,
                        facts.tenant.function_name().1
                    ),
                    "put the call into a SELECT of its own: (SELECT …())",
                );
            }
        }
    }
}
