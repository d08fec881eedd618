//! Check constraints.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Fragment, Kind, Ref, Renaming, Tag, constraint};
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::step::{Lock, Step};

/// A check constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Schema of its table.
    pub schema: String,
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// The expression, without the outer parentheses.
    pub expression: String,
}

impl Check {
    fn definition(&self) -> String {
        format!("CHECK ({})", self.expression)
    }
}

impl Kind for Check {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "check constraint";
    const QUERY: &'static str = include_str!("check.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;
    const INLINES: bool = true;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Check, &self.schema, &self.table, &self.name)
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
            sql: &mut self.expression,
            relation: Some((&self.schema, &self.table)),
        });
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let table = Id::in_schema(Tag::Table, &self.schema, &self.table);
        let mut step = constraint::add(self.id(), &self.definition());
        if !cx.is_new(&table) {
            step = step.lock(Lock::AccessExclusive).hazard(
                HazardKind::ValidateRows,
                format!(
                    "every row of {} is checked while everybody waits; one that fails stops the migration",
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
}
