//! What of a database goes when its project starts anew, and what stays.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::id::{Id, Space};
use crate::kinds::is_of_another_owner;

/// A database without what its project has made in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wiped {
    /// What is left.
    pub rest: Catalog,
    /// What stays and could not be without something that goes: each with what it needs.
    pub in_the_way: Vec<(Id, Id)>,
}

/// Takes out what a project owns: in the schemas that it uses everything of its own role, elsewhere
/// what it makes by name. Roles stay, and what an empty database has, with the rights on it.
///
/// `made` is what the project makes of an empty database, `bare` that database; all in one spelling.
#[must_use]
pub fn without_own(live: &Catalog, made: &Catalog, bare: &Catalog) -> Wiped {
    let schemas: BTreeSet<&str> = made
        .objects()
        .filter(|(id, object)| bare.get(id) != Some(object) && !id.schema.is_empty())
        .map(|(id, _)| id.schema.as_str())
        .collect();
    let goes = |id: &Id| {
        let root = live.root_of(id);
        let used = schemas.contains(root.schema.as_str());
        !root.kind.is_shared()
            && !bare.contains(&root)
            && (used || made.contains(&root))
            && !is_of_another_owner(live, made, &root)
    };
    let mut gone: BTreeSet<Id> = live
        .objects()
        .filter(|(id, _)| goes(id))
        .map(|(id, _)| id.clone())
        .collect();
    // A schema stays for the sake of what is not ours in it.
    let inhabited: BTreeSet<&str> = live
        .objects()
        .filter(|(id, _)| !gone.contains(*id))
        .map(|(id, _)| id.schema.as_str())
        .collect();
    let stays = |id: &Id| {
        let root = live.root_of(id);
        root.kind.space() == Space::Schema && inhabited.contains(root.name.as_str())
    };
    let staying = live.objects().filter(|(id, _)| stays(id));
    let staying: BTreeSet<&Id> = staying.map(|(id, _)| id).collect();
    gone.retain(|id| !staying.contains(id));
    let mut in_the_way = Vec::new();
    for (id, object) in live.objects().filter(|(id, _)| !gone.contains(*id)) {
        let needs = live.needs_of(id, object);
        let missing = needs.into_iter().find(|need| gone.contains(need));
        in_the_way.extend(missing.map(|need| (id.clone(), need)));
    }
    let mut rest = live.clone();
    rest.retain(|id| !gone.contains(id));
    Wiped { rest, in_the_way }
}
