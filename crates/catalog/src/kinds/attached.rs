//! What is attached to an object of any kind: how it tells what it is attached to.

use serde::{Deserialize, Serialize};

use super::{Cx, Ref};
use crate::id::{Id, Space, relation};
use crate::sql::ident;

/// The object that something is attached to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The object's id; for a part that is no object of its own, what its id would be.
    pub id: Id,
    /// What such a part belongs to: a view for its column, a constraint for its index, a column
    /// for the sequence of its identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<Id>,
}

impl Target {
    /// The object in the catalog, whose parts come and go with it.
    pub(super) fn object(&self) -> Id {
        self.part_of.as_ref().unwrap_or(&self.id).clone()
    }

    /// How a statement calls it, before or after the plan.
    pub(super) fn reference(&self, cx: &Cx<'_>) -> String {
        self.called(cx, super::Object::reference)
    }

    /// The same where its rights are concerned.
    pub(super) fn granted(&self, cx: &Cx<'_>) -> String {
        self.called(cx, super::Object::granted)
    }

    fn called(&self, cx: &Cx<'_>, call: fn(&super::Object) -> String) -> String {
        let Id {
            kind,
            schema,
            parent,
            name,
            ..
        } = &self.id;
        match (&self.part_of, kind.space()) {
            (None, _) => {
                let object = cx.to.get(&self.id).or_else(|| cx.from.get(&self.id));
                object.map(call).unwrap_or_default()
            }
            (Some(_), Space::Column) => {
                format!("COLUMN {}.{}", relation(schema, parent), ident(name))
            }
            (Some(_), _) => {
                let word = kind.noun().to_uppercase();
                format!("{word} {}", relation(schema, name))
            }
        }
    }

    pub(super) fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Object(&mut self.id));
        refs_of_id(&mut self.id, visit);
        if let Some(whole) = &mut self.part_of {
            refs_of_id(whole, visit);
        }
    }
}

/// Shows the names within the id of an object that something is attached to.
fn refs_of_id(on: &mut Id, visit: &mut dyn FnMut(Ref<'_>)) {
    let mut names = [&on.schema, &on.parent, &on.name].map(|name| name.as_str().to_owned());
    let [schema, parent, name] = &mut names;
    match on.kind.space() {
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
    let [schema, parent, name] = names;
    on.schema = schema.into();
    on.parent = parent.into();
    on.name = name.into();
}
