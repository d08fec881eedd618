//! Membership of one role in another.

use serde::{Deserialize, Serialize};

use super::grants::major;
use super::names::role;
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::step::Step;

/// A role's membership in another, granted once or, from Postgres 16 on, by several roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The role that has members.
    pub role: String,
    /// Its member.
    pub member: String,
    /// The grants, by grantor.
    pub grants: Vec<MembershipGrant>,
}

/// A membership as one role granted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipGrant {
    /// Who granted it; `None` is the connected role, or the first superuser.
    pub by: Option<String>,
    /// WITH ADMIN OPTION.
    pub admin: bool,
    /// WITH INHERIT, from Postgres 16 on.
    pub inherit: Option<bool>,
    /// WITH SET, from Postgres 16 on.
    pub set: Option<bool>,
}

impl MembershipGrant {
    fn granted_by(&self) -> String {
        self.by
            .as_ref()
            .map(|by| format!(" GRANTED BY {}", role(by)))
            .unwrap_or_default()
    }

    fn options(&self) -> String {
        let mut options = Vec::new();
        for (word, on) in [
            ("ADMIN", Some(self.admin)),
            ("INHERIT", self.inherit),
            ("SET", self.set),
        ] {
            if let Some(on) = on {
                options.push(format!("{word} {}", if on { "TRUE" } else { "FALSE" }));
            }
        }
        options.join(", ")
    }
}

impl Membership {
    fn grant(&self, grant: &MembershipGrant, major: u16) -> String {
        let (group, member) = (role(&self.role), role(&self.member));
        let with = match (major, grant.admin) {
            (16.., _) => format!(" WITH {}", grant.options()),
            (_, true) => " WITH ADMIN OPTION".to_owned(),
            (_, false) => String::new(),
        };
        format!("GRANT {group} TO {member}{with}{};", grant.granted_by())
    }

    fn revoke(&self, grant: &MembershipGrant, only: &str) -> String {
        let (group, member) = (role(&self.role), role(&self.member));
        format!("REVOKE {only}{group} FROM {member}{};", grant.granted_by())
    }

    fn gains(&self, step: Step, cx: &Cx<'_>) -> Step {
        let member = Id::global(Tag::Role, &self.member);
        if cx.is_new(&member) {
            return step;
        }
        let says = format!("{} gains what {} may do", self.member, self.role);
        step.hazard(HazardKind::RightsChange, says)
    }

    fn loses(&self, step: Step) -> Step {
        let says = format!("{} loses what {} may do", self.member, self.role);
        step.hazard(HazardKind::RightsChange, says)
    }
}

impl Kind for Membership {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "membership";
    const QUERY: &'static str = include_str!("membership.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Membership, "", &self.role, &self.member)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Role, &self.role))
    }

    fn reference(&self) -> String {
        String::new()
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Role(&mut self.role));
        visit(Ref::Role(&mut self.member));
        for by in self.grants.iter_mut().filter_map(|grant| grant.by.as_mut()) {
            visit(Ref::Role(by));
        }
    }

    fn needs(&self, _: &Catalog) -> Vec<Id> {
        let mut needs = vec![Id::global(Tag::Role, &self.member)];
        for by in self.grants.iter().filter_map(|grant| grant.by.as_ref()) {
            needs.push(Id::global(Tag::Role, by));
            // Whoever grants is a member with the admin option.
            needs.push(Id::in_parent(Tag::Membership, "", &self.role, by));
        }
        needs
    }

    fn security(&self) -> Vec<String> {
        vec![format!("{} has the rights of {}", self.member, self.role)]
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.grants
            .iter()
            .map(|grant| {
                let step = Step::create(self.id(), self.grant(grant, major(cx.to)));
                self.gains(step, cx)
            })
            .collect()
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        self.grants
            .iter()
            .map(|grant| self.loses(Step::drop(self.id(), self.revoke(grant, ""))))
            .collect()
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        let major = major(cx.to);
        let mut steps = Vec::new();
        let by = |grants: &[MembershipGrant], by: &Option<String>| {
            grants.iter().find(|grant| grant.by == *by).cloned()
        };
        for old in &self.grants {
            match by(&new.grants, &old.by) {
                None => steps.push(Step::alter(self.id(), self.revoke(old, ""))),
                Some(grant) if major < 16 && old.admin && !grant.admin => {
                    steps.push(Step::alter(
                        self.id(),
                        self.revoke(old, "ADMIN OPTION FOR "),
                    ));
                }
                Some(_) => {}
            }
        }
        for grant in &new.grants {
            let old = by(&self.grants, &grant.by);
            let taken = major < 16 && old.as_ref().is_some_and(|old| old.admin && !grant.admin);
            if old.as_ref() != Some(grant) && !taken {
                let step = Step::alter(self.id(), new.grant(grant, major));
                let says = format!(
                    "the membership of {} in {} changes its options",
                    self.member, self.role
                );
                steps.push(step.hazard(HazardKind::RightsChange, says));
            }
        }
        Change::quiet(steps)
    }

    fn gives_way(&self, _: &Object, _: bool) -> GivesWay {
        GivesWay::Stay
    }
}
