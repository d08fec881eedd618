//! Operators.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::id::{Id, Space};
use crate::sql::{ident, identifiers};
use crate::step::Step;

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Type on its left as SQL text; `None` for a prefix operator.
    pub left: Option<String>,
    /// Type on its right as SQL text.
    pub right: String,
    /// Its function as SQL text.
    pub function: String,
    /// COMMUTATOR as SQL text.
    pub commutator: Option<String>,
    /// NEGATOR as SQL text.
    pub negator: Option<String>,
    /// Whether one of the two is not there: a promise, which goes with nothing that is dropped.
    #[serde(default)]
    pub promised: bool,
    /// RESTRICT estimator as SQL text.
    pub restrict: Option<String>,
    /// JOIN estimator as SQL text.
    pub join: Option<String>,
    /// HASHES.
    pub hashes: bool,
    /// MERGES.
    pub merges: bool,
}

impl Operator {
    /// Whether it calls another its commutator or its negator.
    fn names(&self, other: &Self) -> bool {
        // `OPERATOR(app.===)`
        let is = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default();
            let (mentions, _) = identifiers(text);
            let schema = mentions.last().map(|mention| mention.name.as_str());
            schema == Some(&other.schema) && text.ends_with(&format!(".{})", other.name))
        };
        let own = (self.left.as_ref(), Some(&self.right));
        is(&self.commutator) && own == (Some(&other.right), other.left.as_ref())
            || is(&self.negator) && own == (other.left.as_ref(), Some(&other.right))
    }
}

impl Kind for Operator {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "operator";
    const QUERY: &'static str = include_str!("operator.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        let left = self.left.as_deref().unwrap_or("NONE");
        let name = format!("{}({left}, {})", self.name, self.right);
        Id::in_schema(Tag::Operator, &self.schema, &name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!(
            "OPERATOR {}.{} ({}, {})",
            ident(&self.schema),
            self.name,
            self.left.as_deref().unwrap_or("NONE"),
            self.right
        )
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
        if let Some(sql) = &mut self.left {
            visit(Ref::Expression {
                sql,
                relation: None,
            });
        }
        visit(Ref::Expression {
            sql: &mut self.right,
            relation: None,
        });
        visit(Ref::Expression {
            sql: &mut self.function,
            relation: None,
        });
    }

    /// Whoever calls it its commutator or negator would forget that, unless it says the same of them
    /// when it comes back.
    fn ends_only_with(&self, from: &Catalog, goes: &dyn Fn(&Id) -> bool) -> Option<Id> {
        let mut operators = from.of_kind(Tag::Operator);
        operators.find_map(|(id, object)| match object {
            Object::Operator(other) if *id != self.id() && !goes(id) => {
                let forgets = other.names(self) && !self.names(other);
                forgets.then(|| id.clone())
            }
            _ => None,
        })
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut options = vec![format!("FUNCTION = {}", self.function)];
        let mut say = |name: &str, value: Option<&String>| {
            if let Some(value) = value {
                options.push(format!("{name} = {value}"));
            }
        };
        say("LEFTARG", self.left.as_ref());
        say("RIGHTARG", Some(&self.right));
        say("COMMUTATOR", self.commutator.as_ref());
        say("NEGATOR", self.negator.as_ref());
        say("RESTRICT", self.restrict.as_ref());
        say("JOIN", self.join.as_ref());
        if self.hashes {
            options.push("HASHES".to_owned());
        }
        if self.merges {
            options.push("MERGES".to_owned());
        }
        let sql = format!(
            "CREATE OPERATOR {}.{} ({});",
            ident(&self.schema),
            self.name,
            options.join(", ")
        );
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let estimated = Self {
            restrict: new.restrict.clone(),
            join: new.join.clone(),
            ..self.clone()
        };
        if estimated != *new {
            return Change::Replace;
        }
        let mut set = Vec::new();
        for (name, old, new) in [
            ("RESTRICT", &self.restrict, &new.restrict),
            ("JOIN", &self.join, &new.join),
        ] {
            if old != new {
                let function = new.as_deref().unwrap_or("NONE");
                set.push(format!("{name} = {function}"));
            }
        }
        let sql = format!("ALTER {} SET ({});", self.reference(), set.join(", "));
        Change::quiet(vec![Step::alter(self.id(), sql)])
    }
}
