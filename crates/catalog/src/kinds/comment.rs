//! Comments on objects of any kind.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag, Target};
use crate::id::{Id, Space};
use crate::sql::literal;
use crate::step::Step;

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// What it is about.
    pub on: Target,
    /// What it says.
    pub text: String,
}

impl Comment {
    fn says(&self, text: &str, cx: &Cx<'_>) -> String {
        format!("COMMENT ON {} IS {text};", self.on.reference(cx))
    }
}

impl Kind for Comment {
    const SPACE: Space = Space::Attached;
    const NOUN: &'static str = "comment on";
    const QUERY: &'static str = include_str!("comment.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::attached(Tag::Comment, &self.on.id)
    }

    fn parent(&self) -> Option<Id> {
        Some(self.on.object())
    }

    fn reference(&self) -> String {
        String::new()
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        self.on.refs(visit);
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        vec![Step::create(self.id(), self.says(&literal(&self.text), cx))]
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), self.says("NULL", cx))]
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        Change::quiet(vec![Step::alter(
            self.id(),
            self.says(&literal(&new.text), cx),
        )])
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
