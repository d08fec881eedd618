//! OPTIONS (…) of foreign data: how they are written and changed, and what of them is secret.

use std::collections::BTreeMap;

use crate::hazard::HazardKind;
use crate::sql::{ident, literal};
use crate::step::Step;

/// What the queries say instead of a value that is secret: the value never leaves the server.
const SECRET: &str = "(secret)";

/// Options by name.
pub type Options = BTreeMap<String, String>;

/// ` OPTIONS (a '1', b '2')`, or nothing.
pub(super) fn clause(options: &Options) -> String {
    if options.is_empty() {
        return String::new();
    }
    let list: Vec<_> = options
        .iter()
        .map(|(name, value)| format!("{} {}", ident(name), literal(value)))
        .collect();
    format!(" OPTIONS ({})", list.join(", "))
}

/// ` OPTIONS (ADD a '1', SET b '2', DROP c)`, or nothing.
pub(super) fn change(old: &Options, new: &Options) -> String {
    let mut list = Vec::new();
    for (name, value) in new {
        let verb = match old.get(name) {
            None => "ADD",
            Some(was) if was != value => "SET",
            Some(_) => continue,
        };
        list.push(format!("{verb} {} {}", ident(name), literal(value)));
    }
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    list.extend(gone.map(|name| format!("DROP {}", ident(name))));
    if list.is_empty() {
        return String::new();
    }
    format!(" OPTIONS ({})", list.join(", "))
}

/// Says so where a step would write what stands for a secret.
pub(super) fn mark_secrets(step: Step, what: &str) -> Step {
    if !step.sql.contains(SECRET) {
        return step;
    }
    step.hazard(
        HazardKind::Secret,
        format!("{what} needs a secret that is not known here: write it where the statement says {SECRET}"),
    )
}
