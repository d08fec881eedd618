//! A function that is asked before the policy.

use driftless_catalog::{Object, Tag};

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds functions of the schema that are LEAKPROOF.
    ///
    /// ## Why
    /// Postgres lets a function see a row before the policy has passed it only where the function
    /// is said to leak nothing. One that is not what it says, through an error message, a NOTICE or
    /// a write, shows rows of other tenants.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE FUNCTION cheap(text) RETURNS boolean LANGUAGE plpgsql LEAKPROOF AS $$ … $$;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE FUNCTION cheap(text) RETURNS boolean LANGUAGE plpgsql AS $$ … $$;
    /// ```
    ///
    /// ## What to do
    /// Take LEAKPROOF away.
    "R21", "leakproof-function", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for (id, object) in facts.catalog.of_kind(Tag::Function) {
        if matches!(object, Object::Function(function) if function.leakproof) {
            let path = id.path();
            found.add(
                &path,
                format!("{path} may be asked about rows of other tenants before the policy is: it is LEAKPROOF"),
                "take LEAKPROOF away",
            );
        }
    }
}
