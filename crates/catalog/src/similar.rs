//! How much two objects look alike, and why: the evidence in a question about a rename.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::id::Id;

/// A likeness and what it rests on.
pub(crate) struct Likeness {
    /// From 0 to 1.
    pub(crate) score: f64,
    pub(crate) evidence: String,
}

impl Likeness {
    /// Of two names with nothing else to go by.
    pub(crate) fn of_names(old: &str, new: &str) -> Self {
        Self {
            score: strsim::jaro_winkler(old, new),
            evidence: String::new(),
        }
    }
}

/// Compares what belongs to the two; where nothing does, their own fields.
pub(crate) fn likeness(from: &Catalog, old: &Id, to: &Catalog, new: &Id) -> Likeness {
    let (was, is) = (belongings(from, old), belongings(to, new));
    let names = strsim::jaro_winkler(&old.name, &new.name);
    if was.is_empty() && is.is_empty() {
        let different = different_fields(from, old, to, new);
        let evidence = if different.is_empty() {
            "same definition".to_owned()
        } else {
            format!("differs in {}", different.join(", "))
        };
        let same = if different.is_empty() { 1.0 } else { 0.4 };
        return Likeness {
            score: 0.6 * same + 0.4 * names,
            evidence,
        };
    }
    let shared = was.intersection(&is).count();
    let all = was.union(&is).count();
    #[expect(clippy::cast_precision_loss, reason = "counts of columns are small")]
    let share = shared as f64 / all as f64;
    let noun = was
        .union(&is)
        .next()
        .map_or("part", |(kind, _)| kind.noun());
    Likeness {
        score: 0.7 * share + 0.3 * names,
        evidence: format!("{shared} of {all} {noun}s in common"),
    }
}

/// What belongs to an object, by kind and name: the columns of a table, the tables of a schema.
fn belongings(catalog: &Catalog, owner: &Id) -> BTreeSet<(crate::kinds::Tag, String)> {
    let mut first = None;
    catalog
        .objects()
        .filter(|(_, object)| object.parent().as_ref() == Some(owner))
        .filter(|(id, _)| *first.get_or_insert(id.kind) == id.kind)
        .map(|(id, _)| (id.kind, id.name.to_string()))
        .collect()
}

fn different_fields(from: &Catalog, old: &Id, to: &Catalog, new: &Id) -> Vec<String> {
    let fields = |catalog: &Catalog, id: &Id| {
        catalog
            .get(id)
            .and_then(|object| serde_json::to_value(object).ok())
            // The kind, and within it the fields.
            .and_then(|value| value.as_object()?.values().next()?.as_object().cloned())
            .unwrap_or_default()
    };
    let (was, is) = (fields(from, old), fields(to, new));
    is.iter()
        .filter(|(key, value)| {
            !matches!(key.as_str(), "schema" | "table" | "name" | "position")
                && was.get(*key) != Some(value)
        })
        .map(|(key, _)| key.replace('_', " "))
        .collect()
}
