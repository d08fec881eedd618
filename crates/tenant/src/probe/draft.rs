//! A row on its way: which values are decided, which are tried, and what comes next when Postgres
//! refuses them.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::Id;

use super::shape::{Column, ForeignKey, Shape};
use super::values::{Value, candidates};

/// A row on its way.
pub(super) struct Draft<'s> {
    pub(super) shape: &'s Shape,
    /// Values that are decided.
    pub(super) fixed: BTreeMap<String, Value>,
    /// Values that are tried, and which of them it is now.
    pub(super) tried: BTreeMap<String, (Vec<Value>, usize)>,
    pub(super) followed: BTreeSet<String>,
    /// Whether values of other types were left out.
    pub(super) sifted: bool,
    salt: u32,
}

/// What to do about a value that is taken.
pub(super) enum Again {
    Yes,
    /// Point at another row.
    Pointing(ForeignKey),
    No,
}

impl<'s> Draft<'s> {
    pub(super) fn new(shape: &'s Shape, fixed: BTreeMap<String, Value>, salt: u32) -> Self {
        let mut draft = Self {
            shape,
            fixed,
            tried: BTreeMap::new(),
            followed: BTreeSet::new(),
            sifted: false,
            salt,
        };
        for column in shape.writable() {
            if draft.must_be_said(column) {
                let all = candidates(shape, column, salt);
                draft.tried.insert(column.name.clone(), (all, 0));
            }
        }
        draft
    }

    /// What has no value by itself, what is part of a key (NULL is in nobody's way), and what takes
    /// a number from a sequence that the app role may have no right on.
    fn must_be_said(&self, column: &Column) -> bool {
        if column.identity || self.fixed.contains_key(&column.name) {
            return false;
        }
        let in_key = || {
            let mut keys = self.shape.uniques.iter();
            keys.any(|key| key.columns.contains(&column.name))
        };
        let by_itself = column.has_default && !column.draws;
        let pointing = || {
            let mut keys = self.shape.foreign_keys.iter();
            keys.any(|key| key.columns.contains(&column.name))
        };
        !by_itself && (column.not_null || column.draws || in_key() && !pointing())
    }

    /// Whether a foreign key has to be followed: all of it will have a value.
    pub(super) fn needs(&self, key: &ForeignKey) -> bool {
        key.columns.iter().all(|name| {
            self.fixed
                .get(name)
                .is_some_and(|value| *value != Value::Null)
                || self.tried.contains_key(name)
        })
    }

    pub(super) fn said(&self) -> BTreeMap<String, Value> {
        let mut said = self.fixed.clone();
        for (name, (all, at)) in &self.tried {
            if let Some(value) = all.get(*at) {
                said.insert(name.clone(), value.clone());
            }
        }
        said.retain(|name, value| {
            let always = self.shape.column(name).is_none_or(|column| column.always);
            !always && *value != Value::Default
        });
        said
    }

    /// The next combination of values of some columns; `false` after the last.
    fn next(&mut self, columns: &[String]) -> bool {
        for name in columns {
            if self.fixed.contains_key(name) {
                continue;
            }
            let Some(column) = self.shape.column(name).filter(|column| !column.always) else {
                continue;
            };
            let salt = self.salt;
            let shape = self.shape;
            let (all, at) = self.tried.entry(name.clone()).or_insert_with(|| {
                // It was left to its default so far.
                let mut all = vec![Value::Default];
                all.extend(candidates(shape, column, salt));
                if !column.not_null {
                    all.push(Value::Null);
                }
                (all, 0)
            });
            *at += 1;
            if *at < all.len() {
                return true;
            }
            *at = 0;
        }
        false
    }

    pub(super) fn next_for_check(&mut self, name: &str) -> bool {
        let check = self.shape.all_checks().find(|check| check.name == name);
        let columns = check.map(|check| check.columns.clone()).unwrap_or_default();
        self.next(&columns)
    }

    pub(super) fn next_for_partition(&mut self, shapes: &BTreeMap<Id, Shape>) -> bool {
        let above = self
            .shape
            .partition_of
            .as_ref()
            .and_then(|named| shapes.get(&named.id()));
        let of = |shape: &Shape| shape.partition_columns.clone();
        let mut columns = of(self.shape);
        columns.extend(above.map(of).unwrap_or_default());
        let columns: Vec<String> = columns.into_iter().flatten().collect();
        self.next(&columns)
    }

    pub(super) fn next_of_any(&mut self) -> bool {
        let columns: Vec<String> = self.tried.keys().cloned().collect();
        self.next(&columns)
    }

    /// A column that has to have a value after all.
    pub(super) fn fill(&mut self, column: Option<&str>) -> bool {
        let Some(column) = column.and_then(|name| self.shape.column(name)) else {
            return false;
        };
        if column.always || self.fixed.contains_key(&column.name) {
            return false;
        }
        if self.tried.contains_key(&column.name) {
            return self.next(std::slice::from_ref(&column.name));
        }
        let all = candidates(self.shape, column, self.salt);
        self.tried.insert(column.name.clone(), (all, 0));
        true
    }

    /// Other values for the columns of a key that is taken.
    pub(super) fn salted(&mut self, index: &str, salt: u32) -> Again {
        let Some(key) = self.shape.uniques.iter().find(|key| key.name == index) else {
            return Again::No;
        };
        self.salt = salt;
        let mut changed = false;
        for name in &key.columns {
            let Some(column) = self.shape.column(name) else {
                continue;
            };
            if self.fixed.contains_key(name) || column.always {
                continue;
            }
            if let Some((all, at)) = self.tried.get_mut(name) {
                let fresh = candidates(self.shape, column, salt);
                // An enum has no other values than its own: then it is the next one's turn.
                if *all == fresh {
                    *at = (*at + 1) % all.len().max(1);
                } else {
                    *all = fresh;
                }
                changed = true;
            }
        }
        if changed {
            return Again::Yes;
        }
        let pointing = self.shape.foreign_keys.iter().find(|foreign| {
            let mut shared = foreign
                .columns
                .iter()
                .filter(|name| key.columns.contains(name));
            shared.next().is_some() && foreign.columns.len() > 1 || {
                let own = foreign
                    .columns
                    .iter()
                    .any(|name| key.columns.contains(name));
                own && foreign.to.id() != self.shape.id()
            }
        });
        match pointing {
            Some(foreign) => Again::Pointing(foreign.clone()),
            None => Again::No,
        }
    }

    /// Values within the bounds of the partition, or of the first one below.
    pub(super) fn place_in_partition(&mut self, shapes: &BTreeMap<Id, Shape>) {
        let mut chain: Vec<(&Shape, &Shape)> = Vec::new();
        let mut at = self.shape;
        while let Some(above) = at
            .partition_of
            .as_ref()
            .and_then(|named| shapes.get(&named.id()))
        {
            chain.push((above, at));
            at = above;
        }
        let mut at = self.shape;
        loop {
            let id = at.id();
            let below = shapes.values().find(|shape| {
                shape
                    .partition_of
                    .as_ref()
                    .is_some_and(|named| named.id() == id)
                    && shape
                        .bound
                        .as_deref()
                        .is_some_and(|bound| !bound_values(bound).is_empty())
            });
            let Some(below) = below else {
                break;
            };
            chain.push((at, below));
            at = below;
        }
        for (above, part) in chain {
            let values = part.bound.as_deref().map(bound_values).unwrap_or_default();
            for (name, value) in above.partition_columns.iter().zip(values) {
                let (Some(name), Some(value)) = (name, value) else {
                    continue;
                };
                if !self.fixed.contains_key(name) {
                    self.fixed.insert(name.clone(), Value::Text(value));
                    self.tried.remove(name);
                }
            }
        }
    }
}

/// The values that a partition's bound begins with: `FOR VALUES FROM ('2026-01-01') TO …`,
/// `FOR VALUES IN ('a', 'b')`. Nothing for one that cannot be told from it.
fn bound_values(bound: &str) -> Vec<Option<String>> {
    let list = bound.contains(" IN (");
    let start = bound
        .split_once("FROM (")
        .or_else(|| bound.split_once(" IN ("));
    let Some((_, inner)) = start else {
        return Vec::new();
    };
    let mut values = Vec::new();
    let mut rest = inner;
    loop {
        rest = rest.trim_start_matches([',', ' ']);
        if rest.is_empty() || rest.starts_with(')') {
            break;
        }
        if let Some(quoted) = rest.strip_prefix('\'') {
            let mut text = String::new();
            let mut chars = quoted.char_indices().peekable();
            let mut end = quoted.len();
            while let Some((at, c)) = chars.next() {
                if c == '\'' && chars.next_if(|(_, next)| *next == '\'').is_none() {
                    end = at + 1;
                    break;
                }
                text.push(c);
            }
            values.push(Some(text));
            rest = &quoted[end..];
        } else {
            let end = rest.find([',', ')']).unwrap_or(rest.len());
            let word = &rest[..end];
            let number = word.parse::<f64>().is_ok() || ["true", "false"].contains(&word);
            values.push(number.then(|| word.to_owned()));
            rest = &rest[end..];
        }
    }
    if list {
        values.truncate(1);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::bound_values;

    #[test]
    fn a_value_within_the_bounds() {
        for (bound, values) in [
            (
                "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                vec![Some("2026-01-01")],
            ),
            (
                "FOR VALUES FROM (1, 'a''b') TO (2, 'c')",
                vec![Some("1"), Some("a'b")],
            ),
            ("FOR VALUES FROM (MINVALUE) TO (10)", vec![None]),
            ("FOR VALUES IN ('eu', 'us')", vec![Some("eu")]),
            ("FOR VALUES WITH (modulus 4, remainder 0)", vec![]),
            ("DEFAULT", vec![]),
        ] {
            let found = bound_values(bound);
            let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
            assert_eq!(found, values, "{bound}");
        }
    }
}
