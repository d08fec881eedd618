//! Range types, each with its multirange type.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, DataType, GivesWay, Kind, Object, Ref, Renaming, Tag, names};
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::Step;

/// A range type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeType {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The type of its bounds.
    pub subtype: DataType,
    /// Operator class as SQL text, where it is not the default of the subtype.
    pub operator_class: Option<String>,
    /// Collation as SQL text, where it is not the subtype's own.
    pub collation: Option<String>,
    /// The function of `SUBTYPE_DIFF` as SQL text.
    pub difference: Option<String>,
    /// Schema of its multirange type.
    pub multirange_schema: String,
    /// Its multirange type.
    pub multirange: String,
}

impl RangeType {
    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }
}

impl Kind for RangeType {
    const SPACE: Space = Space::Type;
    const NOUN: &'static str = "range type";
    const QUERY: &'static str = include_str!("range_type.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::RangeType, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("TYPE {}", self.sql_name())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Type {
            schema: &mut self.schema,
            name: &mut self.name,
        });
        visit(Ref::Schema(&mut self.multirange_schema));
        self.subtype.refs(visit);
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let mut options = vec![format!("SUBTYPE = {}", self.subtype.sql())];
        if let Some(class) = &self.operator_class {
            options.push(format!("SUBTYPE_OPCLASS = {class}"));
        }
        if let Some(collation) = &self.collation {
            options.push(format!("COLLATION = {collation}"));
        }
        if let Some(function) = &self.difference {
            options.push(format!("SUBTYPE_DIFF = {function}"));
        }
        options.push(format!(
            "MULTIRANGE_TYPE_NAME = {}",
            qualified(&self.multirange_schema, &self.multirange)
        ));
        let sql = format!(
            "CREATE TYPE {} AS RANGE ({});",
            self.sql_name(),
            options.join(", ")
        );
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP TYPE {};", self.sql_name());
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let renamed = Self {
            multirange: new.multirange.clone(),
            ..self.clone()
        };
        if renamed != *new {
            return Change::Replace;
        }
        let sql = format!(
            "ALTER TYPE {} RENAME TO {};",
            qualified(&self.multirange_schema, &self.multirange),
            ident(&new.multirange)
        );
        // Columns of the multirange type say its name.
        Change::Alter {
            steps: vec![Step::alter(self.id(), sql)],
            disturbs: false,
        }
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("TYPE", qualified, &self.id(), &new.id())
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
