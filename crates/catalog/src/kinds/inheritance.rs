//! Inheritance: the bond of a table to one that it inherits from.

use serde::{Deserialize, Serialize};

use super::partition::both_sides;
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::id::{Id, Space, relation};
use crate::step::{Lock, Step};

/// `ALTER TABLE … INHERIT`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inheritance {
    /// Schema of the table that inherits.
    pub schema: String,
    /// The table that inherits.
    pub table: String,
    /// Schema of the table that it inherits from.
    pub parent_schema: String,
    /// The table that it inherits from.
    pub parent: String,
}

impl Inheritance {
    fn table_id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.schema, &self.table)
    }

    fn parent_id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.parent_schema, &self.parent)
    }

    fn sql(&self, verb: &str) -> String {
        format!(
            "ALTER TABLE {} {verb} {};",
            relation(&self.schema, &self.table),
            relation(&self.parent_schema, &self.parent)
        )
    }
}

impl Kind for Inheritance {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "inheritance";
    const QUERY: &'static str = include_str!("inheritance.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        let above = format!("{}.{}", self.parent_schema, self.parent);
        Id::in_parent(Tag::Inheritance, &self.schema, &self.table, &above)
    }

    fn parent(&self) -> Option<Id> {
        Some(self.table_id())
    }

    fn reference(&self) -> String {
        format!("TABLE {}", relation(&self.schema, &self.table))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
        visit(Ref::Relation {
            schema: &mut self.parent_schema,
            name: &mut self.parent,
        });
    }

    fn needs(&self, catalog: &Catalog) -> Vec<Id> {
        both_sides(catalog, &self.table_id(), &self.parent_id())
    }

    fn binds(&self) -> Vec<Id> {
        vec![self.table_id(), self.parent_id()]
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        // CREATE TABLE says it, so that columns come from above.
        if cx.is_new(&self.table_id()) {
            return Vec::new();
        }
        let step = Step::create(self.id(), self.sql("INHERIT"));
        vec![step.lock(Lock::AccessExclusive)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), self.sql("NO INHERIT"));
        vec![step.lock(Lock::AccessExclusive)]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        match below {
            Object::Table(_) if replaced => GivesWay::Rebuild,
            _ => GivesWay::Stay,
        }
    }
}
