//! A change of the state, carried over to another state: what git does with lines, done with the
//! parts of a snapshot.

use super::Snapshot;
use crate::json::{self, Ordered};
use driftless_diagnostic::{Result, SourceFile};
use indexmap::IndexMap;

impl Snapshot {
    /// This state with the change from `before` to `after` made in it as well.
    ///
    /// Fails with the paths of the parts that both have changed, each in its own way. What is an
    /// array (the values of an enum, the columns of an index) is one part.
    pub fn with_change(
        &self,
        before: &Self,
        after: &Self,
    ) -> Result<std::result::Result<Self, Vec<String>>> {
        let tree = |snapshot: &Self| {
            let text = SourceFile::new("snapshot", snapshot.to_json());
            json::parse::<Ordered>(&text, "snapshot", "internal")
        };
        let mut merge = Merge::default();
        let merged = merge.part(Some(tree(before)?), Some(tree(after)?), Some(tree(self)?));
        if !merge.conflicts.is_empty() {
            return Ok(Err(merge.conflicts));
        }
        let text = json::pretty(&merged.unwrap_or_else(|| Ordered::Object(IndexMap::new())));
        let merged = Self::parse(&SourceFile::new("snapshot", text))?;
        Ok(Ok(Self {
            id: self.id.clone(),
            prev_id: self.prev_id.clone(),
            ..merged
        }))
    }
}

#[derive(Default)]
struct Merge {
    path: Vec<String>,
    conflicts: Vec<String>,
}

impl Merge {
    /// One part in its three forms; absent where there is none.
    fn part(
        &mut self,
        before: Option<Ordered>,
        after: Option<Ordered>,
        onto: Option<Ordered>,
    ) -> Option<Ordered> {
        if before == after || onto == after {
            return onto;
        }
        if before == onto {
            return after;
        }
        match (before, after, onto) {
            (before, Some(Ordered::Object(after)), Some(Ordered::Object(onto))) => {
                let before = match before {
                    Some(Ordered::Object(before)) => before,
                    _ => IndexMap::new(),
                };
                Some(Ordered::Object(self.fields(before, after, onto)))
            }
            (_, _, onto) => {
                // Ids differ from snapshot to snapshot, and mean nothing here.
                if !matches!(self.path.as_slice(), [one] if one == "id" || one == "prevId") {
                    self.conflicts.push(self.path.join("."));
                }
                onto
            }
        }
    }

    /// The other state's order first, then what is new.
    fn fields(
        &mut self,
        mut before: IndexMap<String, Ordered>,
        mut after: IndexMap<String, Ordered>,
        onto: IndexMap<String, Ordered>,
    ) -> IndexMap<String, Ordered> {
        let mut fields = IndexMap::new();
        for (key, value) in onto {
            let (before, after) = (before.shift_remove(&key), after.shift_remove(&key));
            if let Some(value) = self.field(&key, before, after, Some(value)) {
                fields.insert(key, value);
            }
        }
        for (key, value) in after {
            let before = before.shift_remove(&key);
            if let Some(value) = self.field(&key, before, Some(value), None) {
                fields.insert(key, value);
            }
        }
        fields
    }

    fn field(
        &mut self,
        key: &str,
        before: Option<Ordered>,
        after: Option<Ordered>,
        onto: Option<Ordered>,
    ) -> Option<Ordered> {
        self.path.push(key.to_owned());
        let part = self.part(before, after, onto);
        self.path.pop();
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(columns: &str) -> Snapshot {
        let text = format!(
            r#"{{"id":"i","prevId":"p","version":"7","dialect":"postgresql","tables":{{"public.a":
            {{"name":"a","schema":"","columns":{{{columns}}},"indexes":{{}},"foreignKeys":{{}},
            "compositePrimaryKeys":{{}},"uniqueConstraints":{{}}}}}},"enums":{{}},"schemas":{{}},
            "_meta":{{"columns":{{}},"schemas":{{}},"tables":{{}}}}}}"#
        );
        Snapshot::parse(&SourceFile::new("s.json", text)).unwrap()
    }

    fn column(name: &str, kind: &str) -> String {
        format!(
            r#""{name}":{{"name":"{name}","type":"{kind}","primaryKey":false,"notNull":false}}"#
        )
    }

    fn columns(list: &[(&str, &str)]) -> Snapshot {
        let all: Vec<_> = list.iter().map(|(name, kind)| column(name, kind)).collect();
        state(&all.join(","))
    }

    #[test]
    fn both_changes_are_in_the_result_or_the_parts_in_conflict_are_named() {
        let before = columns(&[("x", "int"), ("y", "int")]);
        for (after, onto, expected) in [
            // Both add, each its own.
            (
                columns(&[("x", "int"), ("y", "int"), ("mine", "int")]),
                columns(&[("x", "int"), ("y", "int"), ("theirs", "int")]),
                Ok(columns(&[
                    ("x", "int"),
                    ("y", "int"),
                    ("theirs", "int"),
                    ("mine", "int"),
                ])),
            ),
            // One drops, the other changes something else.
            (
                columns(&[("x", "int")]),
                columns(&[("x", "text"), ("y", "int")]),
                Ok(columns(&[("x", "text")])),
            ),
            // Both make the same change.
            (
                columns(&[("x", "text"), ("y", "int")]),
                columns(&[("x", "text"), ("y", "int")]),
                Ok(columns(&[("x", "text"), ("y", "int")])),
            ),
            // One drops what the other changes.
            (
                columns(&[("x", "text"), ("y", "int")]),
                columns(&[("y", "int")]),
                Err(vec!["tables.public.a.columns.x".to_owned()]),
            ),
            // Each its own way.
            (
                columns(&[("x", "text"), ("y", "int")]),
                columns(&[("x", "bigint"), ("y", "int")]),
                Err(vec!["tables.public.a.columns.x.type".to_owned()]),
            ),
        ] {
            assert_eq!(onto.with_change(&before, &after).unwrap(), expected);
        }
    }
}
