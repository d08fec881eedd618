//! Primary keys.

use serde::{Deserialize, Serialize};

use super::probe::{Probe, has_columns};
use super::{
    Change, Cx, Fragment, GivesWay, IndexBehind, Kind, Object, Purpose, Ref, Renaming, Tag,
    constraint, index_partition, lineage, names,
};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, relation};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// A table's primary key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrimaryKey {
    /// Schema of its table.
    pub schema: String,
    /// Its table.
    pub table: String,
    /// Name of the constraint and of its index.
    pub name: String,
    /// Key columns in order.
    pub columns: Vec<String>,
    /// What the index behind it has besides.
    #[serde(default)]
    pub behind: IndexBehind,
}

impl PrimaryKey {
    /// The name Postgres gives when nobody does: `users_pkey`.
    pub fn default_name(table: &str) -> String {
        names::object_name(table, "", "pkey")
    }

    fn has_default_name(&self) -> bool {
        self.name == Self::default_name(&self.table)
    }

    fn definition(&self) -> String {
        format!("PRIMARY KEY{}", self.behind.columns(&self.columns))
    }
}

impl Kind for PrimaryKey {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "primary key";
    const QUERY: &'static str = include_str!("primary_key.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
    const NAMES_INDEX: bool = true;
    const COMES_DOWN: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;
    const INLINES: bool = true;

    fn id(&self) -> Id {
        Id::in_parent(Tag::PrimaryKey, &self.schema, &self.table, &self.name)
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
                    "{} is read and indexed while everybody waits; NULLs and duplicates stop the migration",
                    table.path()
                ),
            );
        }
        vec![step]
    }

    fn inline(&self) -> Option<Fragment> {
        match (&self.columns[..], self.has_default_name()) {
            ([column], true) if self.behind == IndexBehind::default() => Some(Fragment::Behind {
                sibling: Id::in_parent(Tag::Column, &self.schema, &self.table, column),
                text: "PRIMARY KEY".to_owned(),
            }),
            (_, true) => Some(Fragment::Line(self.definition())),
            (_, false) => Some(Fragment::Line(constraint::named(
                &self.name,
                &self.definition(),
            ))),
        }
    }

    /// A table has one.
    fn contends(&self) -> Option<String> {
        let table = relation(&self.schema, &self.table);
        Some(format!("primary key of {table}"))
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
        constraint::key_in_two(&self.id(), &self.columns, "", &self.behind, "PRIMARY KEY")
    }

    fn purpose(&self, _: &Catalog) -> Option<Purpose> {
        Some(Purpose {
            of: self.parent()?,
            has_usual_name: self.has_default_name(),
        })
    }

    fn keeps_name(&self, from: &Catalog) -> bool {
        constraint::keeps_name(from, &self.schema, &self.table)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        // A name that nobody chose may differ in a database whose table another tool renamed.
        if new.has_default_name() {
            let sql = format!(
                "ALTER INDEX IF EXISTS {} RENAME TO {};",
                relation(&self.schema, &self.name),
                ident(&new.name)
            );
            return vec![
                Step::rename(new.id(), sql).because("the primary key is named after its table"),
            ];
        }
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
