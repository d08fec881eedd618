//! Event triggers.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag, trigger};
use crate::id::{Id, Space};
use crate::sql::{ident, literal};
use crate::step::Step;

/// An event trigger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventTrigger {
    /// Its name.
    pub name: String,
    /// `ddl_command_end` and the like.
    pub event: String,
    /// Command tags that it is limited to.
    pub tags: Vec<String>,
    /// Its function's qualified name, as SQL.
    pub function: String,
    /// When it is enabled, as `evtenabled` says it: `O`, `D`, `R` or `A`.
    pub enabled: String,
}

impl EventTrigger {
    fn enable(&self) -> Step {
        let sql = format!(
            "ALTER EVENT TRIGGER {} {};",
            ident(&self.name),
            trigger::enabled(&self.enabled)
        );
        Step::alter(self.id(), sql)
    }
}

impl Kind for EventTrigger {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "event trigger";
    const QUERY: &'static str = include_str!("event_trigger.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::global(Tag::EventTrigger, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("EVENT TRIGGER {}", ident(&self.name))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Own(&mut self.name));
        visit(Ref::Expression {
            sql: &mut self.function,
            relation: None,
        });
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut sql = format!(
            "CREATE EVENT TRIGGER {} ON {}",
            ident(&self.name),
            self.event
        );
        if !self.tags.is_empty() {
            let tags: Vec<_> = self.tags.iter().map(|tag| literal(tag)).collect();
            sql += &format!(" WHEN TAG IN ({})", tags.join(", "));
        }
        sql += &format!(" EXECUTE FUNCTION {}();", self.function);
        let mut steps = vec![Step::create(self.id(), sql)];
        if self.enabled != "O" {
            steps.push(self.enable());
        }
        steps
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP EVENT TRIGGER {};", ident(&self.name));
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let mut enabled = self.clone();
        enabled.enabled.clone_from(&new.enabled);
        if enabled != *new {
            return Change::Replace;
        }
        Change::quiet(vec![new.enable()])
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        let (old, name) = (ident(&self.name), ident(&new.name));
        let sql = format!("ALTER EVENT TRIGGER {old} RENAME TO {name};");
        vec![Step::rename(new.id(), sql)]
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
