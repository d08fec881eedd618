//! Roles. They belong to the cluster, not to one database.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// A role and what it may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// CREATEDB.
    pub create_db: bool,
    /// CREATEROLE.
    pub create_role: bool,
    /// INHERIT, the default of Postgres.
    pub inherit: bool,
}

impl Role {
    fn attributes(&self) -> [(&'static str, bool, bool); 3] {
        [
            ("CREATEDB", self.create_db, false),
            ("CREATEROLE", self.create_role, false),
            ("INHERIT", self.inherit, true),
        ]
    }
}

fn option(name: &str, on: bool) -> String {
    format!("{}{name}", if on { "" } else { "NO" })
}

impl Kind for Role {
    const SPACE: Space = Space::Role;
    const NOUN: &'static str = "role";
    const QUERY: &'static str = include_str!("role.sql");
    const RENAME: Renaming = Renaming::Ask;

    fn id(&self) -> Id {
        Id::global(Tag::Role, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!("ROLE {}", ident(&self.name))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Role(&mut self.name));
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let options: Vec<_> = self
            .attributes()
            .into_iter()
            .filter(|(_, on, default)| on != default)
            .map(|(name, on, _)| option(name, on))
            .collect();
        let with = if options.is_empty() { "" } else { " WITH " };
        vec![Step::create(
            self.id(),
            format!(
                "CREATE ROLE {}{with}{};",
                ident(&self.name),
                options.join(" ")
            ),
        )]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), format!("DROP ROLE {};", ident(&self.name)));
        vec![step.hazard(
            HazardKind::DropRole,
            format!("role {} is dropped from the whole cluster", self.name),
        )]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let options: Vec<_> = self
            .attributes()
            .into_iter()
            .zip(new.attributes())
            .filter(|(old, new)| old != new)
            .map(|(_, (name, on, _))| option(name, on))
            .collect();
        Change::quiet(vec![Step::alter(
            self.id(),
            format!(
                "ALTER ROLE {} WITH {};",
                ident(&self.name),
                options.join(" ")
            ),
        )])
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        vec![Step::rename(
            new.id(),
            format!(
                "ALTER ROLE {} RENAME TO {};",
                ident(&self.name),
                ident(&new.name)
            ),
        )]
    }
}
