//! User mappings: what a role goes by on a foreign server.

use serde::{Deserialize, Serialize};

use super::names::role;
use super::options::{self, Options};
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// A user mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserMapping {
    /// Its role; `public` and `current_user` are words.
    pub user: String,
    /// Its server.
    pub server: String,
    /// OPTIONS, without what is secret.
    pub options: Options,
}

impl UserMapping {
    fn step(&self, step: Step) -> Step {
        options::mark_secrets(step, &self.id().to_string())
    }
}

impl Kind for UserMapping {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "user mapping";
    const QUERY: &'static str = include_str!("user_mapping.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::UserMapping, "", &self.server, &self.user)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Server, &self.server))
    }

    fn reference(&self) -> String {
        format!(
            "USER MAPPING FOR {} SERVER {}",
            role(&self.user),
            ident(&self.server)
        )
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Role(&mut self.user));
    }

    fn needs(&self, _: &crate::catalog::Catalog) -> Vec<Id> {
        vec![Id::global(Tag::Role, &self.user)]
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let options = options::clause(&self.options);
        let sql = format!("CREATE {}{options};", self.reference());
        vec![self.step(Step::create(self.id(), sql))]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP {};", self.reference());
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let options = options::change(&self.options, &new.options);
        let sql = format!("ALTER {}{options};", self.reference());
        Change::quiet(vec![self.step(Step::alter(self.id(), sql))])
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
