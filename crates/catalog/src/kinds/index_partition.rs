//! Indexes of partitions as parts of the partitioned table's index, those behind constraints too.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::id::{Id, Space, relation};
use crate::step::{Lock, Step};

/// `ALTER INDEX … ATTACH PARTITION`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexPartition {
    /// Schema of the partition and of its index.
    pub schema: String,
    /// The partition.
    pub table: String,
    /// Its index.
    pub index: String,
    /// Schema of the partitioned table and of its index.
    pub parent_schema: String,
    /// The partitioned table.
    pub parent_table: String,
    /// Its index.
    pub parent: String,
}

/// The object that has an index of this name: the index, or the constraint before it.
pub(super) fn index_of(catalog: &Catalog, schema: &str, table: &str, index: &str) -> Option<Id> {
    [Tag::Index, Tag::PrimaryKey, Tag::Unique, Tag::Exclusion]
        .into_iter()
        .map(|kind| Id::in_parent(kind, schema, table, index))
        .find(|id| catalog.contains(id))
}

/// The bond by which an index, or the constraint before it, hangs on one above.
pub(super) fn bond_to(id: &Id, below: &Object) -> Option<Id> {
    let above = matches!(
        below,
        Object::Index(_) | Object::PrimaryKey(_) | Object::Unique(_) | Object::Exclusion(_)
    );
    above.then(|| Id::in_parent(Tag::Partition, &id.schema, &id.parent, ""))
}

impl IndexPartition {
    /// The partitioned table's index.
    pub(super) fn above(&self, catalog: &Catalog) -> Option<Id> {
        index_of(
            catalog,
            &self.parent_schema,
            &self.parent_table,
            &self.parent,
        )
    }
}

impl Kind for IndexPartition {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "partition of an index";
    const QUERY: &'static str = include_str!("index_partition.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::IndexPartition, &self.schema, &self.table, &self.index)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::in_schema(Tag::Table, &self.schema, &self.table))
    }

    fn reference(&self) -> String {
        format!("INDEX {}", relation(&self.schema, &self.index))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
        visit(Ref::Relation {
            schema: &mut self.parent_schema,
            name: &mut self.parent_table,
        });
    }

    fn needs(&self, catalog: &Catalog) -> Vec<Id> {
        let bond = Id::in_parent(Tag::Partition, &self.schema, &self.table, "");
        index_of(catalog, &self.schema, &self.table, &self.index)
            .into_iter()
            .chain(self.above(catalog))
            .chain([bond])
            .filter(|id| catalog.contains(id))
            .collect()
    }

    /// The key of a partitioned table is none for others until all of its parts are there.
    fn binds(&self) -> Vec<Id> {
        let above = Id::in_schema(Tag::Table, &self.parent_schema, &self.parent_table);
        self.parent().into_iter().chain([above]).collect()
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        // A table that becomes a partition brings its indexes along.
        let bond = Id::in_parent(Tag::Partition, &self.schema, &self.table, "");
        if cx.is_new(&bond) {
            return Vec::new();
        }
        let sql = format!(
            "ALTER INDEX {} ATTACH PARTITION {};",
            relation(&self.parent_schema, &self.parent),
            relation(&self.schema, &self.index)
        );
        vec![Step::create(self.id(), sql).lock(Lock::AccessExclusive)]
    }

    /// It ends with one of the two indexes, or with the partition.
    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        Vec::new()
    }

    fn ends_only_with(&self, from: &Catalog, goes: &dyn Fn(&Id) -> bool) -> Option<Id> {
        let own = index_of(from, &self.schema, &self.table, &self.index)?;
        let bond = Id::in_parent(Tag::Partition, &self.schema, &self.table, "");
        let detached = goes(&bond) || self.parent().is_some_and(|table| goes(&table));
        let above = self.above(from)?;
        (goes(&own) && !detached && !goes(&above)).then_some(above)
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
