//! Foreign data wrappers.

use serde::{Deserialize, Serialize};

use super::options::{self, Options};
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// A foreign data wrapper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignDataWrapper {
    /// Its name.
    pub name: String,
    /// HANDLER function as SQL text.
    pub handler: Option<String>,
    /// VALIDATOR function as SQL text.
    pub validator: Option<String>,
    /// OPTIONS, without what is secret.
    pub options: Options,
}

impl ForeignDataWrapper {
    fn step(&self, step: Step) -> Step {
        options::mark_secrets(step, &self.id().to_string())
    }
}

impl Kind for ForeignDataWrapper {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "foreign data wrapper";
    const QUERY: &'static str = include_str!("foreign_data_wrapper.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::global(Tag::ForeignDataWrapper, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("FOREIGN DATA WRAPPER {}", ident(&self.name))
    }

    fn refs(&mut self, _: &mut dyn FnMut(Ref<'_>)) {}

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut sql = format!("CREATE {}", self.reference());
        if let Some(handler) = &self.handler {
            sql += &format!(" HANDLER {handler}");
        }
        if let Some(validator) = &self.validator {
            sql += &format!(" VALIDATOR {validator}");
        }
        sql += &options::clause(&self.options);
        vec![self.step(Step::create(self.id(), sql + ";"))]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP {};", self.reference());
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let mut sql = format!("ALTER {}", self.reference());
        for (word, old, new) in [
            ("HANDLER", &self.handler, &new.handler),
            ("VALIDATOR", &self.validator, &new.validator),
        ] {
            if old != new {
                sql += &match new {
                    Some(function) => format!(" {word} {function}"),
                    None => format!(" NO {word}"),
                };
            }
        }
        sql += &options::change(&self.options, &new.options);
        Change::quiet(vec![self.step(Step::alter(self.id(), sql + ";"))])
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        if replaced {
            GivesWay::Detach
        } else {
            GivesWay::Stay
        }
    }

    fn detached(&self, _: &Object) -> Option<Self> {
        Some(Self {
            handler: None,
            validator: None,
            ..self.clone()
        })
    }
}
