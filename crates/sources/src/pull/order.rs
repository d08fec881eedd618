//! Objects by what they need, then by name.

use driftless_catalog::Id;
use std::collections::{BTreeMap, BTreeSet};

/// The ids so that each comes after those it needs, and by name where that leaves a choice,
/// `public` before other schemas. In a circle the first by name begins.
pub(super) fn order(needs: &BTreeMap<Id, BTreeSet<Id>>) -> Vec<Id> {
    let key = |id: &Id| {
        let other = !id.schema.is_empty() && id.schema != "public";
        (other, id.schema.clone(), id.name.clone(), id.kind)
    };
    let mut waiting: BTreeMap<&Id, usize> = BTreeMap::new();
    let mut wanted_by: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
    for (id, needs_of) in needs {
        let known = needs_of
            .iter()
            .filter(|need| *need != id && needs.contains_key(*need));
        let mut number = 0;
        for need in known {
            wanted_by.entry(need).or_default().push(id);
            number += 1;
        }
        waiting.insert(id, number);
    }
    let mut left: BTreeMap<_, &Id> = needs.keys().map(|id| (key(id), id)).collect();
    let mut ready: BTreeSet<_> = waiting
        .iter()
        .filter(|(_, number)| **number == 0)
        .map(|(id, _)| key(id))
        .collect();
    let mut sequence = Vec::with_capacity(needs.len());
    while let Some(next) = ready.pop_first().or_else(|| left.keys().next().cloned()) {
        let Some(id) = left.remove(&next) else {
            continue;
        };
        sequence.push(id.clone());
        for later in wanted_by.get(id).into_iter().flatten() {
            if let Some(number) = waiting.get_mut(*later) {
                *number -= 1;
                if *number == 0 && left.contains_key(&key(later)) {
                    ready.insert(key(later));
                }
            }
        }
    }
    sequence
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_catalog::Tag;

    fn ordered(needs: &[(&str, &[&str])]) -> Vec<String> {
        let id = |name: &str| Id::in_schema(Tag::Table, "public", name);
        let needs = needs
            .iter()
            .map(|(name, needs)| (id(name), needs.iter().map(|need| id(need)).collect()))
            .collect();
        order(&needs).iter().map(|id| id.name.to_string()).collect()
    }

    #[test]
    fn what_others_need_comes_first_then_the_name_counts() {
        assert_eq!(
            ordered(&[("a", &["c"]), ("b", &[]), ("c", &["b"])]),
            ["b", "c", "a"]
        );
        assert_eq!(
            ordered(&[("b", &[]), ("a", &[]), ("c", &["c"])]),
            ["a", "b", "c"]
        );
    }

    #[test]
    fn a_circle_begins_with_its_first_name() {
        assert_eq!(
            ordered(&[("b", &["a"]), ("a", &["b"]), ("c", &["a"])]),
            ["a", "b", "c"]
        );
    }
}
