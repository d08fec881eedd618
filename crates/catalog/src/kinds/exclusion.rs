//! Exclusion constraints.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag, constraint, lineage};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::step::{Lock, Step};

/// An exclusion constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Schema of its table.
    pub schema: String,
    /// Its table.
    pub table: String,
    /// Name of the constraint and of its index.
    pub name: String,
    /// Everything from EXCLUDE on, in Postgres's spelling.
    pub definition: String,
    /// Storage parameters of its index as SQL text.
    pub with: BTreeMap<String, String>,
    /// Tablespace of its index; `None` is the database's.
    pub tablespace: Option<String>,
}

impl Exclusion {
    /// Storage comes before the predicate and the timing, which the definition has already.
    fn later(&self) -> Vec<Step> {
        let nothing = BTreeMap::new();
        let with = (&nothing, &self.with);
        constraint::alter_index(&self.id(), with, (None, self.tablespace.as_ref()))
    }
}

impl Kind for Exclusion {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "exclusion constraint";
    const QUERY: &'static str = include_str!("exclusion.sql");
    const FALLS_WITH_PARENT: bool = true;
    const NAMES_INDEX: bool = true;
    const COMES_DOWN: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Exclusion, &self.schema, &self.table, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::in_schema(Tag::Table, &self.schema, &self.table))
    }

    fn reference(&self) -> String {
        constraint::reference(&self.id())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Own(&mut self.name));
        visit(Ref::Expression {
            sql: &mut self.definition,
            relation: Some((&self.schema, &self.table)),
        });
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let table = Id::in_schema(Tag::Table, &self.schema, &self.table);
        let mut step = constraint::add(self.id(), &self.definition);
        step = constraint::only_here(step, cx);
        if !cx.is_new(&table) {
            step = step.lock(Lock::AccessExclusive).hazard(
                HazardKind::UniqueBuild,
                format!(
                    "{} is read and indexed while everybody waits; rows that exclude each other stop the migration",
                    table.path()
                ),
            );
        }
        let mut steps = vec![step];
        steps.extend(self.later());
        steps
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        if lineage::index_goes_above(cx, &self.id()) {
            return Vec::new();
        }
        constraint::drop(self.id())
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.definition != new.definition {
            return Change::Replace;
        }
        let space = (self.tablespace.as_ref(), new.tablespace.as_ref());
        Change::quiet(constraint::alter_index(
            &self.id(),
            (&self.with, &new.with),
            space,
        ))
    }

    fn keeps_name(&self, from: &Catalog) -> bool {
        constraint::keeps_name(from, &self.schema, &self.table)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        constraint::rename(&self.id(), new.id())
    }
}
