//! Partitions: the bond of a table to the partitioned table above it.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, relation};
use crate::step::{Lock, Step};

/// `ALTER TABLE … ATTACH PARTITION`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// Schema of the partition.
    pub schema: String,
    /// The partition, a table.
    pub table: String,
    /// Schema of the partitioned table.
    pub parent_schema: String,
    /// The partitioned table.
    pub parent: String,
    /// Which rows it takes: `FOR VALUES IN (1)`, `DEFAULT`.
    pub bound: String,
}

impl Partition {
    fn table_id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.schema, &self.table)
    }

    fn parent_id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.parent_schema, &self.parent)
    }

    fn sql(&self, verb: &str, bound: &str) -> String {
        format!(
            "ALTER TABLE {} {verb} PARTITION {}{bound};",
            relation(&self.parent_schema, &self.parent),
            relation(&self.schema, &self.table)
        )
    }
}

/// What has to be there, or to be as it was, on both sides of a bond.
pub(super) fn both_sides(catalog: &Catalog, child: &Id, parent: &Id) -> Vec<Id> {
    const PARTS: [Tag; 6] = [
        Tag::Column,
        Tag::PrimaryKey,
        Tag::Unique,
        Tag::Check,
        Tag::Exclusion,
        Tag::Index,
    ];
    let mut needs = vec![child.clone(), parent.clone()];
    for table in [child, parent] {
        for kind in PARTS {
            let parts = catalog.belonging(kind, &table.schema, &table.name);
            needs.extend(parts.map(Object::id));
        }
    }
    let keys = catalog.belonging(Tag::ForeignKey, &child.schema, &child.name);
    needs.extend(keys.map(Object::id));
    needs
}

impl Kind for Partition {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "partition";
    const QUERY: &'static str = include_str!("partition.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Partition, &self.schema, &self.table, "")
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

    fn contends(&self) -> Option<String> {
        let parent = relation(&self.parent_schema, &self.parent);
        Some(format!("rows of {parent}"))
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let bound = format!(" {}", self.bound);
        let mut step = Step::create(self.id(), self.sql("ATTACH", &bound));
        if !cx.is_new(&self.table_id()) {
            step = step.lock(Lock::AccessExclusive).hazard(
                HazardKind::ValidateRows,
                format!(
                    "every row of {} is checked against the bound; one outside stops the migration",
                    self.table_id().path()
                ),
            );
        }
        vec![step]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), self.sql("DETACH", ""));
        vec![step.lock(Lock::AccessExclusive)]
    }

    /// Two partitions may swap their bounds: all let go before any is attached.
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
