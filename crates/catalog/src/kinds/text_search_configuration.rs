//! Text search configurations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space, qualified};
use crate::step::Step;

/// A text search configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextSearchConfiguration {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its parser as SQL text.
    pub parser: String,
    /// Dictionaries by type of token, as SQL text in order.
    pub mappings: BTreeMap<String, String>,
}

impl TextSearchConfiguration {
    fn mapping(&self, action: &str) -> Step {
        Step::alter(self.id(), format!("ALTER {} {action};", self.reference()))
    }
}

impl Kind for TextSearchConfiguration {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "text search configuration";
    const QUERY: &'static str = include_str!("text_search_configuration.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::TextSearchConfiguration, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!(
            "TEXT SEARCH CONFIGURATION {}",
            qualified(&self.schema, &self.name)
        )
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("CREATE {} (PARSER = {});", self.reference(), self.parser);
        let mut steps = vec![Step::create(self.id(), sql)];
        for (token, dictionaries) in &self.mappings {
            steps.push(self.mapping(&format!("ADD MAPPING FOR {token} WITH {dictionaries}")));
        }
        steps
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.parser != new.parser {
            return Change::Replace;
        }
        let mut steps = Vec::new();
        for token in self.mappings.keys() {
            if !new.mappings.contains_key(token) {
                steps.push(self.mapping(&format!("DROP MAPPING FOR {token}")));
            }
        }
        for (token, dictionaries) in &new.mappings {
            let verb = match self.mappings.get(token) {
                None => "ADD",
                Some(old) if old != dictionaries => "ALTER",
                Some(_) => continue,
            };
            let action = format!("{verb} MAPPING FOR {token} WITH {dictionaries}");
            steps.push(self.mapping(&action));
        }
        Change::quiet(steps)
    }
}
