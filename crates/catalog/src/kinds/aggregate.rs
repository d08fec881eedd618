//! Aggregates.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag, routine};
use crate::id::{Id, Space, qualified};
use crate::step::Step;

/// An aggregate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// Its schema.
    pub schema: String,
    /// Its name, without argument types.
    pub name: String,
    /// Types of its arguments, which tell it from others of its name.
    pub signature: String,
    /// Arguments as statements have them: `*`, or direct ones, ORDER BY and aggregated ones.
    pub arguments: String,
    /// What it returns, which follows from its functions.
    pub result: String,
    /// Whether it is a hypothetical-set aggregate.
    pub hypothetical: bool,
    /// What it is made of, in the order of CREATE AGGREGATE: words and SQL, which is empty for a
    /// word that stands alone.
    pub options: Vec<(String, String)>,
}

impl Aggregate {
    fn call(&self) -> String {
        format!(
            "{}({})",
            qualified(&self.schema, &self.name),
            self.arguments
        )
    }

    fn definition(&self, create: &str) -> String {
        let options: Vec<_> = self
            .options
            .iter()
            .map(|(word, value)| match value.as_str() {
                "" => format!("\t{word}"),
                value => format!("\t{word} = {value}"),
            })
            .collect();
        format!(
            "{create} AGGREGATE {} (\n{}\n);",
            self.call(),
            options.join(",\n")
        )
    }
}

impl Kind for Aggregate {
    const SPACE: Space = Space::Routine;
    const NOUN: &'static str = "aggregate";
    const QUERY: &'static str = include_str!("aggregate.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        routine::id(Tag::Aggregate, &self.schema, &self.name, &self.signature)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("AGGREGATE {}", self.call())
    }

    fn granted(&self) -> String {
        let name = qualified(&self.schema, &self.name);
        format!("FUNCTION {name}({})", self.signature)
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Schema(&mut self.schema));
        let texts = [&mut self.signature, &mut self.arguments, &mut self.result];
        let options = self.options.iter_mut().map(|(_, value)| value);
        for sql in texts.into_iter().chain(options) {
            visit(Ref::Expression {
                sql,
                relation: None,
            });
        }
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::create(self.id(), self.definition("CREATE"))]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::drop(self.id(), format!("DROP {};", self.reference()))]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        // Callers were parsed for these.
        if self.arguments != new.arguments
            || self.result != new.result
            || self.hypothetical != new.hypothetical
        {
            return Change::Replace;
        }
        Change::quiet(vec![Step::alter(
            self.id(),
            new.definition("CREATE OR REPLACE"),
        )])
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
