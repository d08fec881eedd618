//! How objects are told apart, and how their names are written.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::kinds::Tag;
use crate::sql::ident;

/// What makes an object itself: its kind and its qualified name.
///
/// `schema` is empty for what lives outside schemas (roles, schemas), `parent` for what belongs
/// to no relation. Ordering is by kind, so a kind's objects stand together in a catalog.
/// Ids are made, copied and thrown away all the time: up to 24 bytes a name costs no allocation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id {
    /// The object's kind.
    pub kind: Tag,
    /// Schema that holds it, or empty.
    pub schema: CompactString,
    /// Relation it belongs to (a column's table), or empty.
    pub parent: CompactString,
    /// Its own name; for what is attached to an object (a comment), that object's.
    pub name: CompactString,
    /// For what is attached to an object: that object's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Tag>,
}

/// The namespace that a kind's names live in: what a rename of it touches elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    /// Schemas.
    Schema,
    /// Roles, shared by all databases of a cluster.
    Role,
    /// Tables, views, sequences, indexes: one namespace in a schema.
    Relation,
    /// Types; a relation has a type of its name too.
    Type,
    /// Functions, procedures and aggregates: a name and the types of arguments.
    Routine,
    /// Columns of a relation.
    Column,
    /// Named within a relation and mentioned nowhere else: constraints, policies, triggers.
    Leaf,
    /// Without a name of its own: comments, grants, owners, which are attached to an object.
    Attached,
}

impl Id {
    /// An object outside schemas.
    pub fn global(kind: Tag, name: &str) -> Self {
        Self::in_parent(kind, "", "", name)
    }

    /// An object directly in a schema.
    pub fn in_schema(kind: Tag, schema: &str, name: &str) -> Self {
        Self::in_parent(kind, schema, "", name)
    }

    /// An object that belongs to a relation.
    pub fn in_parent(kind: Tag, schema: &str, parent: &str, name: &str) -> Self {
        Self {
            kind,
            schema: schema.into(),
            parent: parent.into(),
            name: name.into(),
            on: None,
        }
    }

    /// What is attached to an object: its comment, its grants, its owner.
    pub fn attached(kind: Tag, object: &Id) -> Self {
        Self {
            kind,
            on: Some(object.kind),
            ..object.clone()
        }
    }

    /// The name alone, as SQL mentions it: without the argument types of a routine.
    pub(crate) fn word(&self) -> &str {
        match self.kind.space() {
            Space::Routine => self.name.split('(').next().unwrap_or(&self.name),
            _ => &self.name,
        }
    }

    /// Name for people and flags: `users.email`, `billing.invoices`; `public` is left out.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for part in [&self.schema, &self.parent] {
            if !part.is_empty() && (part != "public" || !std::ptr::eq(part, &raw const self.schema))
            {
                path.push_str(part);
                path.push('.');
            }
        }
        path + &self.name
    }

    /// The same with `public` spelled out: `public.users.email`.
    pub fn full_path(&self) -> String {
        [&self.schema, &self.parent, &self.name]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(CompactString::as_str)
            .collect::<Vec<_>>()
            .join(".")
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.on {
            Some(on) => write!(f, "{} {} {}", self.kind.noun(), on.noun(), self.path()),
            None => write!(f, "{} {}", self.kind.noun(), self.path()),
        }
    }
}

/// A relation's name in SQL. `public` is left out, as Drizzle Kit does: a `pgTable` without a
/// schema means whatever `search_path` says, at run time too.
pub(crate) fn relation(schema: &str, name: &str) -> String {
    if schema.is_empty() || schema == "public" {
        ident(name)
    } else {
        qualified(schema, name)
    }
}

/// A name in SQL with its schema always spelled out.
pub(crate) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", ident(schema), ident(name))
}
