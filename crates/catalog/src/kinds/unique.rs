//! Unique constraints.

use serde::{Deserialize, Serialize};

use super::probe::{Probe, has_columns};
use super::{
    Change, Cx, Fragment, GivesWay, IndexBehind, Kind, Object, Ref, Renaming, Tag, constraint,
    index_partition, lineage,
};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::step::{Lock, Step};

/// A unique constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// Schema of its table.
    pub schema: String,
    /// Its table.
    pub table: String,
    /// Name of the constraint and of its index.
    pub name: String,
    /// Columns in order.
    pub columns: Vec<String>,
    /// NULLS NOT DISTINCT (Postgres 15 and later).
    pub nulls_not_distinct: bool,
    /// What the index behind it has besides.
    #[serde(default)]
    pub behind: IndexBehind,
}

impl Unique {
    fn definition(&self) -> String {
        let nulls = if self.nulls_not_distinct {
            " NULLS NOT DISTINCT"
        } else {
            ""
        };
        format!("UNIQUE{nulls}{}", self.behind.columns(&self.columns))
    }
}

impl Kind for Unique {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "unique constraint";
    const QUERY: &'static str = include_str!("unique.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
    const NAMES_INDEX: bool = true;
    const COMES_DOWN: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;
    const INLINES: bool = true;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Unique, &self.schema, &self.table, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::in_schema(Tag::Table, &self.schema, &self.table))
    }

    fn reference(&self) -> String {
        constraint::reference(&self.id())
    }

    fn take_unsaid(&mut self, history: &Self, _: &Catalog, _: Option<&Self>) {
        if self.columns == history.columns {
            self.behind.clone_from(&history.behind);
        }
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        let Self {
            schema,
            table,
            name,
            columns,
            behind,
            ..
        } = self;
        for name in &mut behind.include {
            visit(Ref::Column {
                schema,
                relation: table,
                name,
            });
        }
        constraint::refs(name, schema, table, columns, visit);
    }

    fn probes(&self, _: Option<&Self>, from: &Catalog) -> Vec<Probe> {
        if !has_columns(from, &self.schema, &self.table, &self.columns) {
            return Vec::new();
        }
        let place = (self.schema.as_str(), self.table.as_str());
        vec![Probe::duplicates(self.id(), place, &self.columns, None)]
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let table = Id::in_schema(Tag::Table, &self.schema, &self.table);
        let step = constraint::add(self.id(), &self.definition());
        let mut step = constraint::only_here(step, cx);
        if !cx.is_new(&table) {
            step = step.lock(Lock::AccessExclusive).hazard(
                HazardKind::UniqueBuild,
                format!(
                    "{} is read and indexed while everybody waits; duplicates stop the migration",
                    table.path()
                ),
            );
        }
        vec![step]
    }

    fn inline(&self) -> Option<Fragment> {
        Some(Fragment::Line(constraint::named(
            &self.name,
            &self.definition(),
        )))
    }

    fn merges(&self) -> Option<String> {
        Some(self.behind.merges(&self.columns))
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        if lineage::index_goes_above(cx, &self.id()) {
            return Vec::new();
        }
        constraint::drop(self.id())
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let rest = Self {
            behind: new.behind.clone(),
            ..self.clone()
        };
        match self.behind.alter(&new.behind, &self.id()) {
            Some(steps) if rest == *new => Change::quiet(steps),
            _ => Change::Replace,
        }
    }

    fn online(&self, step: &Step, cx: &Cx<'_>) -> Option<Vec<Step>> {
        if !constraint::builds_key(step) || lineage::is_partitioned(cx, &self.schema, &self.table) {
            return None;
        }
        let nulls = if self.nulls_not_distinct {
            " NULLS NOT DISTINCT"
        } else {
            ""
        };
        constraint::key_in_two(&self.id(), &self.columns, nulls, &self.behind, "UNIQUE")
    }

    fn keeps_name(&self, from: &Catalog) -> bool {
        constraint::keeps_name(from, &self.schema, &self.table)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        constraint::rename(&self.id(), new.id())
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        match index_partition::bond_to(&self.id(), below) {
            _ if !replaced => GivesWay::Stay,
            Some(bond) => GivesWay::RebuildUnder(bond),
            None => GivesWay::Rebuild,
        }
    }
}
