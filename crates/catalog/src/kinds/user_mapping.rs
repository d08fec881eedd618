//! User mappings: what a role goes by on a foreign server.

use serde::{Deserialize, Serialize};

use super::options::{self, Options};
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// A user mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserMapping {
    /// Its role; `None` for PUBLIC.
    pub user: Option<String>,
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
        let user = self.user.as_deref().unwrap_or("PUBLIC");
        Id::in_parent(Tag::UserMapping, "", &self.server, user)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Server, &self.server))
    }

    fn reference(&self) -> String {
        let user = self.user.as_deref().map_or("PUBLIC".to_owned(), ident);
        format!("USER MAPPING FOR {user} SERVER {}", ident(&self.server))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        if let Some(user) = &mut self.user {
            visit(Ref::Role(user));
        }
    }

    fn needs(&self, _: &crate::catalog::Catalog) -> Vec<Id> {
        let role = |user: &String| Id::global(Tag::Role, user);
        self.user.iter().map(role).collect()
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

    fn rename(&self, _: &Self) -> Vec<Step> {
        Vec::new()
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        if replaced {
            GivesWay::Rebuild
        } else {
            GivesWay::Stay
        }
    }
}
