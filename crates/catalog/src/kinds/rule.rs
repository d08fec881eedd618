//! Rules, except for the one that makes a view.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag, trigger};
use crate::id::{Id, Space, relation};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Schema of its relation.
    pub schema: String,
    /// Its relation.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What its relation is.
    pub of: Tag,
    /// SELECT, INSERT, UPDATE or DELETE.
    pub event: String,
    /// What follows the name of its relation: `WHERE … DO INSTEAD …`.
    pub definition: String,
    /// When it is enabled, as `ev_enabled` says it: `O`, `D`, `R` or `A`.
    pub enabled: String,
}

impl Rule {
    fn on(&self) -> String {
        format!(
            "{} ON {}",
            ident(&self.name),
            relation(&self.schema, &self.table)
        )
    }

    fn says(&self, create: &str) -> String {
        format!(
            "{create} RULE {} AS ON {} TO {} {};",
            ident(&self.name),
            self.event,
            relation(&self.schema, &self.table),
            self.definition.trim()
        )
    }

    fn enable(&self) -> Step {
        let sql = format!(
            "ALTER TABLE {} {} RULE {};",
            relation(&self.schema, &self.table),
            trigger::enabled(&self.enabled),
            ident(&self.name)
        );
        Step::alter(self.id(), sql).lock(Lock::AccessExclusive)
    }
}

impl Kind for Rule {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "rule";
    const QUERY: &'static str = include_str!("rule.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Rule, &self.schema, &self.table, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::in_schema(self.of, &self.schema, &self.table))
    }

    fn reference(&self) -> String {
        format!("RULE {}", self.on())
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

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::create(self.id(), self.says("CREATE"));
        let mut steps = vec![step.lock(Lock::AccessExclusive)];
        if self.enabled != "O" {
            steps.push(self.enable());
        }
        steps
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP RULE {};", self.on());
        vec![Step::drop(self.id(), sql).lock(Lock::AccessExclusive)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.of != new.of {
            return Change::Replace;
        }
        let mut steps = Vec::new();
        if self.event != new.event || self.definition != new.definition {
            let step = Step::alter(self.id(), new.says("CREATE OR REPLACE"));
            steps.push(step.lock(Lock::AccessExclusive));
        }
        if self.enabled != new.enabled {
            steps.push(new.enable());
        }
        Change::quiet(steps)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        let sql = format!("ALTER RULE {} RENAME TO {};", self.on(), ident(&new.name));
        vec![Step::rename(new.id(), sql).lock(Lock::AccessExclusive)]
    }
}
