//! Casts.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space};
use crate::step::Step;

/// A cast between two types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    /// The type it reads, as SQL text.
    pub source: String,
    /// The type it makes, as SQL text.
    pub target: String,
    /// `WITH FUNCTION …`, `WITHOUT FUNCTION` or `WITH INOUT`.
    pub method: String,
    /// ` AS ASSIGNMENT`, ` AS IMPLICIT` or nothing.
    pub context: String,
}

impl Kind for Cast {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "cast";
    const QUERY: &'static str = include_str!("cast.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::global(Tag::Cast, &format!("{} AS {}", self.source, self.target))
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("CAST ({} AS {})", self.source, self.target)
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Expression {
            sql: &mut self.source,
            relation: None,
        });
        visit(Ref::Expression {
            sql: &mut self.target,
            relation: None,
        });
        visit(Ref::Expression {
            sql: &mut self.method,
            relation: None,
        });
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!(
            "CREATE {} {}{};",
            self.reference(),
            self.method,
            self.context
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
