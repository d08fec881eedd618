//! Access methods of tables and indexes.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// An access method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessMethod {
    /// Its name.
    pub name: String,
    /// `TABLE` or `INDEX`.
    pub r#type: String,
    /// Its handler function as SQL text.
    pub handler: String,
}

impl Kind for AccessMethod {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "access method";
    const QUERY: &'static str = include_str!("access_method.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::global(Tag::AccessMethod, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("ACCESS METHOD {}", ident(&self.name))
    }

    fn refs(&mut self, _: &mut dyn FnMut(Ref<'_>)) {}

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!(
            "CREATE {} TYPE {} HANDLER {};",
            self.reference(),
            self.r#type,
            self.handler
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
