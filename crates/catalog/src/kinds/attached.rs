//! What is attached to an object of any kind: how it tells what it is attached to.

use serde::{Deserialize, Serialize};

use super::{Cx, Ref, Tag};
use crate::id::{Id, Space, relation};
use crate::sql::ident;

/// The object that something is attached to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The object's id; for the column of a view or a type, what a column's would be.
    pub id: Id,
    /// For a column that is no object of its own: the kind of what it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Tag>,
}

impl Target {
    /// The object in the catalog, whose parts come and go with it.
    pub(super) fn object(&self) -> Id {
        match self.within {
            Some(kind) => Id::in_schema(kind, &self.id.schema, &self.id.parent),
            None => self.id.clone(),
        }
    }

    /// How a statement calls it, before or after the plan.
    pub(super) fn reference(&self, cx: &Cx<'_>) -> String {
        if self.within.is_some() {
            let whole = relation(&self.id.schema, &self.id.parent);
            return format!("COLUMN {whole}.{}", ident(&self.id.name));
        }
        let object = cx.to.get(&self.id).or_else(|| cx.from.get(&self.id));
        object.map(super::Object::reference).unwrap_or_default()
    }

    /// The same where its rights are concerned.
    pub(super) fn granted(&self, cx: &Cx<'_>) -> String {
        let object = cx.to.get(&self.id).or_else(|| cx.from.get(&self.id));
        object.map(super::Object::granted).unwrap_or_default()
    }

    pub(super) fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        refs_of_id(&mut self.id, visit);
    }
}

/// Shows the names within the id of an object that something is attached to.
fn refs_of_id(on: &mut Id, visit: &mut dyn FnMut(Ref<'_>)) {
    let Id {
        kind,
        schema,
        parent,
        name,
        ..
    } = on;
    match kind.space() {
        Space::Schema => visit(Ref::Schema(name)),
        Space::Role => visit(Ref::Role(name)),
        Space::Relation => visit(Ref::Relation { schema, name }),
        Space::Type => visit(Ref::Type { schema, name }),
        Space::Column => {
            visit(Ref::Column {
                schema,
                relation: parent,
                name,
            });
            visit(Ref::Relation {
                schema,
                name: parent,
            });
        }
        Space::Routine | Space::Leaf | Space::Attached if parent.is_empty() => {
            visit(Ref::Schema(schema));
        }
        // The parent of a constraint may be a domain; the two share their names.
        Space::Routine | Space::Leaf | Space::Attached => {
            visit(Ref::Type {
                schema,
                name: parent,
            });
            visit(Ref::Relation {
                schema,
                name: parent,
            });
        }
    }
}
