//! Text search dictionaries.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space, qualified};
use crate::step::Step;

/// A text search dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextSearchDictionary {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its template as SQL text.
    pub template: String,
    /// Its options as SQL text: `stopwords = 'english'`.
    pub options: Option<String>,
}

/// The names in `a = 'b', "C" = 'd'`.
fn option_names(options: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut name, mut quoted, mut in_name) = (String::new(), false, true);
    for c in options.chars() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '=' => in_name = false,
            ',' => {
                names.push(std::mem::take(&mut name).trim().to_owned());
                in_name = true;
            }
            _ if in_name => name.push(c),
            _ => {}
        }
    }
    names.push(name.trim().to_owned());
    names.retain(|name| !name.is_empty());
    names
}

impl Kind for TextSearchDictionary {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "text search dictionary";
    const QUERY: &'static str = include_str!("text_search_dictionary.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::TextSearchDictionary, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!(
            "TEXT SEARCH DICTIONARY {}",
            qualified(&self.schema, &self.name)
        )
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut options = format!("TEMPLATE = {}", self.template);
        if let Some(more) = &self.options {
            options += &format!(", {more}");
        }
        let sql = format!("CREATE {} ({options});", self.reference());
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        // An option that goes has to be named, and every configuration would lose its mappings.
        let names = |options: &Option<String>| option_names(options.as_deref().unwrap_or(""));
        let (old, now) = (names(&self.options), names(&new.options));
        if self.template != new.template {
            return Change::Replace;
        }
        let mut list: Vec<String> = old.into_iter().filter(|name| !now.contains(name)).collect();
        list.extend(new.options.clone());
        let sql = format!("ALTER {} ({});", self.reference(), list.join(", "));
        Change::quiet(vec![Step::alter(self.id(), sql)])
    }
}
