//! A view that looks with its owner's eyes.

use driftless_catalog::{Object, Tag};

use crate::facts::Facts;
use crate::rule::Found;

super::rule! {
    /// ## What it does
    /// Finds views over tables of tenants that an app role has rights on and that are not
    /// `security_invoker`.
    ///
    /// ## Why
    /// A view reads its tables as its owner. Where no policy holds for the owner, the view shows
    /// the rows of every tenant. Before Postgres 15 there is no `security_invoker`: then the owner
    /// has to be a role that policies hold for.
    ///
    /// ## Bad
    /// ```sql
    /// CREATE VIEW open_notes AS SELECT * FROM notes WHERE NOT done;
    /// ```
    ///
    /// ## Good
    /// ```sql
    /// CREATE VIEW open_notes WITH (security_invoker = true) AS SELECT * FROM notes WHERE NOT done;
    /// ```
    ///
    /// ## What to do
    /// Set `security_invoker`.
    "R15", "view-as-owner", Error, check
}

fn check(facts: &Facts<'_>, found: &mut Found<'_>) {
    for (id, object) in facts.views(Tag::View) {
        let roles = facts.granted(id, &["SELECT", "INSERT", "UPDATE", "DELETE"]);
        let Object::View(view) = object else {
            continue;
        };
        if roles.is_empty() || is_invoker(&view.options) {
            continue;
        }
        let owner = facts.roles.owner_of(id);
        let bound = facts.roles.passes_by(owner).is_none();
        // Where the server knows no better, an owner that policies hold for has to do.
        if facts.roles.major() < 15 && bound {
            continue;
        }
        let tables: Vec<String> = facts.tenant_tables_of(id).iter().map(|table| table.path()).collect();
        let path = id.path();
        found.add(
            &path,
            format!("view {path} shows {} what its owner sees of {}", roles.join(", "), tables.join(", ")),
            "set security_invoker = true on the view",
        );
        let owner = match facts.roles.passes_by(owner) {
            Some(why) if owner == crate::rights::CONNECTED => format!("its owner is {why}"),
            Some(why) => format!("its owner {owner} is not bound by policies: {why}"),
            None => format!("its owner is {owner}"),
        };
        found.note(owner);
    }
}

pub(crate) fn is_invoker(options: &std::collections::BTreeMap<String, String>) -> bool {
    let on = |value: &String| matches!(value.to_lowercase().as_str(), "true" | "on" | "yes" | "1");
    options.get("security_invoker").is_some_and(on)
}
