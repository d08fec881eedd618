//! Two catalogs, and what is in the one and not in the other. Knows no kind.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::id::Id;
use crate::kinds::{Change, Cx, Object};

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

/// Ids that stand in one catalog alone, first and second.
pub(crate) fn alone(from: &Catalog, to: &Catalog) -> (BTreeSet<Id>, BTreeSet<Id>) {
    // Met in order: a set is made of all at once faster than one by one.
    let (mut first, mut second) = (Vec::new(), Vec::new());
    together(from, to, |old, new| match (old, new) {
        (Some((id, _)), None) => first.push(id.clone()),
        (None, Some((id, _))) => second.push(id.clone()),
        _ => {}
    });
    (first.into_iter().collect(), second.into_iter().collect())
}

/// What has to happen to get from one to the other; what stands alone is known already.
pub(crate) fn delta(
    from: &Catalog,
    to: &Catalog,
    (dropped, created): (BTreeSet<Id>, BTreeSet<Id>),
) -> Delta {
    let new = created.iter().collect();
    let cx = Cx {
        from,
        to,
        created: &new,
    };
    let mut changed = BTreeMap::new();
    together(from, to, |old, new| {
        if let (Some((id, old)), Some((_, new))) = (old, new)
            && let Some(change) = old.alter(new, &cx)
        {
            changed.insert(id.clone(), change);
        }
    });
    Delta {
        dropped,
        created,
        changed,
    }
}

type Entry<'a> = Option<(&'a Id, &'a Object)>;

/// Walks two catalogs side by side; both are in order of ids.
fn together<'a>(from: &'a Catalog, to: &'a Catalog, mut visit: impl FnMut(Entry<'a>, Entry<'a>)) {
    let (mut olds, mut news) = (from.objects().peekable(), to.objects().peekable());
    loop {
        let order = match (olds.peek(), news.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((old, _)), Some((new, _))) => old.cmp(new),
        };
        match order {
            Ordering::Less => visit(olds.next(), None),
            Ordering::Greater => visit(None, news.next()),
            Ordering::Equal => visit(olds.next(), news.next()),
        }
    }
}
