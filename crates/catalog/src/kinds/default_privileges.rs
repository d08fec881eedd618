//! Default privileges: what a role's objects get when they are made.

use serde::{Deserialize, Serialize};

use super::grants::{major, people, refs_of_rights, said};
use super::names::role;
use super::rights::{Class, Right, Rights, commands, who};
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// The default privileges of one role for one class of objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultPrivileges {
    /// Whose objects; `None` is the role whose ownership goes without saying.
    pub role: Option<String>,
    /// In which schema; `None` is everywhere.
    pub schema: Option<String>,
    /// Which objects.
    pub objects: Class,
    /// In a schema what is added, everywhere what there is in all; the role itself is the owner.
    pub rights: Rights,
}

impl DefaultPrivileges {
    /// What an object has that the connected role has just made in a schema.
    pub(super) fn of_created(catalog: &Catalog, class: Class, schema: &str) -> Rights {
        let of = |schema| match catalog.get(&id(class, None, schema)) {
            Some(Object::DefaultPrivileges(default)) => Some(&default.rights),
            _ => None,
        };
        let everywhere = of("").cloned();
        let mut rights = everywhere.unwrap_or_else(|| class.default_rights(major(catalog)));
        for right in of(schema)
            .filter(|_| !schema.is_empty())
            .into_iter()
            .flatten()
        {
            // With the grant option is more than without.
            let mut other = right.clone();
            other.onward = !right.onward;
            if right.onward {
                rights.remove(&other);
            }
            if !rights.contains(&other) {
                rights.insert(right.clone());
            }
        }
        rights
    }

    /// What there is where nothing is said.
    fn base(&self, cx: &Cx<'_>) -> Rights {
        match self.schema {
            Some(_) => Rights::new(),
            None => self.objects.default_rights(major(cx.to)),
        }
    }

    fn steps(
        &self,
        from: &Rights,
        to: &Rights,
        cx: &Cx<'_>,
        step: fn(Id, String) -> Step,
    ) -> Vec<Step> {
        let mut before = "ALTER DEFAULT PRIVILEGES ".to_owned();
        if let Some(name) = &self.role {
            before += &format!("FOR ROLE {} ", role(name));
        }
        if let Some(schema) = &self.schema {
            before += &format!("IN SCHEMA {} ", ident(schema));
        }
        let owner = self.role.as_deref().unwrap_or("current_user");
        let objects = self.objects.plural();
        commands(from, to, self.objects, major(cx.to))
            .into_iter()
            .map(|command| {
                let done = step(self.id(), said(&command, &before, objects, owner));
                let open = command.to.iter().any(|to| to.as_deref() == Some("public"));
                let who = people(&command.to, owner);
                let (verb, kind) = match (command.grant, open) {
                    (true, true) => ("gains", HazardKind::GrantPublic),
                    (true, false) => ("gains", HazardKind::RightsChange),
                    (false, _) => ("loses", HazardKind::RightsChange),
                };
                let what = &command.what;
                let made = objects.to_lowercase();
                done.hazard(
                    kind,
                    format!("{who} {verb} {what} on {made} that are made later"),
                )
            })
            .collect()
    }
}

fn id(class: Class, role: Option<&str>, schema: &str) -> Id {
    let objects = class.plural().to_lowercase();
    Id::in_parent(
        Tag::DefaultPrivileges,
        schema,
        role.unwrap_or_default(),
        &objects,
    )
}

impl Kind for DefaultPrivileges {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "default privileges";
    const QUERY: &'static str = include_str!("default_privileges.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;
    const LEADS: bool = true;

    fn id(&self) -> Id {
        let schema = self.schema.as_deref().unwrap_or_default();
        id(self.objects, self.role.as_deref(), schema)
    }

    fn parent(&self) -> Option<Id> {
        let schema = self.schema.as_ref()?;
        Some(Id::global(Tag::Schema, schema))
    }

    fn reference(&self) -> String {
        String::new()
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        refs_of_rights(&mut self.rights, visit, None);
        if let Some(role) = &mut self.role {
            visit(Ref::Role(role));
        }
        if let Some(schema) = &mut self.schema {
            visit(Ref::Schema(schema));
        }
    }

    fn needs(&self, _: &Catalog) -> Vec<Id> {
        let grantees = self.rights.iter().filter_map(|right| right.to.as_ref());
        let roles = grantees.chain(&self.role);
        let mut needs: Vec<Id> = roles.map(|role| Id::global(Tag::Role, role)).collect();
        needs.extend(self.parent());
        needs
    }

    /// What is made afterwards has them from the start.
    fn leads(&self, other: &Id, created: bool) -> bool {
        created
            && self.role.is_none()
            && other.kind != Tag::DefaultPrivileges
            && match &self.schema {
                Some(schema) => other.schema == *schema,
                None => !matches!(
                    other.kind,
                    Tag::Role | Tag::Membership | Tag::RoleSettings | Tag::Extension
                ),
            }
    }

    fn security(&self) -> Vec<String> {
        let by = self
            .role
            .as_deref()
            .map_or_else(String::new, |role| format!(" by {role}"));
        let of = self
            .schema
            .as_deref()
            .map_or_else(String::new, |schema| format!(" in {schema}"));
        let said = |right: &Right| {
            let to = right.to.as_deref()?;
            let objects = self.objects.plural().to_lowercase();
            Some(format!(
                "{} may {} {objects} that will be made{by}{of}",
                who(to),
                right.may
            ))
        };
        self.rights.iter().filter_map(said).collect()
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.steps(&self.base(cx), &self.rights, cx, Step::create)
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.steps(&self.rights, &self.base(cx), cx, Step::drop)
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        Change::quiet(self.steps(&self.rights, &new.rights, cx, Step::alter))
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        if replaced && Some(below.id()) == self.parent() {
            GivesWay::Rebuild
        } else {
            GivesWay::Stay
        }
    }
}
