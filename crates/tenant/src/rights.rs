//! Who may do what, decided from the catalog alone: grants, PUBLIC, owners, memberships, attributes.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::kinds::{Class, Membership, Right, Role};
use driftless_catalog::{Catalog, Id, Object, Spelling, Tag};

/// What a role may do with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum May {
    /// Nothing.
    No,
    /// It may with these columns.
    Columns(BTreeSet<String>),
    /// It may.
    Whole,
}

impl May {
    /// Whether there is anything it may.
    pub fn any(&self) -> bool {
        *self != Self::No
    }
}

/// The roles of a catalog and how they hang together.
#[derive(Debug)]
pub(crate) struct Roles<'a> {
    catalog: &'a Catalog,
    /// What the role is called whose ownership goes without saying.
    owner: Option<&'a str>,
    by_name: BTreeMap<&'a str, &'a Role>,
    memberships: Vec<&'a Membership>,
}

/// What stands for the role whose name is not known.
pub(crate) const CONNECTED: &str = "current_user";

impl<'a> Roles<'a> {
    pub(crate) fn new(catalog: &'a Catalog, owner: Option<&'a str>) -> Self {
        let roles = catalog.of_kind(Tag::Role);
        let memberships = catalog.of_kind(Tag::Membership);
        Self {
            catalog,
            owner,
            by_name: roles
                .filter_map(|(_, object)| match object {
                    Object::Role(role) => Some((role.name.as_str(), role)),
                    _ => None,
                })
                .collect(),
            memberships: memberships
                .filter_map(|(_, object)| match object {
                    Object::Membership(membership) => Some(membership),
                    _ => None,
                })
                .collect(),
        }
    }

    /// A role's name, where the catalog calls it by a word.
    pub(crate) fn name<'n>(&self, role: &'n str) -> &'n str
    where
        'a: 'n,
    {
        if role == CONNECTED {
            self.owner.unwrap_or(CONNECTED)
        } else {
            role
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Role> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn owner_of(&self, object: &Id) -> &'a str {
        match self.catalog.get(&Id::attached(Tag::Owner, object)) {
            Some(Object::Owner(owner)) => self.name(&owner.role),
            _ => self.owner.unwrap_or(CONNECTED),
        }
    }

    /// Whether no policy holds for a role, and why; the role that nothing is known of may be a
    /// superuser.
    pub(crate) fn passes_by(&self, name: &str) -> Option<&'static str> {
        match self.get(name) {
            Some(role) if role.superuser => Some("a superuser"),
            Some(role) if role.bypass_rls => Some("BYPASSRLS"),
            None if name == CONNECTED => Some("whoever migrates, perhaps a superuser"),
            // Those that came with the cluster: its first superuser, and Postgres's own.
            None if !name.starts_with("pg_") => Some("nothing is known of it, perhaps a superuser"),
            _ => None,
        }
    }

    /// Every role whose rights a role has at once, itself and PUBLIC among them.
    pub(crate) fn inherited<'s>(&'s self, name: &'s str) -> BTreeSet<&'s str> {
        let mut all = self.closure(name, |membership, member| {
            let by_role = member.is_none_or(|role| role.inherit);
            let mut grants = membership.grants.iter();
            grants.any(|grant| grant.inherit.unwrap_or(by_role))
        });
        all.insert("public");
        all
    }

    /// Every role that it can become or give itself, but for itself.
    pub(crate) fn reachable<'s>(&'s self, name: &'s str) -> BTreeSet<&'s str> {
        let mut all = self.closure(name, |membership, _| {
            let mut grants = membership.grants.iter();
            grants.any(|grant| {
                grant.admin || grant.set != Some(false) || grant.inherit != Some(false)
            })
        });
        all.remove(name);
        all
    }

    fn closure<'s>(
        &'s self,
        name: &'s str,
        holds: impl Fn(&Membership, Option<&Role>) -> bool,
    ) -> BTreeSet<&'s str> {
        let mut all = BTreeSet::from([name]);
        let mut next = vec![name];
        while let Some(member) = next.pop() {
            let role = self.get(member);
            for membership in &self.memberships {
                let group = self.name(&membership.role);
                if self.name(&membership.member) == member
                    && holds(membership, role)
                    && all.insert(group)
                {
                    next.push(group);
                }
            }
        }
        all
    }

    /// Who has a privilege on a table, view, sequence or function, as `has_table_privilege` and its
    /// kin say it.
    pub(crate) fn may(&self, name: &str, on: &Id, privilege: &str) -> May {
        if self.get(name).is_some_and(|role| role.superuser) {
            return May::Whole;
        }
        let all = self.inherited(name);
        if all
            .iter()
            .any(|role| reads_or_writes_all(role, on.kind, privilege))
        {
            return May::Whole;
        }
        let owner = self.owner_of(on);
        let holds = |right: &&Right| {
            let to = right.to.as_deref().map_or(owner, |to| self.name(to));
            right.may == privilege && all.contains(to)
        };
        let Some(Object::Grants(grants)) = self.catalog.get(&Id::attached(Tag::Grants, on)) else {
            let everybody = on.kind == Tag::Function && privilege == "EXECUTE";
            return if everybody || all.contains(owner) {
                May::Whole
            } else {
                May::No
            };
        };
        let rights: Vec<&Right> = grants.rights.iter().filter(holds).collect();
        if rights.iter().any(|right| right.column.is_none()) {
            return May::Whole;
        }
        let columns: BTreeSet<String> = rights
            .into_iter()
            .filter_map(|right| right.column.clone())
            .collect();
        if columns.is_empty() {
            May::No
        } else {
            May::Columns(columns)
        }
    }

    /// Which privileges PUBLIC has on an object by name.
    pub(crate) fn of_public(&self, on: &Id) -> BTreeSet<&'a str> {
        match self.catalog.get(&Id::attached(Tag::Grants, on)) {
            Some(Object::Grants(grants)) if grants.class != Class::Function => grants
                .rights
                .iter()
                .filter(|right| right.to.as_deref() == Some("public"))
                .map(|right| right.may.as_str())
                .collect(),
            _ => BTreeSet::new(),
        }
    }

    /// Major version of the server.
    pub(crate) fn major(&self) -> u16 {
        match self.catalog.spelling() {
            Spelling::Postgres { major } => major,
            Spelling::Declared => u16::MAX,
        }
    }
}

/// What the roles of Postgres's own give on every table.
fn reads_or_writes_all(role: &str, kind: Tag, privilege: &str) -> bool {
    if !matches!(kind, Tag::Table | Tag::View | Tag::MaterializedView) {
        return false;
    }
    match role {
        "pg_read_all_data" => privilege == "SELECT",
        "pg_write_all_data" => matches!(privilege, "INSERT" | "UPDATE" | "DELETE"),
        _ => false,
    }
}
