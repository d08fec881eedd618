//! Roles. They belong to the cluster, not to one database.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::sql::{ident, literal};
use crate::step::Step;

/// A role and what it may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an attribute of its own"
)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// CREATEDB.
    pub create_db: bool,
    /// CREATEROLE.
    pub create_role: bool,
    /// INHERIT, the default of Postgres.
    pub inherit: bool,
    /// SUPERUSER.
    #[serde(default)]
    pub superuser: bool,
    /// LOGIN.
    #[serde(default)]
    pub login: bool,
    /// REPLICATION.
    #[serde(default)]
    pub replication: bool,
    /// BYPASSRLS: no policy applies to it.
    #[serde(default)]
    pub bypass_rls: bool,
    /// CONNECTION LIMIT, where there is one.
    #[serde(default)]
    pub connection_limit: Option<i32>,
    /// VALID UNTIL, where its password ends.
    #[serde(default)]
    pub valid_until: Option<String>,
}

impl Role {
    /// The option of each attribute, and whether it is what a new role has.
    fn attributes(&self) -> [(String, bool); 9] {
        let flag = |name: &str, on: bool, default: bool| {
            (
                format!("{}{name}", if on { "" } else { "NO" }),
                on == default,
            )
        };
        [
            flag("CREATEDB", self.create_db, false),
            flag("CREATEROLE", self.create_role, false),
            flag("INHERIT", self.inherit, true),
            flag("SUPERUSER", self.superuser, false),
            flag("LOGIN", self.login, false),
            flag("REPLICATION", self.replication, false),
            flag("BYPASSRLS", self.bypass_rls, false),
            (
                format!("CONNECTION LIMIT {}", self.connection_limit.unwrap_or(-1)),
                self.connection_limit.is_none(),
            ),
            (
                format!(
                    "VALID UNTIL {}",
                    literal(self.valid_until.as_deref().unwrap_or("infinity"))
                ),
                self.valid_until.is_none(),
            ),
        ]
    }

    /// What it may do that no grant and no policy says.
    fn unbound(&self, was: Option<&Self>, step: Step) -> Step {
        let name = &self.name;
        let gains = |of: fn(&Self) -> bool| of(self) && !was.is_some_and(of);
        if gains(|role| role.superuser) {
            let says = format!("role {name} becomes a superuser");
            step.hazard(HazardKind::UnboundRole, says)
        } else if gains(|role| role.bypass_rls) {
            let says = format!("no policy applies to role {name} any longer");
            step.hazard(HazardKind::UnboundRole, says)
        } else {
            step
        }
    }
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

    fn security(&self) -> Vec<String> {
        let powers = [
            (self.superuser, "is a superuser"),
            (self.bypass_rls, "passes by row security"),
            (self.create_role, "may create roles"),
            (self.create_db, "may create databases"),
            (self.replication, "may replicate"),
            (self.login, "may log in"),
        ];
        let held = powers.into_iter().filter(|(holds, _)| *holds);
        held.map(|(_, what)| format!("{} {what}", self.name))
            .collect()
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let options: Vec<_> = self
            .attributes()
            .into_iter()
            .filter(|(_, default)| !default)
            .map(|(option, _)| option)
            .collect();
        let with = if options.is_empty() { "" } else { " WITH " };
        let sql = format!(
            "CREATE ROLE {}{with}{};",
            ident(&self.name),
            options.join(" ")
        );
        vec![self.unbound(None, Step::create(self.id(), sql))]
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
            .map(|(_, (option, _))| option)
            .collect();
        let sql = format!(
            "ALTER ROLE {} WITH {};",
            ident(&self.name),
            options.join(" ")
        );
        let step = Step::alter(self.id(), sql);
        Change::quiet(vec![new.unbound(Some(self), step)])
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
