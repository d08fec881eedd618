//! `serial`: a column, its default, the sequence and whose that is, in one word.

use super::{Cx, Part};
use driftless_catalog::kinds::{Column, Sequence, SequenceOptions, SequenceOwner};
use driftless_catalog::{Catalog, Id, Object, Tag, identifiers};
use std::collections::{BTreeMap, BTreeSet};

/// The columns that are `serial`, by the schema and name of their sequence.
pub(super) struct Serials {
    columns: BTreeMap<(String, String), Id>,
}

impl Serials {
    pub(super) fn of(live: &Catalog) -> Self {
        let owners = live.of_kind(Tag::SequenceOwner);
        let columns = owners.filter_map(|(_, object)| {
            let Object::SequenceOwner(owner) = object else {
                return None;
            };
            let column = Id::in_parent(Tag::Column, &owner.schema, &owner.table, &owner.column);
            let Some(Object::Column(one)) = live.get(&column) else {
                return None;
            };
            word(one, live)?;
            (sequence_of(one)?.1 == owner.sequence)
                .then(|| ((owner.schema.clone(), owner.sequence.clone()), column))
        });
        Self {
            columns: columns.collect(),
        }
    }

    /// Whether a sequence is said with its column.
    pub(super) fn has_sequence(&self, schema: &str, name: &str, cx: &Cx<'_>) -> bool {
        let key = (schema.to_owned(), name.to_owned());
        let column = self.columns.get(&key);
        column.is_some_and(|column| cx.has_table(&column.schema, &column.parent))
    }
}

/// Whose a sequence is goes without saying where the column is `serial`.
pub(super) fn owner_part(owner: &SequenceOwner, cx: &Cx<'_>) -> Part {
    if cx.serials.has_sequence(&owner.schema, &owner.sequence, cx) {
        Part::Whole
    } else {
        Part::NoWords
    }
}

/// `serial`, `smallserial` or `bigserial` where a column is exactly that.
pub(super) fn word(column: &Column, live: &Catalog) -> Option<&'static str> {
    if !column.data_type.schema.is_empty() || column.data_type.dimensions > 0 || !column.not_null {
        return None;
    }
    let (word, stored) = match column.data_type.name.as_str() {
        "smallint" => ("smallserial", Some("smallint")),
        "integer" => ("serial", Some("integer")),
        "bigint" => ("bigserial", None),
        _ => return None,
    };
    let (schema, name) = sequence_of(column)?;
    let usual = Sequence {
        schema: schema.clone(),
        name: name.clone(),
        data_type: stored.map(str::to_owned),
        unlogged: false,
        options: SequenceOptions::default(),
    };
    let is_usual = schema == column.schema
        && name == Column::serial_sequence_name(&column.table, &column.name)
        && live.get(&Id::in_schema(Tag::Sequence, &schema, &name)) == Some(&Object::from(usual));
    let mut owners = live.belonging(Tag::SequenceOwner, &schema, &name);
    let is_own = owners.any(|owner| match owner {
        Object::SequenceOwner(owner) => owner.table == column.table && owner.column == column.name,
        _ => false,
    });
    (is_usual && is_own && is_alone(column, live)).then_some(word)
}

/// Whether the sequence counts for this column alone.
fn is_alone(column: &Column, live: &Catalog) -> bool {
    let columns = live.of_kind(Tag::Column);
    let same: BTreeSet<_> = columns
        .filter(|(_, other)| match other {
            Object::Column(other) => other.default == column.default,
            _ => false,
        })
        .map(|(id, _)| id)
        .take(2)
        .collect();
    same.len() == 1
}

/// The sequence of `nextval('schema.sequence'::regclass)`.
fn sequence_of(column: &Column) -> Option<(String, String)> {
    let default = column.default.as_deref()?;
    let name = default
        .strip_prefix("nextval('")?
        .strip_suffix("'::regclass)")?;
    let name = name.replace("''", "'");
    let (parts, _) = identifiers(&name);
    match &parts[..] {
        [schema, name] => Some((schema.name.clone(), name.name.clone())),
        _ => None,
    }
}
