//! Who may do what afterwards that they may not before, and the other way round.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::catalog::Catalog;

/// One sentence that begins to hold, or holds no longer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SecurityChange {
    /// `app_user may SELECT table users`.
    pub what: String,
    /// Whether it holds afterwards.
    pub gained: bool,
}

/// What changes for security between two schemas, sorted: what ends before what begins.
pub fn security_changes(from: &Catalog, to: &Catalog) -> Vec<SecurityChange> {
    let facts = |catalog: &Catalog| -> BTreeSet<String> {
        let objects = catalog.objects();
        objects.flat_map(|(_, object)| object.security()).collect()
    };
    let (before, after) = (facts(from), facts(to));
    let changes = |facts: &BTreeSet<String>, others: &BTreeSet<String>, gained| {
        let only = facts.difference(others);
        only.map(|what| SecurityChange {
            what: what.clone(),
            gained,
        })
        .collect::<Vec<_>>()
    };
    let mut all = changes(&before, &after, false);
    all.extend(changes(&after, &before, true));
    all
}
