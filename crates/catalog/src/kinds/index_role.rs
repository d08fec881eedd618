//! What a table uses an index for besides queries: CLUSTER, and its replica identity. The latter
//! can do without one.

use serde::{Deserialize, Serialize};

use super::index_partition::index_of;
use super::{Change, Cx, GivesWay, Kind, Object, Ref, Renaming, Tag};
use crate::catalog::Catalog;
use crate::id::{Id, Space, relation};
use crate::sql::ident;
use crate::step::{Lock, Step};

/// `ALTER TABLE … CLUSTER ON`, `ALTER TABLE … REPLICA IDENTITY`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexRole {
    /// Schema of the table.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Whether it is a materialized view.
    #[serde(default)]
    pub materialized: bool,
    /// The index, or the constraint that it is behind.
    #[serde(default)]
    pub index: Option<String>,
    /// What for.
    pub role: IndexUse,
}

/// What an index, or none, is used for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndexUse {
    /// CLUSTER puts rows in its order.
    #[default]
    Cluster,
    /// Its columns tell rows apart for subscribers.
    ReplicaIdentity,
    /// All columns do.
    ReplicaIdentityFull,
    /// Nothing does.
    ReplicaIdentityNothing,
}

impl IndexRole {
    fn alter_table(&self, action: &str) -> String {
        let table = relation(&self.schema, &self.table);
        format!("ALTER TABLE {table} {action};")
    }

    fn action(&self) -> String {
        let index = ident(self.index.as_deref().unwrap_or_default());
        match self.role {
            IndexUse::Cluster => format!("CLUSTER ON {index}"),
            IndexUse::ReplicaIdentity => format!("REPLICA IDENTITY USING INDEX {index}"),
            IndexUse::ReplicaIdentityFull => "REPLICA IDENTITY FULL".to_owned(),
            IndexUse::ReplicaIdentityNothing => "REPLICA IDENTITY NOTHING".to_owned(),
        }
    }
}

impl Kind for IndexRole {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "use of an index";
    const QUERY: &'static str = include_str!("index_role.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        let role = match self.role {
            IndexUse::Cluster => "cluster",
            _ => "replica identity",
        };
        Id::in_parent(Tag::IndexRole, &self.schema, &self.table, role)
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
        format!("TABLE {}", relation(&self.schema, &self.table))
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
    }

    fn needs(&self, catalog: &Catalog) -> Vec<Id> {
        let index = self.index.as_deref();
        index
            .and_then(|index| index_of(catalog, &self.schema, &self.table, index))
            .into_iter()
            .collect()
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let step = Step::create(self.id(), self.alter_table(&self.action()));
        vec![step.lock(Lock::AccessExclusive)]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let action = match self.role {
            IndexUse::Cluster => "SET WITHOUT CLUSTER",
            _ => "REPLICA IDENTITY DEFAULT",
        };
        let step = Step::drop(self.id(), self.alter_table(action));
        vec![step.lock(Lock::AccessExclusive)]
    }

    fn alter(&self, new: &Self, _: &Cx<'_>) -> Change {
        let step = Step::alter(self.id(), new.alter_table(&new.action()));
        Change::quiet(vec![step.lock(Lock::AccessExclusive)])
    }

    fn gives_way(&self, _: &Object, replaced: bool) -> GivesWay {
        GivesWay::where_replaced(replaced)
    }
}
