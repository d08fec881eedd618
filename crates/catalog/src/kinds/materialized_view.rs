//! Materialized views.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::view::{change_options, query, with};
use super::{Change, Cx, Kind, Ref, Renaming, Tag, names};
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// A materialized view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterializedView {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The query.
    pub query: String,
    /// Storage parameters as SQL text.
    pub options: BTreeMap<String, String>,
    /// Table access method; `None` is the server's default, `heap` unless configured.
    pub access_method: Option<String>,
    /// Tablespace; `None` is the database's.
    pub tablespace: Option<String>,
    /// Whether it is created WITH NO DATA; no property that lasts.
    pub no_data: bool,
}

impl MaterializedView {
    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    fn alter_self(&self, action: &str) -> Step {
        Step::alter(
            self.id(),
            format!("ALTER MATERIALIZED VIEW {} {action};", self.sql_name()),
        )
        .lock(Lock::AccessExclusive)
    }
}

impl Kind for MaterializedView {
    const SPACE: Space = Space::Relation;
    const NOUN: &'static str = "materialized view";
    const QUERY: &'static str = include_str!("materialized_view.sql");
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_schema(Tag::MaterializedView, &self.schema, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Schema, &self.schema))
    }

    fn reference(&self) -> String {
        format!("MATERIALIZED VIEW {}", self.sql_name())
    }

    fn granted(&self) -> String {
        format!("TABLE {}", self.sql_name())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Query(&mut self.query));
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.name,
        });
    }

    fn same(&self, new: &Self) -> bool {
        if self == new {
            return true;
        }
        let mut same_way = self.clone();
        same_way.no_data = new.no_data;
        same_way == *new
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let method = self
            .access_method
            .as_ref()
            .map_or_else(String::new, |method| format!(" USING {}", ident(method)));
        let tablespace = self
            .tablespace
            .as_ref()
            .map_or_else(String::new, |space| format!(" TABLESPACE {}", ident(space)));
        let no_data = if self.no_data { " WITH NO DATA" } else { "" };
        let sql = format!(
            "CREATE MATERIALIZED VIEW {}{method}{}{tablespace} AS ({}){no_data};",
            self.sql_name(),
            with(&self.options),
            query(&self.query),
        );
        vec![Step::create(self.id(), sql)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::drop(
            self.id(),
            format!("DROP MATERIALIZED VIEW {};", self.sql_name()),
        );
        vec![step.hazard(
            HazardKind::DropMaterializedView,
            format!(
                "materialized view {} and its rows are dropped",
                self.id().path()
            ),
        )]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        if self.query != new.query {
            return Change::Replace;
        }
        let mut steps: Vec<_> = change_options(&self.options, &new.options)
            .iter()
            .map(|action| self.alter_self(action))
            .collect();
        if self.access_method != new.access_method {
            let method = new.access_method.as_deref().unwrap_or("heap");
            steps.push(self.alter_self(&format!("SET ACCESS METHOD {}", ident(method))));
        }
        if self.tablespace != new.tablespace {
            let space = new.tablespace.as_deref().unwrap_or("pg_default");
            steps.push(self.alter_self(&format!("SET TABLESPACE {}", ident(space))));
        }
        Change::quiet(steps)
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        names::rename("MATERIALIZED VIEW", qualified, &self.id(), &new.id())
    }
}
