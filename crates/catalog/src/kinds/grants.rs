//! Grants: who may do what with an object of any kind. One object holds all of a target's rights,
//! those on its columns too, as a REVOKE on a relation reaches its columns.

use serde::{Deserialize, Serialize};

use super::names::role;
use super::rights::{Class, Command, Right, Rights, commands, owned_by, who};
use super::{
    Change, Cx, DefaultPrivileges, GivesWay, Kind, Object, Owner, Ref, Renaming, Tag, Target,
};
use crate::catalog::{Catalog, Spelling};
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::step::Step;

/// The rights on an object, where they are not what it has by itself or might not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grants {
    /// What they are about.
    pub on: Target,
    /// Which privileges there are.
    pub class: Class,
    /// All of them, the owner's too.
    pub rights: Rights,
}

impl Grants {
    /// What has the owner: the table, for the sequence of an identity.
    fn owned(&self) -> Id {
        match &self.on.part_of {
            Some(column) => Id::in_schema(Tag::Table, &column.schema, &column.parent),
            None => self.on.id.clone(),
        }
    }

    fn schema(&self) -> &str {
        if self.class == Class::Schema {
            ""
        } else {
            &self.on.id.schema
        }
    }

    /// What the object has just after its CREATE, or where nothing is said about it.
    fn base(&self, cx: &Cx<'_>) -> Rights {
        if cx.is_new(&self.on.object()) {
            DefaultPrivileges::of_created(cx.to, self.class, self.schema())
        } else {
            self.class.default_rights(major(cx.to))
        }
    }

    /// The steps from one list to another; the owner is the new one already.
    fn steps(
        &self,
        from: &Rights,
        to: &Rights,
        cx: &Cx<'_>,
        step: fn(Id, String) -> Step,
    ) -> Vec<Step> {
        let staying = if cx.to.contains(&self.on.object()) {
            cx.to
        } else {
            cx.from
        };
        let owner = Owner::of(staying, &self.owned());
        let (from, to) = (owned_by(from, owner), owned_by(to, owner));
        let called = self.on.granted(cx);
        let mut steps = Vec::new();
        for command in commands(&from, &to, self.class, major(cx.to)) {
            let sql = said(&command, "", &called, owner);
            let done = self.hazards(&command, owner, cx, step(self.id(), sql));
            // A right that somebody passed on is theirs to give and to take.
            match &command.by {
                Some(by) if by != "current_user" => {
                    steps.push(step(self.id(), format!("SET ROLE {};", role(by))));
                    steps.push(done);
                    steps.push(step(self.id(), "RESET ROLE;".to_owned()));
                }
                _ => steps.push(done),
            }
        }
        steps
    }

    fn hazards(&self, command: &Command, owner: &str, cx: &Cx<'_>, step: Step) -> Step {
        let target = &self.on.id;
        let who = people(&command.to, owner);
        let open = command.to.iter().any(|to| to.as_deref() == Some("public"));
        if command.grant && open {
            let says = format!("everybody gains {} on {target}", command.what);
            step.hazard(HazardKind::GrantPublic, says)
        } else if cx.is_new(&self.on.object()) {
            step
        } else {
            let verb = if command.grant { "gains" } else { "loses" };
            let option = if command.onward && !command.grant {
                "the grant option for "
            } else {
                ""
            };
            let says = format!("{who} {verb} {option}{} on {target}", command.what);
            step.hazard(HazardKind::RightsChange, says)
        }
    }
}

/// Roles for people.
pub(super) fn people(roles: &[Option<String>], owner: &str) -> String {
    let names: Vec<&str> = roles
        .iter()
        .map(|role| match role.as_deref() {
            Some("public") => "everybody",
            Some(role) => role,
            None => owner,
        })
        .collect();
    names.join(", ")
}

/// The statement of a command; `on` is what it is about, `before` what stands before the verb.
pub(super) fn said(command: &Command, before: &str, on: &str, owner: &str) -> String {
    let to: Vec<String> = command
        .to
        .iter()
        .map(|to| role(to.as_deref().unwrap_or(owner)))
        .collect();
    let (what, to) = (&command.what, to.join(", "));
    match (command.grant, command.onward) {
        (true, false) => format!("{before}GRANT {what} ON {on} TO {to};"),
        (true, true) => format!("{before}GRANT {what} ON {on} TO {to} WITH GRANT OPTION;"),
        (false, false) => format!("{before}REVOKE {what} ON {on} FROM {to};"),
        (false, true) => format!("{before}REVOKE GRANT OPTION FOR {what} ON {on} FROM {to};"),
    }
}

/// The server's major version, which privileges there are depends on.
pub(super) fn major(catalog: &Catalog) -> u16 {
    match catalog.spelling() {
        Spelling::Postgres { major } => major,
        Spelling::Declared => u16::MAX,
    }
}

/// Shows the roles in a list of rights, and hands its columns on.
pub(super) fn refs_of_rights(
    rights: &mut Rights,
    visit: &mut dyn FnMut(Ref<'_>),
    relation: Option<(&str, &str)>,
) {
    let shown = std::mem::take(rights).into_iter().map(|mut right: Right| {
        for name in [&mut right.to, &mut right.by].into_iter().flatten() {
            visit(Ref::Role(name));
        }
        if let (Some(name), Some((schema, relation))) = (&mut right.column, relation) {
            visit(Ref::Column {
                schema,
                relation,
                name,
            });
        }
        right
    });
    *rights = shown.collect();
}

impl Kind for Grants {
    const SPACE: Space = Space::Attached;
    const NOUN: &'static str = "grants on";
    const QUERY: &'static str = include_str!("grants.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::attached(Tag::Grants, &self.on.id)
    }

    fn parent(&self) -> Option<Id> {
        Some(self.on.object())
    }

    fn reference(&self) -> String {
        String::new()
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        let Id { schema, name, .. } = self.on.id.clone();
        refs_of_rights(&mut self.rights, visit, Some((&schema, &name)));
        self.on.refs(visit);
    }

    fn security(&self) -> Vec<String> {
        let said = |right: &Right| {
            let to = right.to.as_deref()?;
            let column = right.column.as_ref();
            let column = column.map_or_else(String::new, |column| format!(" column {column} of"));
            let onward = if right.onward {
                ", and pass that on"
            } else {
                ""
            };
            Some(format!(
                "{} may {}{column} {}{onward}",
                who(to),
                right.may,
                self.on.id
            ))
        };
        self.rights.iter().filter_map(said).collect()
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.steps(&self.base(cx), &self.rights, cx, Step::create)
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        let default = self.class.default_rights(major(cx.to));
        self.steps(&self.rights, &default, cx, Step::drop)
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        let column = |right: &Right| {
            right.column.as_ref().map(|name| {
                let Id {
                    schema,
                    name: parent,
                    ..
                } = &self.on.id;
                Id::in_parent(Tag::Column, schema, parent, name)
            })
        };
        // Rights on a column go with it.
        let still = |right: &&Right| {
            column(right).is_none_or(|id| !cx.from.contains(&id) || cx.to.contains(&id))
        };
        let from: Rights = self.rights.iter().filter(still).cloned().collect();
        Change::quiet(new.steps(&from, &new.rights, cx, Step::alter))
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        match below {
            _ if !replaced => GivesWay::Stay,
            _ if below.id() == self.on.object() => GivesWay::Rebuild,
            Object::Column(_) => GivesWay::Detach,
            _ => GivesWay::Stay,
        }
    }

    fn detached(&self, below: &Object) -> Option<Self> {
        let column = below.id().name;
        let mut meanwhile = self.clone();
        meanwhile
            .rights
            .retain(|right| right.column.as_deref() != Some(column.as_str()));
        (meanwhile != *self).then_some(meanwhile)
    }
}
