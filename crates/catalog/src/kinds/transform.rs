//! Transforms between types and procedural languages.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Ref, Renaming, Tag};
use crate::id::{Id, Space};
use crate::sql::ident;
use crate::step::Step;

/// A transform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transform {
    /// Its type as SQL text.
    pub data_type: String,
    /// Its language.
    pub language: String,
    /// FROM SQL function with its arguments.
    pub from_sql: Option<String>,
    /// TO SQL function with its arguments.
    pub to_sql: Option<String>,
}

impl Kind for Transform {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "transform";
    const QUERY: &'static str = include_str!("transform.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::Transform, "", &self.language, &self.data_type)
    }

    fn parent(&self) -> Option<Id> {
        None
    }

    fn reference(&self) -> String {
        format!(
            "TRANSFORM FOR {} LANGUAGE {}",
            self.data_type,
            ident(&self.language)
        )
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Expression {
            sql: &mut self.data_type,
            relation: None,
        });
        if let Some(sql) = &mut self.from_sql {
            visit(Ref::Expression {
                sql,
                relation: None,
            });
        }
        if let Some(sql) = &mut self.to_sql {
            visit(Ref::Expression {
                sql,
                relation: None,
            });
        }
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut functions = Vec::new();
        for (way, function) in [("FROM", &self.from_sql), ("TO", &self.to_sql)] {
            if let Some(function) = function {
                functions.push(format!("{way} SQL WITH FUNCTION {function}"));
            }
        }
        let sql = format!("CREATE {} ({});", self.reference(), functions.join(", "));
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }
}
