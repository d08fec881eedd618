//! Text search parsers.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space, qualified};
use crate::step::Step;

/// A text search parser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextSearchParser {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its functions: `START = prsd_start`.
    pub options: Vec<String>,
}

impl Kind for TextSearchParser {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "text search parser";
    const QUERY: &'static str = include_str!("text_search_parser.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::TextSearchParser, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("TEXT SEARCH PARSER {}", qualified(&self.schema, &self.name))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("CREATE {} ({});", self.reference(), self.options.join(", "));
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }
}
