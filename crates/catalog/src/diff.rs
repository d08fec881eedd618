//! Two catalogs, and what is in the one and not in the other. Knows no kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::id::Id;
use crate::kinds::{Change, Cx};

/// The difference between two catalogs whose renames are done.
pub(crate) struct Delta {
    pub(crate) dropped: BTreeSet<Id>,
    pub(crate) created: BTreeSet<Id>,
    pub(crate) changed: BTreeMap<Id, Change>,
}

impl Delta {
    pub(crate) fn is_empty(&self) -> bool {
        self.dropped.is_empty() && self.created.is_empty() && self.changed.is_empty()
    }
}

/// Ids in the first catalog that the second lacks.
pub(crate) fn missing(from: &Catalog, to: &Catalog) -> BTreeSet<Id> {
    from.objects()
        .map(|(id, _)| id)
        .filter(|id| !to.contains(id))
        .cloned()
        .collect()
}

/// What has to happen to get from one to the other.
pub(crate) fn delta(from: &Catalog, to: &Catalog) -> Delta {
    let created = missing(to, from);
    let dropped = missing(from, to);
    let cx = Cx {
        to,
        created: &created,
    };
    let changed = from
        .objects()
        .filter_map(|(id, old)| {
            let change = old.alter(to.get(id)?, &cx)?;
            Some((id.clone(), change))
        })
        .collect();
    Delta {
        dropped,
        created,
        changed,
    }
}
