//! A function that looks with its owner's eyes.

use driftless_catalog::{Object, Tag};

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds SECURITY DEFINER functions that an app role may call, where policies may not hold for
    /// their owner, or where `search_path` is not set.
    ///
    /// ## Why
    /// Such a function runs as its owner: what it reads and returns is limited by nothing but its
    /// own text. Without a fixed `search_path` its caller decides which tables and functions the
    /// text means.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE FUNCTION find(q text) RETURNS SETOF notes LANGUAGE sql SECURITY DEFINER
    ///   AS $$ SELECT * FROM notes WHERE body LIKE q $$;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE FUNCTION find(q text) RETURNS SETOF notes LANGUAGE sql STABLE
    ///   AS $$ SELECT * FROM notes WHERE body LIKE q $$;
    /// ```
    ///
    /// ## What to do
    /// Take SECURITY DEFINER away. Where it is needed: set `search_path`, compare the tenant in its
    /// text, revoke EXECUTE from PUBLIC, and accept the finding with the reason. With `owner` in
    /// driftless.toml, functions of an owner that policies hold for pass.
    "R20", "definer-function-callable", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for (id, object) in facts.catalog.of_kind(Tag::Function) {
        let Object::Function(function) = object else {
            continue;
        };
        let roles = facts.granted(id, &["EXECUTE"]);
        if !function.security_definer || roles.is_empty() {
            continue;
        }
        let owner = facts.roles.owner_of(id);
        let unbound = facts.roles.passes_by(owner);
        let fixed = function.settings.iter().any(|set| set.starts_with("search_path="));
        if unbound.is_none() && fixed {
            continue;
        }
        let path = id.path();
        found.add(
            &path,
            format!("{} may call {path}, which runs with the rights of its owner", roles.join(", ")),
            "take SECURITY DEFINER away, or revoke EXECUTE from PUBLIC and the role",
        );
        if let Some(why) = unbound {
            found.note(format!("no policy has to hold for its owner: {why}"));
        }
        if !fixed {
            found.note("its search_path is the caller's: SET search_path = '' is missing");
        }
    }
}
