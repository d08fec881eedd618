//! Typed tables: the bond of a table to a composite type, apart from both, so that columns can be
//! changed while it is off.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::id::{Id, Space, qualified, relation};
use crate::step::{Lock, Step};

/// `ALTER TABLE … OF`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableType {
    /// Schema of the table.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Schema of the type.
    pub type_schema: String,
    /// The type.
    pub type_name: String,
    /// Columns as the type has them, by name; nothing about them can change meanwhile.
    pub columns: Vec<String>,
}

impl TableType {
    /// Whether a table is of a type before and after: its columns stay in their order, whatever that
    /// of the type's attributes is to be.
    pub(super) fn keep_order(of: &Id, cx: &Cx<'_>) -> bool {
        let is_of = |object: &Object| match object {
            Object::TableType(one) => one.type_id() == *of,
            _ => false,
        };
        let mut bonds = cx.from.of_kind(Tag::TableType);
        bonds.any(|(id, before)| is_of(before) && cx.to.get(id).is_some_and(is_of))
    }

    fn type_id(&self) -> Id {
        Id::in_schema(Tag::CompositeType, &self.type_schema, &self.type_name)
    }

    fn alter_table(&self, action: &str) -> String {
        let table = relation(&self.schema, &self.table);
        format!("ALTER TABLE {table} {action};")
    }
}

impl Kind for TableType {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "type of table";
    const QUERY: &'static str = include_str!("table_type.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::TableType, &self.schema, &self.table, "")
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::in_schema(Tag::Table, &self.schema, &self.table))
    }

    fn reference(&self) -> String {
        format!("TABLE {}", relation(&self.schema, &self.table))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Type {
            schema: &mut self.type_schema,
            name: &mut self.type_name,
        });
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
    }

    fn needs(&self, catalog: &Catalog) -> Vec<Id> {
        let columns = catalog.belonging(Tag::Column, &self.schema, &self.table);
        let of = self.type_id();
        let of = catalog.contains(&of).then_some(of);
        columns.map(Object::id).chain(of).collect()
    }

    /// Postgres compares the columns, and nothing adds or drops one meanwhile.
    fn binds(&self) -> Vec<Id> {
        self.parent().into_iter().collect()
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let of = format!("OF {}", qualified(&self.type_schema, &self.type_name));
        let step = Step::create(self.id(), self.alter_table(&of));
        vec![step.lock(Lock::AccessExclusive)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), self.alter_table("NOT OF"));
        vec![step.lock(Lock::AccessExclusive)]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn gives_way(&self, _: &Object, _: bool) -> GivesWay {
        GivesWay::Rebuild
    }
}
