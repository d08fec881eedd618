//! One rename, carried through every name and every piece of SQL that mentions it.

use crate::catalog::Catalog;
use crate::id::{Id, Space};
use crate::kinds::{Object, Ref, Tag};
use crate::sql::{Mention, replace_identifiers};
use crate::step::Step;

pub(super) struct Applied {
    pub(super) catalog: Catalog,
    pub(super) steps: Vec<Step>,
    /// Every id that changed, old and new.
    pub(super) moved: Vec<(Id, Id)>,
}

/// Whether something else still has the name: relations and types share one namespace, indexes are
/// relations.
pub(super) fn taken(catalog: &Catalog, old: &Id, new: &Id) -> bool {
    let shared = |id: &Id| match id.kind.space() {
        Space::Relation | Space::Type => true,
        // Constraints of a table share one namespace too.
        space => space == Space::Leaf && new.kind.space() == Space::Leaf,
    };
    let same_place = || {
        Tag::ALL.iter().any(|kind| {
            let other = Id {
                kind: *kind,
                ..new.clone()
            };
            shared(&other) && other != *old && catalog.contains(&other)
        })
    };
    let index = || {
        has_name(catalog, old, new, |id| {
            id.kind.names_index() || id.kind.space() == Space::Relation
        })
    };
    catalog.contains(new) || shared(new) && same_place() || new.kind.names_index() && index()
}

/// Whether anything at all goes by the name that might stand in the way.
pub(super) fn crowded(catalog: &Catalog, old: &Id, new: &Id) -> bool {
    let named =
        |id: &Id| id.kind.names_index() || matches!(id.kind.space(), Space::Relation | Space::Type);
    taken(catalog, old, new) || named(new) && has_name(catalog, old, new, named)
}

/// Whether another object of its schema, among these, has the name.
fn has_name(catalog: &Catalog, old: &Id, new: &Id, among: impl Fn(&Id) -> bool) -> bool {
    let mut ids = catalog.objects().map(|(id, _)| id);
    ids.any(|id| among(id) && id != old && id.schema == new.schema && id.name == new.name)
}

/// Renames an object in a catalog, and its name in all others, as Postgres does.
pub(super) fn rename(catalog: Catalog, old: &Id, new: &Id) -> Applied {
    let mut steps = Vec::new();
    if let Some(object) = catalog.get(old) {
        steps = object.rename(&renamed(object, old, new));
    }
    let mut moved = Vec::new();
    let catalog = catalog.map(|object| {
        let after = renamed(&object, old, new);
        if after != object {
            steps.extend(object.follow(&after));
            let (was, is) = (object.id(), after.id());
            if was != is {
                moved.push((was, is));
            }
        }
        after
    });
    Applied {
        catalog,
        steps,
        moved,
    }
}

/// An object after something (perhaps itself) was renamed.
pub(super) fn renamed(object: &Object, old: &Id, new: &Id) -> Object {
    let itself = object.id() == *old;
    let mut after = object.clone();
    after.refs(&mut |r| match (old.kind.space(), r) {
        (Space::Schema, Ref::Schema(name)) | (Space::Role, Ref::Role(name)) => {
            set(name, &old.name, &new.name);
        }
        (Space::Schema, Ref::Relation { schema, .. } | Ref::Type { schema, .. }) => {
            set(schema, &old.name, &new.name);
        }
        (Space::Relation, Ref::Relation { schema, name })
        | (Space::Type, Ref::Type { schema, name })
            if *schema == old.schema && *name == old.name =>
        {
            new.schema.as_str().clone_into(schema);
            new.name.as_str().clone_into(name);
        }
        (
            Space::Column,
            Ref::Column {
                schema,
                relation,
                name,
            },
        ) if schema == old.schema && relation == old.parent => {
            set(name, &old.name, &new.name);
        }
        (_, Ref::Object(id)) if id == old => id.clone_from(new),
        (Space::Leaf, Ref::Own(name)) if itself => new.name.as_str().clone_into(name),
        (Space::Column, Ref::Expression { sql, relation }) => {
            let own = relation == Some((old.schema.as_str(), old.parent.as_str()));
            rewrite(
                sql,
                |mention| {
                    mention.name == old.name
                        && match &mention.qualifier {
                            None => own,
                            Some(table) => *table == old.parent,
                        }
                },
                &new.name,
            );
        }
        // A view keeps its own column names when a column below it is renamed, so its text is not
        // carried along: it is another view afterwards.
        (
            Space::Schema | Space::Relation | Space::Type,
            Ref::Expression { sql, .. } | Ref::Query(sql),
        ) => {
            rewrite(sql, |mention| mention.name == old.name, &new.name);
        }
        _ => {}
    });
    after
}

fn set(name: &mut String, old: &str, new: &str) {
    if name == old {
        new.clone_into(name);
    }
}

fn rewrite(sql: &mut String, is_it: impl Fn(&Mention) -> bool, new: &str) {
    if let Some(text) = replace_identifiers(sql, |mention| is_it(mention).then(|| new.to_owned())) {
        *sql = text;
    }
}
