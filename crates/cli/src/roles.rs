//! Roles belong to a whole cluster, and a database is one of many there.

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Id, Object};

/// Takes the roles out of a live catalog that nothing in its database speaks of, with all that is
/// said of them alone: they are somebody else's. `ours` names roles that stay all the same, and the
/// groups that a role is in stay with it, as it may do what they may.
pub(crate) fn forget_foreign(live: &mut Catalog, ours: impl Fn(&Id) -> bool) {
    let mut foreign: BTreeSet<String> = live
        .objects()
        .filter(|(id, _)| id.kind.is_shared() && !ours(id))
        .map(|(id, _)| id.name.to_string())
        .collect();
    for (_, object) in live.objects().filter(|(id, o)| !is_about_roles(id, o)) {
        for role in object.roles() {
            foreign.remove(&role);
        }
    }
    let memberships = || {
        live.objects().filter_map(|(_, object)| match object {
            Object::Membership(membership) => Some(membership),
            _ => None,
        })
    };
    while let Some(of_ours) =
        memberships().find(|one| foreign.contains(&one.role) && !foreign.contains(&one.member))
    {
        foreign.remove(&of_ours.role);
    }
    let is_foreign = |id: &Id, object: &Object| {
        if id.kind.is_shared() {
            return foreign.contains(id.name.as_str());
        }
        object.roles().iter().any(|role| foreign.contains(role))
    };
    let gone: BTreeSet<Id> = live
        .objects()
        .filter(|(id, object)| is_about_roles(id, object) && is_foreign(id, object))
        .map(|(id, _)| id.clone())
        .collect();
    live.retain(|id| !gone.contains(id));
}

/// Takes the roles out of a live catalog that are others', or that the other side takes for granted.
pub(crate) fn only_ours(live: &mut Catalog, other: &Catalog) {
    forget_foreign(live, |id| other.contains(id));
    forget(live, &taken_for_granted(other));
}

/// Takes out what is said of roles that are there without anybody's doing.
pub(crate) fn forget(catalog: &mut Catalog, names: &BTreeSet<String>) {
    if names.is_empty() {
        return;
    }
    let gone: BTreeSet<Id> = catalog
        .objects()
        .filter(|(id, object)| {
            let named = if id.kind.is_shared() {
                names.contains(id.name.as_str())
            } else {
                object.roles().iter().any(|role| names.contains(role))
            };
            named && is_about_roles(id, object)
        })
        .map(|(id, _)| id.clone())
        .collect();
    catalog.retain(|id| !gone.contains(id));
}

/// Roles that a catalog speaks of without holding them.
fn taken_for_granted(catalog: &Catalog) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = (catalog.objects())
        .flat_map(|(_, object)| object.roles())
        .collect();
    let held = catalog.objects().filter(|(id, _)| id.kind.is_shared());
    for (id, _) in held {
        names.remove(id.name.as_str());
    }
    names
}

/// What a role is, which groups it is in and what is set for it everywhere; not what it owns or may
/// do in this database.
fn is_about_roles(id: &Id, object: &Object) -> bool {
    let in_database = matches!(object, Object::RoleSettings(settings) if settings.in_database);
    let of_role = || {
        let parent = object.parent();
        parent.is_some_and(|parent| parent.kind.is_shared())
    };
    id.kind.is_shared() || of_role() && !in_database
}
