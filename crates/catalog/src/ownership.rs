//! Which objects of the history a declared source speaks for, and which history keeps by itself.
//!
//! A source speaks for the tables of its schemas and what belongs to them. Of any other kind it
//! speaks where it declares one: a policy of a table, a function of a schema, the grants on a view.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::id::Id;
use crate::kinds::Object;

/// What a source has words for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// schema.ts: of a table it says less than Postgres knows.
    SchemaTs,
    /// SQL: everything.
    Sql,
}

/// What has to be there in the end: what is declared, and what history keeps.
///
/// All in one spelling; `bare` is what an empty database has by itself, which nobody declares. Of
/// an object that is in both, history also decides what the source has no words for.
#[must_use]
pub fn completed(declared: &Catalog, history: &Catalog, bare: &Catalog, words: Words) -> Catalog {
    let own = |id: &Id, object: &Object| bare.get(id) != Some(object);
    let spoken: BTreeSet<Scope<'_>> = declared
        .objects()
        .filter(|(id, object)| own(id, object))
        .map(|(id, _)| scope(id))
        .collect();
    let schemas: BTreeSet<&str> = declared
        .objects()
        .filter(|(id, _)| id.kind.is_always_declared())
        .map(|(id, _)| id.schema.as_str())
        .collect();
    let speaks_for = |id: &Id| {
        if id.kind.is_always_declared() {
            schemas.contains(id.schema.as_str())
        } else {
            spoken.contains(&scope(id))
        }
    };
    let mut all = declared.clone();
    all.retain(|id| {
        let unsaid = declared.get(id).is_some_and(|object| !own(id, object));
        !unsaid || history.contains(id)
    });
    for (id, object) in history.objects() {
        if let Some(known) = declared.get(id) {
            if !own(id, known) {
                all.replace(id, object.clone());
                continue;
            }
            if words == Words::SchemaTs {
                let mut completed = known.clone();
                completed.take_unsaid(object, declared);
                all.replace(id, completed);
            }
        } else if !speaks_for(id) {
            // What is kept goes with what it is a part of.
            let gone = object
                .parent()
                .is_some_and(|parent| history.contains(&parent) && !all.contains(&parent));
            if !gone {
                all.insert(object.clone());
                if let Some(needs) = history.recorded_needs(id) {
                    all.set_needs(id.clone(), needs.to_vec());
                }
            }
        }
    }
    all
}

/// Kind, schema, relation, and for what is attached to an object that object.
type Scope<'a> = (crate::kinds::Tag, &'a str, &'a str, &'a str);

fn scope(id: &Id) -> Scope<'_> {
    let name = if id.on.is_some() {
        id.name.as_str()
    } else {
        ""
    };
    (id.kind, &id.schema, &id.parent, name)
}
