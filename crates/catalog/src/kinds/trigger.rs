//! Triggers on tables and views.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::id::{Id, Space, relation};
use crate::sql::ident;
use crate::step::{Action, Lock, Step};

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Schema of its relation.
    pub schema: String,
    /// Its relation.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What its relation is.
    pub of: Tag,
    /// The trigger's relation whose partition has it too: then only when it fires is its own.
    pub inherited_from: Option<Origin>,
    /// A constraint trigger.
    pub constraint: bool,
    /// When it fires: `BEFORE INSERT OR UPDATE OF a`.
    pub events: String,
    /// What follows the name of its relation: `FOR EACH ROW WHEN (…) EXECUTE FUNCTION f()`.
    pub definition: String,
    /// When it is enabled, as `tgenabled` says it: `O`, `D`, `R` or `A`.
    pub enabled: String,
}

/// A relation whose partitions have its triggers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub table: String,
}

/// The words of ALTER TABLE for what `tgenabled` and `ev_enabled` say.
pub(super) fn enabled(state: &str) -> &'static str {
    match state {
        "D" => "DISABLE",
        "R" => "ENABLE REPLICA",
        "A" => "ENABLE ALWAYS",
        _ => "ENABLE",
    }
}

impl Trigger {
    fn on(&self) -> String {
        format!(
            "{} ON {}",
            ident(&self.name),
            relation(&self.schema, &self.table)
        )
    }

    fn says(&self, create: &str) -> String {
        format!(
            "{create} TRIGGER {} {} ON {} {};",
            ident(&self.name),
            self.events,
            relation(&self.schema, &self.table),
            self.definition
        )
    }

    fn enable(&self, state: &str) -> Step {
        let sql = format!(
            "ALTER TABLE {} {} TRIGGER {};",
            relation(&self.schema, &self.table),
            enabled(state),
            ident(&self.name)
        );
        Step::alter(self.id(), sql).lock(Lock::ShareRowExclusive)
    }

    fn origin(&self) -> Option<Id> {
        let Origin { schema, table } = self.inherited_from.as_ref()?;
        Some(Id::in_parent(Tag::Trigger, schema, table, &self.name))
    }
}

impl Kind for Trigger {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "trigger";
    const QUERY: &'static str = include_str!("trigger.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Trigger, &self.schema, &self.table, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::in_schema(self.of, &self.schema, &self.table))
    }

    fn reference(&self) -> String {
        format!("TRIGGER {}", self.on())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Own(&mut self.name));
        for sql in [&mut self.events, &mut self.definition] {
            visit(Ref::Expression {
                sql,
                relation: Some((&self.schema, &self.table)),
            });
        }
        if let Some(Origin { schema, table }) = &mut self.inherited_from {
            visit(Ref::Relation {
                schema,
                name: table,
            });
        }
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
    }

    fn needs(&self, _: &crate::catalog::Catalog) -> Vec<Id> {
        self.origin().into_iter().collect()
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        if self.inherited_from.is_some() {
            let mut step = self.enable(&self.enabled);
            step.action = Action::Create;
            return vec![step];
        }
        let create = if self.constraint {
            "CREATE CONSTRAINT"
        } else {
            "CREATE"
        };
        let step = Step::create(self.id(), self.says(create));
        let mut steps = vec![step.lock(Lock::ShareRowExclusive)];
        if self.enabled != "O" {
            steps.push(self.enable(&self.enabled));
        }
        steps
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        if let Some(origin) = self.origin() {
            // It fires again when its origin does, unless it goes with that.
            return match cx.to.get(&origin) {
                Some(Object::Trigger(origin)) => {
                    let mut step = self.enable(&origin.enabled);
                    step.action = Action::Drop;
                    vec![step]
                }
                _ => Vec::new(),
            };
        }
        let sql = format!("DROP TRIGGER {};", self.on());
        vec![Step::drop(self.id(), sql).lock(Lock::AccessExclusive)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.inherited_from != new.inherited_from || self.of != new.of {
            return Change::Replace;
        }
        if self.inherited_from.is_some() {
            return Change::quiet(vec![self.enable(&new.enabled)]);
        }
        let mut steps = Vec::new();
        let redefined = self.events != new.events || self.definition != new.definition;
        if redefined || self.constraint != new.constraint {
            if self.constraint || new.constraint {
                return Change::Replace;
            }
            let step = Step::alter(self.id(), new.says("CREATE OR REPLACE"));
            steps.push(step.lock(Lock::ShareRowExclusive));
        }
        if self.enabled != new.enabled || !steps.is_empty() && new.enabled != "O" {
            steps.push(self.enable(&new.enabled));
        }
        Change::Alter {
            steps,
            // The partitions follow.
            disturbs: true,
        }
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        let sql = format!(
            "ALTER TRIGGER {} RENAME TO {};",
            self.on(),
            ident(&new.name)
        );
        vec![Step::rename(new.id(), sql).lock(Lock::AccessExclusive)]
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        match below {
            Object::Column(_) | Object::Trigger(_) => GivesWay::Rebuild,
            _ if replaced => GivesWay::Rebuild,
            _ => GivesWay::Stay,
        }
    }
}
