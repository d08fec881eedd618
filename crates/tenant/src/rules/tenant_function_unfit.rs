//! The function that everything hangs on.

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Looks at the tenant function: it has to be there once, without arguments, be STABLE, be
    /// callable by every app role and owned by none.
    ///
    /// ## Why
    /// VOLATILE, it is asked for every row and no index is used. IMMUTABLE, its answer may be kept
    /// in a plan for the next tenant. An app role that cannot call it gets an error from every
    /// query; one that owns it can answer what it likes.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE FUNCTION current_account_id() RETURNS uuid LANGUAGE sql
    ///   AS $$ SELECT current_setting('app.account_id')::uuid $$;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE FUNCTION current_account_id() RETURNS uuid LANGUAGE sql STABLE
    ///   AS $$ SELECT nullif(current_setting('app.account_id', true), '')::uuid $$;
    /// ```
    ///
    /// ## What to do
    /// Write it as above: unset or empty it is NULL, and no row has that tenant.
    "R22", "tenant-function-unfit", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    let functions = facts.functions();
    let name = &facts.tenant.function;
    if functions.is_empty() {
        found.add(
            name,
            format!("no policy can compare the tenant: there is no function {name} without arguments"),
            "make it, or correct `function` of [tenant] in driftless.toml",
        );
        return;
    }
    if functions.len() > 1 {
        let schemas: Vec<&str> = functions.iter().map(|(_, one)| one.schema.as_str()).collect();
        found.add(
            name,
            format!("which {name} says whose request it is is not known: there is one in {}", schemas.join(", ")),
            "say its schema in `function` of [tenant] in driftless.toml",
        );
    }
    for (id, function) in functions {
        let path = id.path();
        if function.volatility != "STABLE" {
            let why = if function.volatility == "IMMUTABLE" {
                "one tenant's answer may be kept for the next"
            } else {
                "it is asked for every row, and no index is used"
            };
            found.add(
                &path,
                format!("{path} is {}: {why}", function.volatility),
                "make it STABLE",
            );
        }
        for role in facts.app_roles() {
            if !facts.may(role, id, "EXECUTE").any() {
                found.add(
                    &path,
                    format!("every query of {role} fails: it may not call {path}"),
                    format!("GRANT EXECUTE ON FUNCTION {path} TO {role}"),
                );
            }
            if facts.roles.owner_of(id) == role {
                found.add(
                    &path,
                    format!("{role} can be any tenant: it owns {path}"),
                    "make the role that migrates its owner",
                );
            }
        }
    }
}
