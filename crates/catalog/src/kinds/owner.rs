//! Owners of objects of any kind, where it is not the role whose ownership goes without saying.

use serde::{Deserialize, Serialize};

use super::names::role;
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag, Target};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space};
use crate::step::Step;

/// An object's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// What it owns.
    pub on: Target,
    /// The role.
    pub role: String,
}

impl Owner {
    /// Who owns an object, as statements call it.
    pub(super) fn of<'a>(catalog: &'a Catalog, id: &Id) -> &'a str {
        match catalog.get(&Id::attached(Tag::Owner, id)) {
            Some(Object::Owner(owner)) => &owner.role,
            _ => "current_user",
        }
    }

    fn becomes(&self, owner: &str, cx: &Cx<'_>) -> String {
        format!("ALTER {} OWNER TO {};", self.on.reference(cx), role(owner))
    }

    fn changes(&self, owner: &str, step: Step) -> Step {
        let says = format!("{owner} becomes the owner of {}", self.on.id);
        step.hazard(HazardKind::RightsChange, says)
    }
}

/// Whether an object is not the project's to drop: another role has it, or it is what a role gives
/// away beforehand, and the project does not make it so.
pub(crate) fn is_of_another_owner(live: &Catalog, made: &Catalog, id: &Id) -> bool {
    if matches!(live.get(id), Some(Object::DefaultPrivileges(_))) {
        return !made.contains(id);
    }
    let owner = Id::attached(Tag::Owner, id);
    live.contains(&owner) && live.get(&owner) != made.get(&owner)
}

impl Kind for Owner {
    const SPACE: Space = Space::Attached;
    const NOUN: &'static str = "owner of";
    const QUERY: &'static str = include_str!("owner.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;
    const LEADS: bool = true;

    fn id(&self) -> Id {
        Id::attached(Tag::Owner, &self.on.id)
    }

    fn parent(&self) -> Option<Id> {
        Some(self.on.object())
    }

    fn reference(&self) -> String {
        String::new()
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Role(&mut self.role));
        self.on.refs(visit);
    }

    /// A change of owner changes the access control list too.
    fn leads(&self, other: &Id, created: bool) -> bool {
        let own = *other == Id::attached(Tag::Grants, &self.on.id);
        // A table's owner owns the sequences of its identities too, whose names are not known here.
        // A sequence that belongs to a column takes no other owner than its table's.
        let of_column = other.kind == Tag::Owner
            && other.on == Some(Tag::Sequence)
            && self.on.id.kind == Tag::Table
            && other.schema == self.on.id.schema;
        let of_identity = self.on.id.kind == Tag::Table && other.on == Some(Tag::Sequence);
        let own = own || of_identity && other.schema == self.on.id.schema;
        // OWNED BY asks for one owner of both.
        let bound = created
            && other.kind == Tag::SequenceOwner
            && matches!(self.on.id.kind, Tag::Table | Tag::Sequence)
            && other.schema == self.on.id.schema;
        bound || of_column || other.kind == Tag::Grants && own
    }

    fn security(&self) -> Vec<String> {
        vec![format!("{} owns {}", self.role, self.on.id)]
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let step = Step::create(self.id(), self.becomes(&self.role, cx));
        if cx.is_new(&self.on.object()) {
            return vec![step];
        }
        vec![self.changes(&self.role, step)]
    }

    fn drop(&self, cx: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(self.id(), self.becomes("current_user", cx));
        vec![self.changes("the connected role", step)]
    }

    fn alter(&self, new: &Self, cx: &Cx<'_>) -> Change {
        let step = Step::alter(self.id(), self.becomes(&new.role, cx));
        Change::quiet(vec![self.changes(&new.role, step)])
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        if replaced && below.id() == self.on.object() {
            GivesWay::Rebuild
        } else {
            GivesWay::Stay
        }
    }
}
