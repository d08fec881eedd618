//! Which column owns a sequence: apart from both, as a column's default may need the sequence.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::id::{Id, Space, qualified, relation};
use crate::sql::ident;
use crate::step::Step;

/// `ALTER SEQUENCE … OWNED BY`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SequenceOwner {
    /// Schema of the sequence and of the table: Postgres wants one for both.
    pub schema: String,
    /// The sequence.
    pub sequence: String,
    /// The owning column's table.
    pub table: String,
    /// The owning column.
    pub column: String,
}

impl SequenceOwner {
    /// The column that owns a sequence, which goes with it.
    pub(super) fn column_of(catalog: &Catalog, schema: &str, sequence: &str) -> Option<Id> {
        catalog
            .belonging(Tag::SequenceOwner, schema, sequence)
            .find_map(|object| match object {
                Object::SequenceOwner(owner) => Some(owner.column_id()),
                _ => None,
            })
    }

    fn column_id(&self) -> Id {
        Id::in_parent(Tag::Column, &self.schema, &self.table, &self.column)
    }

    fn owned_by(&self, owner: &str) -> String {
        let sequence = qualified(&self.schema, &self.sequence);
        format!("ALTER SEQUENCE {sequence} OWNED BY {owner};")
    }
}

impl Kind for SequenceOwner {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "owner of sequence";
    const QUERY: &'static str = include_str!("sequence_owner.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::SequenceOwner, &self.schema, &self.sequence, "")
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::in_schema(Tag::Sequence, &self.schema, &self.sequence))
    }

    fn reference(&self) -> String {
        format!("SEQUENCE {}", qualified(&self.schema, &self.sequence))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        let Self {
            schema,
            sequence,
            table,
            column,
        } = self;
        visit(Ref::Column {
            schema,
            relation: table,
            name: column,
        });
        let mut own = schema.clone();
        visit(Ref::Relation {
            schema: &mut own,
            name: table,
        });
        visit(Ref::Relation {
            schema,
            name: sequence,
        });
    }

    fn needs(&self, _: &Catalog) -> Vec<Id> {
        vec![
            Id::in_schema(Tag::Table, &self.schema, &self.table),
            self.column_id(),
        ]
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let owner = format!(
            "{}.{}",
            relation(&self.schema, &self.table),
            ident(&self.column)
        );
        vec![Step::create(self.id(), self.owned_by(&owner))]
    }

    /// A sequence that goes too is not waited for: it may go with the column.
    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        let sequence = Id::in_schema(Tag::Sequence, &self.schema, &self.sequence);
        if !cx.to.contains(&sequence) {
            return Vec::new();
        }
        vec![Step::drop(self.id(), self.owned_by("NONE"))]
    }

    /// Let go first, so that the sequence does not go with the old owner.
    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
