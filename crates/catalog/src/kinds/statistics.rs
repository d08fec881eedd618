//! Extended statistics.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// A statistics object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// Schema of its table.
    pub schema: String,
    /// Its table or materialized view.
    pub table: String,
    /// Whether it is on a materialized view.
    pub materialized: bool,
    /// Its own schema.
    pub own_schema: String,
    /// Its name.
    pub name: String,
    /// Everything behind the name: kinds, columns and table, in Postgres's spelling.
    pub definition: String,
    /// STATISTICS target, where it is not the columns'.
    pub target: Option<i32>,
}

impl Statistics {
    fn sql_name(&self) -> String {
        qualified(&self.own_schema, &self.name)
    }

    fn set_target(&self) -> Step {
        let target = self.target.unwrap_or(-1);
        let name = self.sql_name();
        Step::alter(
            self.id(),
            format!("ALTER STATISTICS {name} SET STATISTICS {target};"),
        )
    }
}

impl Kind for Statistics {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "statistics object";
    const QUERY: &'static str = include_str!("statistics.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        // Two schemas may hold one of this name on the same table.
        if self.own_schema == self.schema {
            return Id::in_parent(Tag::Statistics, &self.schema, &self.table, &self.name);
        }
        let name = format!("{}.{}", self.own_schema, self.name);
        Id::in_parent(Tag::Statistics, &self.schema, &self.table, &name)
    }

    fn parent(&self) -> Option<Id> {
        let kind = if self.materialized {
            Tag::MaterializedView
        } else {
            Tag::Table
        };
        Some(Id::in_schema(kind, &self.schema, &self.table))
    }

    fn reference(&self) -> String {
        format!("STATISTICS {}", self.sql_name())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Own(&mut self.name));
        visit(Ref::Schema(&mut self.own_schema));
        visit(Ref::Expression {
            sql: &mut self.definition,
            relation: Some((&self.schema, &self.table)),
        });
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
    }

    /// Its name in its own schema.
    fn contends(&self) -> Option<String> {
        let name = qualified(&self.own_schema, &self.name);
        Some(format!("statistics {name}"))
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("CREATE STATISTICS {} {};", self.sql_name(), self.definition);
        let mut steps = vec![Step::create(self.id(), sql).lock(Lock::ShareUpdateExclusive)];
        if self.target.is_some() {
            steps.push(self.set_target());
        }
        steps
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = format!("DROP STATISTICS {};", self.sql_name());
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.definition != new.definition {
            return Change::Replace;
        }
        Change::quiet(vec![new.set_target()])
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        let sql = format!(
            "ALTER STATISTICS {} RENAME TO {};",
            self.sql_name(),
            ident(&new.name)
        );
        vec![Step::rename(new.id(), sql)]
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        // Postgres makes them anew itself where a type changes.
        if replaced {
            GivesWay::Rebuild
        } else {
            GivesWay::Stay
        }
    }
}
