//! Which objects of the history a declared source speaks for, and which history keeps by itself.
//!
//! What the newest snapshot holds was declared, and goes once it is declared no more. Where no snapshot
//! tells, a source speaks for the tables of its schemas and what belongs to them, and of any other kind
//! where it declares one: a policy of a table, a function of a schema, the grants on a view.

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
/// All in one spelling but `before`, what was declared when the history was last written, of which
/// only names count; `bare` is what an empty database has by itself, which nobody declares. Of an
/// object that is in both, history also decides what the source has no words for.
#[must_use]
pub fn completed(
    declared: &Catalog,
    history: &Catalog,
    bare: &Catalog,
    words: Words,
    before: Option<&Catalog>,
) -> Catalog {
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
    // A sequence that a column made is as much declared as the column.
    let was_declared = |id: &Id, object: &Object, before: &Catalog| {
        let maker = object.goes_with(history);
        before.contains(id) || maker.is_some_and(|maker| before.contains(&maker))
    };
    let speaks_for = |id: &Id, object: &Object| match before {
        Some(before) if was_declared(id, object, before) => true,
        // A snapshot holds all that schema.ts ever declared.
        Some(_) if words == Words::SchemaTs => false,
        _ if id.kind.is_always_declared() => schemas.contains(id.schema.as_str()),
        _ => spoken.contains(&scope(id)),
    };
    let mut all = declared.clone();
    all.retain(|id| {
        let unsaid = declared.get(id).is_some_and(|object| !own(id, object));
        !unsaid || history.contains(id)
    });
    let mut kept: BTreeSet<&Id> = BTreeSet::new();
    for (id, object) in history.objects() {
        if let Some(known) = declared.get(id) {
            if !own(id, known) {
                all.replace(id, object.clone());
                continue;
            }
            if words == Words::SchemaTs {
                let mut completed = known.clone();
                let before = before.and_then(|before| before.get(id));
                completed.take_unsaid(object, declared, before);
                all.replace(id, completed);
            }
        } else if !speaks_for(id, object) {
            all.insert(object.clone());
            if let Some(needs) = history.recorded_needs(id) {
                all.set_needs(id.clone(), needs.to_vec());
            }
            kept.insert(id);
        }
    }
    // What is kept goes with what it is a part of, which may itself be kept.
    loop {
        let is_gone = |id: &Id| {
            let parent = history.get(id).and_then(Object::parent);
            parent.is_some_and(|parent| history.contains(&parent) && !all.contains(&parent))
        };
        let (gone, left) = kept.iter().copied().partition(|id| is_gone(id));
        let gone: BTreeSet<&Id> = gone;
        if gone.is_empty() {
            return all;
        }
        all.retain(|id| !gone.contains(id));
        kept = left;
    }
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
