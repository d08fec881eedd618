//! A schema: objects by their id.

mod stored;

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::id::{Id, Space};
use crate::kinds::Object;

/// Whose hand wrote the expressions in a catalog.
///
/// Two catalogs are compared only in the same spelling: `'x'` and `'x'::text` are equal to
/// Postgres alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spelling {
    /// As evaluated from a declared source, or from a snapshot that was.
    Declared,
    /// As read back from `pg_catalog` of this major version.
    Postgres {
        /// Major version of the server, e.g. 15.
        major: u16,
    },
}

/// Every object of a schema, and what each needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "stored::Stored", into = "stored::Stored")]
pub struct Catalog {
    spelling: Spelling,
    objects: BTreeMap<Id, Object>,
    needs: BTreeMap<Id, Vec<Id>>,
}

impl Catalog {
    /// A catalog without objects.
    pub fn empty(spelling: Spelling) -> Self {
        Self {
            spelling,
            objects: BTreeMap::new(),
            needs: BTreeMap::new(),
        }
    }

    /// Adds an object; gives back the one that had its id, which is then a duplicate to report.
    pub fn insert(&mut self, object: impl Into<Object>) -> Option<Object> {
        let object = object.into();
        self.objects.insert(object.id(), object)
    }

    /// Says what an object needs, as `pg_depend` has it. Only for [`Spelling::Postgres`]; in the
    /// declared grade needs follow from names.
    pub fn set_needs(&mut self, id: Id, needs: Vec<Id>) {
        self.needs.insert(id, needs);
    }

    /// Whose spelling this is.
    pub fn spelling(&self) -> Spelling {
        self.spelling
    }

    /// The object with this id.
    pub fn get(&self, id: &Id) -> Option<&Object> {
        self.objects.get(id)
    }

    /// Whether an object has this id.
    pub fn contains(&self, id: &Id) -> bool {
        self.objects.contains_key(id)
    }

    /// Every object, by kind, then schema, parent and name.
    pub fn objects(&self) -> impl Iterator<Item = (&Id, &Object)> {
        self.objects.iter()
    }

    /// Leaves out objects.
    pub fn retain(&mut self, mut keep: impl FnMut(&Id) -> bool) {
        self.objects.retain(|id, _| keep(id));
        let objects = &self.objects;
        self.needs.retain(|id, _| objects.contains_key(id));
    }

    /// What an object of it certainly needs: what `pg_depend` said, and what the kind knows.
    pub fn needs_of(&self, id: &Id, object: &Object) -> Vec<Id> {
        let mut needs = object.needs(self);
        needs.extend(self.recorded_needs(id).unwrap_or_default().iter().cloned());
        needs
    }

    /// The object that this one is a part of in the end: itself, or the table of a column's comment.
    pub fn root_of(&self, id: &Id) -> Id {
        let parent = self.get(id).and_then(Object::parent);
        match parent {
            // A table is in its schema, not a part of it as the schema's comment is.
            Some(parent) if parent.kind.space() == Space::Schema && !id.kind.is_attached() => {
                id.clone()
            }
            Some(parent) => self.root_of(&parent),
            None => id.clone(),
        }
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// What `pg_depend` said an object needs, where it was asked.
    pub(crate) fn recorded_needs(&self, id: &Id) -> Option<&[Id]> {
        self.needs.get(id).map(Vec::as_slice)
    }

    /// Objects of one kind that belong to a relation.
    pub fn belonging(
        &self,
        kind: crate::kinds::Tag,
        schema: &str,
        parent: &str,
    ) -> impl Iterator<Item = &Object> {
        let first = Id::in_parent(kind, schema, parent, "");
        let (schema, parent) = (schema.to_owned(), parent.to_owned());
        self.objects
            .range((Bound::Included(first), Bound::Unbounded))
            .take_while(move |(id, _)| {
                id.kind == kind && id.schema == schema && id.parent == parent
            })
            .map(|(_, object)| object)
    }

    /// Objects of one kind.
    pub fn of_kind(&self, kind: crate::kinds::Tag) -> impl Iterator<Item = (&Id, &Object)> {
        self.objects
            .range(Id::global(kind, "")..)
            .take_while(move |(id, _)| id.kind == kind)
    }

    /// Rebuilds the catalog with every object changed, under the id it has afterwards.
    pub(crate) fn map(self, mut change: impl FnMut(Object) -> Object) -> Self {
        let Self {
            spelling,
            objects,
            needs,
        } = self;
        let mut moved: BTreeMap<Id, Id> = BTreeMap::new();
        let objects = objects
            .into_iter()
            .map(|(was, object)| {
                let object = change(object);
                let id = object.id();
                if id != was {
                    moved.insert(was, id.clone());
                }
                (id, object)
            })
            .collect();
        let is = |id: Id| moved.get(&id).cloned().unwrap_or(id);
        let needs = if moved.is_empty() {
            needs
        } else {
            needs
                .into_iter()
                .map(|(id, needs)| (is(id), needs.into_iter().map(is).collect()))
                .collect()
        };
        Self {
            spelling,
            objects,
            needs,
        }
    }

    pub(crate) fn replace(&mut self, old: &Id, object: Object) {
        self.objects.remove(old);
        self.objects.insert(object.id(), object);
    }
}
