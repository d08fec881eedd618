//! Check constraints.

use serde::{Deserialize, Serialize};

use super::probe::Probe;
use super::{Change, Cx, Descent, Fragment, Kind, Object, Ref, Renaming, Tag, constraint, lineage};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::step::{Lock, Step};

/// A check constraint of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// NO INHERIT.
    #[serde(default)]
    pub no_inherit: bool,
    /// NOT VALID.
    #[serde(default)]
    pub not_valid: bool,
    /// NOT ENFORCED (Postgres 18 and later).
    #[serde(default)]
    pub not_enforced: bool,
    /// Where it comes from.
    #[serde(default)]
    pub origin: Descent,
}

impl Check {
    fn definition(&self) -> String {
        let inherit = if self.no_inherit { " NO INHERIT" } else { "" };
        let enforced = match (self.not_enforced, self.not_valid) {
            (true, _) => " NOT ENFORCED",
            (false, true) => " NOT VALID",
            (false, false) => "",
        };
        format!("CHECK ({}){inherit}{enforced}", self.expression)
    }
}

impl Kind for Check {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "check constraint";
    const QUERY: &'static str = include_str!("check.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
    const COMES_DOWN: bool = true;
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

    fn take_unsaid(&mut self, history: &Self, _: &Catalog, _: Option<&Self>) {
        *self = Self {
            expression: std::mem::take(&mut self.expression),
            ..history.clone()
        };
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

    /// What it comes from, so that it is there first.
    fn needs(&self, catalog: &Catalog) -> Vec<Id> {
        if self.origin == Descent::Own {
            return Vec::new();
        }
        lineage::all_above(catalog, &self.id())
    }

    fn same(&self, new: &Self) -> bool {
        // One that comes down to a new table is valid there, whatever it is above.
        let inherited = self.origin == Descent::Inherited && new.origin == Descent::Inherited;
        let moved = Self {
            origin: new.origin,
            not_valid: self.not_valid || inherited && new.not_valid,
            ..self.clone()
        };
        moved == *new
    }

    fn probes(&self, _: Option<&Self>, from: &Catalog) -> Vec<Probe> {
        if self.not_valid || self.not_enforced {
            return Vec::new();
        }
        let what = format!(
            "{} against check {}",
            Id::in_schema(Tag::Table, &self.schema, &self.table).path(),
            self.name
        );
        let condition = format!("NOT ({})", self.expression);
        let place = (self.schema.as_str(), self.table.as_str());
        vec![Probe::rows(self.id(), what, place, &condition, from)]
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        if self.origin != Descent::Own
            && let Some(Object::Check(above)) = lineage::made_above(cx, &self.id())
        {
            // A table that comes after it has it valid; NOT VALID comes down to one that is there.
            let table = Id::in_schema(Tag::Table, &self.schema, &self.table);
            let was_there = !cx.is_new(&table) || cx.is_new(&above.id());
            let validates = above.not_valid && !self.not_valid && was_there;
            return validates
                .then(|| constraint::validate(self.id()))
                .into_iter()
                .collect();
        }
        let table = Id::in_schema(Tag::Table, &self.schema, &self.table);
        let mut step = constraint::add(self.id(), &self.definition());
        if !cx.is_new(&table) && !self.not_valid && !self.not_enforced {
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
        // CREATE TABLE takes NOT VALID for valid, as there are no rows.
        if self.origin == Descent::Inherited || (self.not_valid && !self.not_enforced) {
            return None;
        }
        Some(Fragment::Line(constraint::named(
            &self.name,
            &self.definition(),
        )))
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        if self.origin != Descent::Own && lineage::goes_above(cx, &self.id()) {
            return Vec::new();
        }
        constraint::drop(self.id())
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let valid = Self {
            not_valid: false,
            ..self.clone()
        };
        if self.not_valid && !self.not_enforced && valid.same(new) {
            return Change::quiet(vec![constraint::validate(self.id())]);
        }
        Change::Replace
    }

    fn online(&self, step: &Step, _: &Cx<'_>) -> Option<Vec<Step>> {
        constraint::reads_rows(step)
            .then(|| constraint::add_in_two(&self.id(), &self.definition(), Lock::AccessExclusive))
    }

    fn keeps_name(&self, from: &Catalog) -> bool {
        constraint::keeps_name(from, &self.schema, &self.table)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        if self.origin != Descent::Own {
            return Vec::new();
        }
        constraint::rename(&self.id(), new.id())
    }
}
