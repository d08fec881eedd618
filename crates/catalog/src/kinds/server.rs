//! Foreign servers.

use serde::{Deserialize, Serialize};

use super::options::{self, Options};
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::id::{Id, Space};
use crate::sql::{ident, literal};
use crate::step::Step;

/// A foreign server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its name.
    pub name: String,
    /// Its foreign data wrapper.
    pub wrapper: String,
    /// TYPE.
    pub r#type: Option<String>,
    /// VERSION.
    pub version: Option<String>,
    /// OPTIONS, without what is secret.
    pub options: Options,
}

impl Server {
    fn step(&self, step: Step) -> Step {
        options::mark_secrets(step, &self.id().to_string())
    }
}

impl Kind for Server {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "server";
    const QUERY: &'static str = include_str!("server.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::global(Tag::Server, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("SERVER {}", ident(&self.name))
    }

    fn granted(&self) -> String {
        format!("FOREIGN {}", self.reference())
    }

    fn refs(&mut self, _: &mut dyn FnMut(Ref<'_>)) {}

    fn needs(&self, _: &crate::catalog::Catalog) -> Vec<Id> {
        vec![Id::global(Tag::ForeignDataWrapper, &self.wrapper)]
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut sql = format!("CREATE {}", self.reference());
        if let Some(kind) = &self.r#type {
            sql += &format!(" TYPE {}", literal(kind));
        }
        if let Some(version) = &self.version {
            sql += &format!(" VERSION {}", literal(version));
        }
        sql += &format!(" FOREIGN DATA WRAPPER {}", ident(&self.wrapper));
        sql += &options::clause(&self.options);
        vec![self.step(Step::create(self.id(), sql + ";"))]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP {};", self.reference());
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let unversioned = self.version.is_some() && new.version.is_none();
        if self.wrapper != new.wrapper || self.r#type != new.r#type || unversioned {
            return Change::Replace;
        }
        let mut sql = format!("ALTER {}", self.reference());
        if let Some(version) = &new.version
            && self.version != new.version
        {
            sql += &format!(" VERSION {}", literal(version));
        }
        sql += &options::change(&self.options, &new.options);
        Change::quiet(vec![self.step(Step::alter(self.id(), sql + ";"))])
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
