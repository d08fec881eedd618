//! Which objects of the history a declared source speaks for, and which history keeps by itself.
//!
//! What the newest snapshot holds was declared, and goes once it is declared no more. SQL files speak for
//! what belongs to their own tables, and of any other kind where they declare one: the tables of a schema,
//! its functions, the policies of a table, the grants on a view. Where nothing is known of what was
//! declared before, a source speaks for all tables of its schemas.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::id::Id;
use crate::kinds::{Object, Tag};
use crate::rename::called_otherwise;

/// What a source has words for.
#[derive(Debug, Clone, Copy)]
pub enum Words<'a> {
    /// schema.ts: of a table it says less than Postgres knows.
    SchemaTs,
    /// SQL: everything, but of what is as `beside` has it: what schema.ts makes without the SQL files,
    /// where it can.
    Sql {
        /// In the spelling of all.
        beside: Option<&'a Catalog>,
        /// All that schema.ts says, of which only names count.
        known: Option<&'a Catalog>,
    },
}

/// What was declared when the history was last written.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// What the newest snapshot holds.
    pub names: &'a Catalog,
    /// What SQL files spoke for, as [`scopes`] says it.
    pub scopes: &'a [String],
}

/// What has to be there in the end: what is declared, and what history keeps.
///
/// All in one spelling but what was declared `before`, of which only names count; `bare` is what an empty
/// database has by itself, which nobody declares. Of an object that is in both, history also decides what
/// the source has no words for.
#[must_use]
pub fn completed(
    declared: &Catalog,
    history: &Catalog,
    bare: &Catalog,
    words: Words<'_>,
    before: Option<Before<'_>>,
) -> Catalog {
    let declared: &Catalog = &as_called_in(history, declared);
    let own = |id: &Id, object: &Object| bare.get(id) != Some(object);
    let mut spoken: BTreeSet<String> = match words {
        // It says all in a snapshot.
        Words::SchemaTs if before.is_some() => BTreeSet::new(),
        Words::Sql {
            known: Some(known), ..
        } => scopes(declared, bare, known, None).into_iter().collect(),
        _ => scopes_of(declared, bare, |_| true),
    };
    spoken.extend(
        before
            .iter()
            .flat_map(|before| before.scopes.iter().cloned()),
    );
    let schemas: BTreeSet<&str> = declared
        .objects()
        .filter(|(id, _)| id.kind.is_always_declared())
        .map(|(id, _)| id.schema.as_str())
        .collect();
    // A sequence that a column made is as much declared as the column.
    let was_declared = |id: &Id, object: &Object, names: &Catalog| {
        let maker = object.goes_with(history);
        names.contains(id) || maker.is_some_and(|maker| names.contains(&maker))
    };
    let speaks_for = |id: &Id, object: &Object| match (before, words) {
        (Some(before), _) if was_declared(id, object, before.names) => true,
        (Some(_), Words::SchemaTs) => spoken.contains(&scope(id)),
        (
            _,
            Words::Sql {
                known: Some(known), ..
            },
        ) => spoken.contains(&scope(id)) || is_of_own_table(id, object, declared, known),
        _ if id.kind.is_always_declared() && schemas.contains(id.schema.as_str()) => true,
        _ => spoken.contains(&scope(id)),
    };
    // What SQL files said of it is unsaid when they say it no more.
    let is_of_schema_ts = |id: &Id, object: &Object| {
        let alone = match words {
            Words::SchemaTs => true,
            Words::Sql { beside, .. } => beside.and_then(|beside| beside.get(id)) == Some(object),
        };
        alone && !before.is_some_and(|before| before.scopes.contains(&about(id)))
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
            if is_of_schema_ts(id, known) {
                let mut completed = known.clone();
                let before = before.and_then(|before| before.names.get(id));
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

/// What is declared, with names that nobody chose as history has them: another tool that renames a table
/// leaves its key and its sequences what they were.
fn as_called_in<'a>(history: &Catalog, declared: &'a Catalog) -> Cow<'a, Catalog> {
    let mut there: BTreeMap<(Tag, Id), Vec<&Id>> = BTreeMap::new();
    for (id, object) in history.objects() {
        if let Some(purpose) = object.purpose(history)
            && !declared.contains(id)
        {
            there.entry((id.kind, purpose.of)).or_default().push(id);
        }
    }
    let mut all = Cow::Borrowed(declared);
    if there.is_empty() {
        return all;
    }
    for (id, object) in declared.objects().filter(|(id, _)| !history.contains(id)) {
        let purpose = object.purpose(declared).filter(|p| p.has_usual_name);
        let known = purpose.and_then(|purpose| there.get(&(id.kind, purpose.of)));
        let taken = |name: &Id| {
            let mut ids = declared.objects().map(|(id, _)| id);
            ids.any(|id| id.schema == name.schema && id.name == name.name)
        };
        if let Some([name]) = known.map(Vec::as_slice)
            && !taken(name)
        {
            all = Cow::Owned(called_otherwise(all.into_owned(), id, name));
        }
    }
    all
}

/// What a source speaks for besides what is `known` otherwise: each kind of its objects, and where
/// they are.
///
/// Words that stay as they are, since they are kept with migrations: `function public`,
/// `policy public.users`; and `about table users` for what is known and not as it is `beside`, without
/// this source.
#[must_use]
pub fn scopes(
    declared: &Catalog,
    bare: &Catalog,
    known: &Catalog,
    beside: Option<&Catalog>,
) -> Vec<String> {
    let is_known = |id: &Id| {
        let maker = declared
            .get(id)
            .and_then(|object| object.goes_with(declared));
        known.contains(id) || maker.is_some_and(|maker| known.contains(&maker))
    };
    let goes_without_saying = |id: &Id| {
        let Some(object) = declared.get(id).filter(|_| id.on.is_none()) else {
            return false;
        };
        let made = |of: Id| !known.contains(&of) && is_known(&of);
        object.parent().is_some_and(made) || is_of_own_table(id, object, declared, known)
    };
    let mut scopes = scopes_of(declared, bare, |id| {
        !is_known(id) && !goes_without_saying(id)
    });
    if let Some(beside) = beside {
        let both = known.objects().map(|(id, _)| id);
        let changed = both.filter(|id| beside.contains(id) && beside.get(id) != declared.get(id));
        scopes.extend(changed.map(about));
    }
    scopes.into_iter().collect()
}

fn scopes_of(declared: &Catalog, bare: &Catalog, counts: impl Fn(&Id) -> bool) -> BTreeSet<String> {
    let own = declared
        .objects()
        .filter(|(id, object)| bare.get(id) != Some(*object));
    own.filter(|(id, _)| counts(id))
        .map(|(id, _)| scope(id))
        .collect()
}

fn about(id: &Id) -> String {
    format!("about {id}")
}

/// Whether it belongs to a table that this source declares, of which it says everything.
fn is_of_own_table(id: &Id, object: &Object, declared: &Catalog, known: &Catalog) -> bool {
    let own = |table: Id| declared.contains(&table) && !known.contains(&table);
    let parent = object.parent().filter(|_| !id.parent.is_empty());
    id.kind.is_always_declared() && parent.is_some_and(own)
}

/// Kind, schema, relation, and for what is attached to an object that object.
fn scope(id: &Id) -> String {
    let name = if id.on.is_some() {
        id.name.as_str()
    } else {
        ""
    };
    let place = [id.schema.as_str(), id.parent.as_str(), name];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{} {}", id.kind.noun(), place.join("."))
        .trim_end()
        .to_owned()
}
