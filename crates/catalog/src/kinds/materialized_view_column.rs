//! What is set on a column of a materialized view.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::column::Settings;
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// `ALTER MATERIALIZED VIEW … ALTER COLUMN`: only columns on which something is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterializedViewColumn {
    /// Schema of the view.
    pub schema: String,
    /// The view.
    pub view: String,
    /// Name of the column.
    pub name: String,
    /// STORAGE, where it is not the type's own: `EXTERNAL`.
    pub storage: Option<String>,
    /// The type's own storage, where the column's is another.
    pub usual_storage: Option<String>,
    /// COMPRESSION: `lz4`.
    pub compression: Option<String>,
    /// STATISTICS target, where it is not the server's.
    pub statistics: Option<i32>,
    /// Options such as `n_distinct`, as SQL text.
    pub options: BTreeMap<String, String>,
}

impl MaterializedViewColumn {
    fn settings(&self) -> Settings<'_> {
        Settings {
            storage: self.storage.as_deref(),
            usual_storage: self.usual_storage.as_deref(),
            compression: self.compression.as_deref(),
            statistics: self.statistics,
            options: &self.options,
        }
    }

    /// Statements that lead from one to the other.
    fn become_set(&self, new: &Self, step: impl Fn(Id, String) -> Step) -> Vec<Step> {
        let (view, column) = (qualified(&self.schema, &self.view), ident(&self.name));
        let actions = new.settings().actions(&self.settings());
        let sql =
            |action| format!("ALTER MATERIALIZED VIEW {view} ALTER COLUMN {column} {action};");
        (actions.into_iter())
            .map(|action| step(self.id(), sql(action)).lock(Lock::AccessExclusive))
            .collect()
    }

    fn unset(&self) -> Self {
        Self {
            schema: self.schema.clone(),
            view: self.view.clone(),
            name: self.name.clone(),
            ..Self::default()
        }
    }
}

impl Kind for MaterializedViewColumn {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "settings of the column";
    const QUERY: &'static str = include_str!("materialized_view_column.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        let tag = Tag::MaterializedViewColumn;
        Id::in_parent(tag, &self.schema, &self.view, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        let tag = Tag::MaterializedView;
        Some(Id::in_schema(tag, &self.schema, &self.view))
    }

    fn reference(&self) -> String {
        let view = qualified(&self.schema, &self.view);
        format!("COLUMN {view}.{}", ident(&self.name))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.view,
        });
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        self.unset().become_set(self, Step::create)
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        self.become_set(&self.unset(), Step::drop)
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        Change::quiet(self.become_set(new, Step::alter))
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
