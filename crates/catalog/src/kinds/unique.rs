//! Unique constraints.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Fragment, GivesWay, Kind, Object, Ref, Renaming, Tag, constraint};
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::step::{Lock, Step};

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl Unique {
    fn definition(&self) -> String {
        let nulls = if self.nulls_not_distinct {
            " NULLS NOT DISTINCT"
        } else {
            ""
        };
        format!("UNIQUE{nulls}({})", constraint::list(&self.columns))
    }
}

impl Kind for Unique {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "unique constraint";
    const QUERY: &'static str = include_str!("unique.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
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

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        let Self {
            schema,
            table,
            name,
            columns,
            ..
        } = self;
        constraint::refs(name, schema, table, columns, visit);
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let table = Id::in_schema(Tag::Table, &self.schema, &self.table);
        let mut step = constraint::add(self.id(), &self.definition());
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

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        constraint::drop(self.id())
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        constraint::rename(&self.id(), new.id())
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        if replaced {
            GivesWay::Rebuild
        } else {
            GivesWay::Stay
        }
    }
}
