//! Extensions. What is in them comes and goes with them and is nobody else's.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::sql::{ident, literal};
use crate::step::Step;

/// An extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// Schema of its objects; `None` where it makes that schema itself.
    pub schema: Option<String>,
    /// Whether it can move to another schema.
    pub relocatable: bool,
    /// Its version, where that is not the one a server installs by itself.
    pub version: Option<String>,
}

impl Extension {
    fn alter_self(&self, action: &str) -> Step {
        let sql = format!("ALTER EXTENSION {} {action};", ident(&self.name));
        Step::alter(self.id(), sql)
    }
}

impl Kind for Extension {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "extension";
    const QUERY: &'static str = include_str!("extension.sql");
    const RENAME: Renaming = Renaming::WhenEqual;
    const LEADS: bool = true;

    fn id(&self) -> Id {
        Id::global(Tag::Extension, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("EXTENSION {}", ident(&self.name))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        if let Some(schema) = &mut self.schema {
            visit(Ref::Schema(schema));
        }
    }

    fn same(&self, new: &Self) -> bool {
        // A version that one side leaves to the server is an update only when somebody asks.
        let versions = self.version.is_none() || new.version.is_none();
        self.name == new.name
            && self.schema == new.schema
            && (versions || self.version == new.version)
    }

    /// Its members would be made under default privileges that are new as well.
    fn leads(&self, other: &Id, created: bool) -> bool {
        created && other.kind == Tag::DefaultPrivileges
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let mut sql = format!("CREATE EXTENSION {}", ident(&self.name));
        if let Some(schema) = &self.schema {
            sql += &format!(" WITH SCHEMA {}", ident(schema));
        }
        if let Some(version) = &self.version {
            sql += &format!(" VERSION {}", literal(version));
        }
        let mut steps = vec![Step::create(self.id(), sql + ";")];
        if !cx.to.contains(&Id::attached(Tag::Comment, &self.id())) {
            let sql = format!("COMMENT ON {} IS NULL;", self.reference());
            let step = Step::alter(self.id(), sql);
            steps.push(step.because("an extension brings a comment along"));
        }
        steps
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP EXTENSION {};", ident(&self.name));
        vec![Step::drop(self.id(), sql).hazard(
            HazardKind::DropExtension,
            format!(
                "extension {} is dropped with everything in it, rows of its tables included",
                self.name
            ),
        )]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let mut steps = Vec::new();
        if self.schema != new.schema {
            let (true, Some(schema)) = (self.relocatable, &new.schema) else {
                return Change::Replace;
            };
            steps.push(self.alter_self(&format!("SET SCHEMA {}", ident(schema))));
        }
        if let (Some(old), Some(version)) = (&self.version, &new.version)
            && old != version
        {
            steps.push(self.alter_self(&format!("UPDATE TO {}", literal(version))));
        }
        Change::quiet(steps)
    }
}
