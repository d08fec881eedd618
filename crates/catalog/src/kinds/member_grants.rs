//! Grants on what is in an extension: all of it comes and goes with the extension but these.

use serde::{Deserialize, Serialize};

use super::grants::{major, people, refs_of_rights, said};
use super::rights::{Class, Rights, commands};
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::step::Step;

/// The rights on a member of an extension, where they are not what the extension gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberGrants {
    /// The extension.
    pub extension: String,
    /// The member as GRANT calls it: `FUNCTION public.hstore(text,text)`.
    pub member: String,
    /// Who owns it.
    pub owner: String,
    /// Which privileges there are.
    pub class: Class,
    /// What the extension gave.
    pub initial: Rights,
    /// What there is.
    pub rights: Rights,
}

impl MemberGrants {
    fn steps(
        &self,
        from: &Rights,
        to: &Rights,
        cx: &Cx<'_>,
        step: fn(Id, String) -> Step,
    ) -> Vec<Step> {
        commands(from, to, self.class, major(cx.to))
            .into_iter()
            .map(|command| {
                let open = command.to.iter().any(|to| to.as_deref() == Some("public"));
                let (kind, verb) = match (command.grant, open) {
                    (true, true) => (HazardKind::GrantPublic, "gains"),
                    (true, false) => (HazardKind::RightsChange, "gains"),
                    (false, _) => (HazardKind::RightsChange, "loses"),
                };
                let who = people(&command.to, &self.owner);
                let says = format!("{who} {verb} {} on {}", command.what, self.member);
                step(self.id(), said(&command, "", &self.member, &self.owner)).hazard(kind, says)
            })
            .collect()
    }
}

impl Kind for MemberGrants {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "grants within extension";
    const QUERY: &'static str = include_str!("member_grants.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::MemberGrants, "", &self.extension, &self.member)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Extension, &self.extension))
    }

    fn reference(&self) -> String {
        String::new()
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        refs_of_rights(&mut self.rights, visit, None);
        visit(Ref::Role(&mut self.owner));
    }

    fn needs(&self, _: &Catalog) -> Vec<Id> {
        let roles = self.rights.iter().filter_map(|right| right.to.as_ref());
        let mut needs: Vec<Id> = roles.map(|role| Id::global(Tag::Role, role)).collect();
        needs.extend(self.parent());
        needs
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.steps(&self.initial, &self.rights, cx, Step::create)
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        self.steps(&self.rights, &self.initial, cx, Step::drop)
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        Change::quiet(new.steps(&self.rights, &new.rights, cx, Step::alter))
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        if replaced && Some(below.id()) == self.parent() {
            GivesWay::Rebuild
        } else {
            GivesWay::Stay
        }
    }
}
