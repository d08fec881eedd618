//! Conversions between encodings.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space, qualified};
use crate::sql::literal;
use crate::step::Step;

/// A conversion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The encoding it reads.
    pub source: String,
    /// The encoding it writes.
    pub target: String,
    /// Its function as SQL text.
    pub function: String,
    /// DEFAULT: the one that is used between the two.
    pub default: bool,
}

impl Kind for Conversion {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "conversion";
    const QUERY: &'static str = include_str!("conversion.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::Conversion, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("CONVERSION {}", qualified(&self.schema, &self.name))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
        visit(Ref::Expression {
            sql: &mut self.function,
            relation: None,
        });
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let default = if self.default { "DEFAULT " } else { "" };
        let sql = format!(
            "CREATE {default}{} FOR {} TO {} FROM {};",
            self.reference(),
            literal(&self.source),
            literal(&self.target),
            self.function
        );
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }
}
