//! Operator classes.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::Step;

/// An operator class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorClass {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its access method.
    pub method: String,
    /// DEFAULT for its type.
    pub default: bool,
    /// Its type as SQL text.
    pub data_type: String,
    /// Schema of its family.
    pub family_schema: String,
    /// Its family.
    pub family: String,
    /// STORAGE type as SQL text, where it is not the type itself.
    pub storage: Option<String>,
    /// Its operators and functions as SQL text.
    pub members: Vec<String>,
}

impl Kind for OperatorClass {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "operator class";
    const QUERY: &'static str = include_str!("operator_class.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::OperatorClass, &self.schema, &self.method, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!(
            "OPERATOR CLASS {} USING {}",
            qualified(&self.schema, &self.name),
            ident(&self.method)
        )
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
        visit(Ref::Expression {
            sql: &mut self.data_type,
            relation: None,
        });
        for sql in &mut self.members {
            visit(Ref::Expression {
                sql,
                relation: None,
            });
        }
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut members = self.members.clone();
        if let Some(storage) = &self.storage {
            members.push(format!("STORAGE {storage}"));
        } else if members.is_empty() {
            // There has to be something.
            members.push(format!("STORAGE {}", self.data_type));
        }
        let sql = format!(
            "CREATE OPERATOR CLASS {}{} FOR TYPE {} USING {} FAMILY {} AS {};",
            qualified(&self.schema, &self.name),
            if self.default { " DEFAULT" } else { "" },
            self.data_type,
            ident(&self.method),
            qualified(&self.family_schema, &self.family),
            members.join(", ")
        );
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }
}
