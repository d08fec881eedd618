//! Procedural languages that no extension brings.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// A procedural language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// Its name.
    pub name: String,
    /// TRUSTED: anybody may write functions in it.
    pub trusted: bool,
    /// Its handler function as SQL text.
    pub handler: String,
    /// Its function for DO as SQL text.
    pub inline: Option<String>,
    /// Its validator function as SQL text.
    pub validator: Option<String>,
}

impl Kind for Language {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "language";
    const QUERY: &'static str = include_str!("language.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::global(Tag::Language, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("LANGUAGE {}", ident(&self.name))
    }

    fn refs(&mut self, _: &mut dyn FnMut(Ref<'_>)) {}

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let trusted = if self.trusted { "TRUSTED " } else { "" };
        let mut sql = format!(
            "CREATE {trusted}{} HANDLER {}",
            self.reference(),
            self.handler
        );
        if let Some(inline) = &self.inline {
            sql += &format!(" INLINE {inline}");
        }
        if let Some(validator) = &self.validator {
            sql += &format!(" VALIDATOR {validator}");
        }
        vec![Step::create(self.id(), sql + ";")]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }
}
