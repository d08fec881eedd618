//! Tables of publications, with their column lists and row filters.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Fragment, GivesWay, Kind, Object, Ref, Renaming, Tag, constraint};
use crate::id::{Id, Space, qualified};
use crate::sql::ident;
use crate::step::Step;

/// A table of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedTable {
    /// The publication.
    pub publication: String,
    /// Schema of the table.
    pub schema: String,
    /// The table.
    pub table: String,
    /// The columns that are published; `None` for all of them.
    pub columns: Option<Vec<String>>,
    /// The rows that are published, as an expression.
    pub filter: Option<String>,
}

impl PublishedTable {
    fn sql_name(&self) -> String {
        qualified(&self.schema, &self.table)
    }

    fn sql(&self) -> String {
        let mut sql = format!("TABLE ONLY {}", self.sql_name());
        if let Some(columns) = &self.columns {
            sql += &format!(" ({})", constraint::list(columns));
        }
        if let Some(filter) = &self.filter {
            sql += &format!(" WHERE ({filter})");
        }
        sql
    }

    fn alter_publication(&self, action: &str) -> String {
        format!("ALTER PUBLICATION {} {action};", ident(&self.publication))
    }
}

impl Kind for PublishedTable {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "published table";
    const QUERY: &'static str = include_str!("published_table.sql");
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;
    const INLINES: bool = true;

    fn id(&self) -> Id {
        Id::in_parent(
            Tag::PublishedTable,
            &self.schema,
            &self.publication,
            &self.table,
        )
    }

    fn parent(&self) -> Option<Id> {
        Some(Id::global(Tag::Publication, &self.publication))
    }

    fn reference(&self) -> String {
        String::new()
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        for name in self.columns.iter_mut().flatten() {
            visit(Ref::Column {
                schema: &self.schema,
                relation: &self.table,
                name,
            });
        }
        if let Some(sql) = &mut self.filter {
            visit(Ref::Expression {
                sql,
                relation: Some((&self.schema, &self.table)),
            });
        }
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
    }

    /// Postgres keeps columns in the order of their table.
    fn same(&self, new: &Self) -> bool {
        let sorted = |one: &Self| {
            let mut one = one.clone();
            one.columns.iter_mut().for_each(|columns| columns.sort());
            one
        };
        self == new || sorted(self) == sorted(new)
    }

    fn create(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = self.alter_publication(&format!("ADD {}", self.sql()));
        vec![Step::create(self.id(), sql)]
    }

    fn inline(&self) -> Option<Fragment> {
        Some(Fragment::Line(self.sql()))
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        let sql = self.alter_publication(&format!("DROP TABLE ONLY {}", self.sql_name()));
        vec![Step::drop(self.id(), sql)]
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn gives_way(&self, below: &Object, replaced: bool) -> GivesWay {
        // Postgres refuses to change the type of a column that is listed or that a filter reads.
        if replaced || self.filter.is_some() || matches!(below, Object::Column(_)) {
            GivesWay::Rebuild
        } else {
            GivesWay::Stay
        }
    }
}
