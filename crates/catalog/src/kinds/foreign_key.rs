//! Foreign keys.

use serde::{Deserialize, Serialize};

use super::{Change, Cx, Kind, Object, Ref, Renaming, Tag, constraint};
use crate::catalog::Catalog;
use crate::hazard::HazardKind;
use crate::id::{Id, Space, qualified};
use crate::step::{Lock, Step};

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// Schema of the referencing table.
    pub schema: String,
    /// The referencing table.
    pub table: String,
    /// Name of the constraint.
    pub name: String,
    /// Referencing columns.
    pub columns: Vec<String>,
    /// Schema of the referenced table.
    pub to_schema: String,
    /// The referenced table.
    pub to_table: String,
    /// Referenced columns, in the order of `columns`.
    pub to_columns: Vec<String>,
    /// ON DELETE, as SQL words in lower case: `no action`, `set null`.
    pub on_delete: String,
    /// ON UPDATE, likewise.
    pub on_update: String,
}

impl ForeignKey {
    fn table_id(&self) -> Id {
        Id::in_schema(Tag::Table, &self.schema, &self.table)
    }
}

impl Kind for ForeignKey {
    const SPACE: Space = Space::Leaf;
    const NOUN: &'static str = "foreign key";
    const QUERY: &'static str = include_str!("foreign_key.sql");
    const ALWAYS_DECLARED: bool = true;
    const FALLS_WITH_PARENT: bool = true;
    const RENAME: Renaming = Renaming::WhenEqual;

    fn id(&self) -> Id {
        Id::in_parent(Tag::ForeignKey, &self.schema, &self.table, &self.name)
    }

    fn parent(&self) -> Option<Id> {
        Some(self.table_id())
    }

    fn reference(&self) -> String {
        constraint::reference(&self.id())
    }

    fn refs(&mut self, visit: &mut dyn FnMut(Ref<'_>)) {
        visit(Ref::Own(&mut self.name));
        for name in &mut self.columns {
            visit(Ref::Column {
                schema: &self.schema,
                relation: &self.table,
                name,
            });
        }
        for name in &mut self.to_columns {
            visit(Ref::Column {
                schema: &self.to_schema,
                relation: &self.to_table,
                name,
            });
        }
        visit(Ref::Relation {
            schema: &mut self.schema,
            name: &mut self.table,
        });
        visit(Ref::Relation {
            schema: &mut self.to_schema,
            name: &mut self.to_table,
        });
    }

    /// The key or unique index that makes the referenced columns unique.
    fn needs(&self, catalog: &Catalog) -> Vec<Id> {
        let mut wanted: Vec<&str> = self.to_columns.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        let covers = |columns: Vec<&str>| {
            let mut columns = columns;
            columns.sort_unstable();
            columns == wanted
        };
        [Tag::PrimaryKey, Tag::Unique, Tag::Index]
            .into_iter()
            .flat_map(|kind| catalog.belonging(kind, &self.to_schema, &self.to_table))
            .filter(|object| match object {
                Object::PrimaryKey(key) => covers(key.columns.iter().map(String::as_str).collect()),
                Object::Unique(key) => covers(key.columns.iter().map(String::as_str).collect()),
                Object::Index(index) => index.plain_unique_columns().is_some_and(covers),
                _ => false,
            })
            .map(Object::id)
            .collect()
    }

    fn create(&self, cx: &Cx<'_>) -> Vec<Step> {
        let definition = format!(
            "FOREIGN KEY ({}) REFERENCES {}({}) ON DELETE {} ON UPDATE {}",
            constraint::list(&self.columns),
            qualified(&self.to_schema, &self.to_table),
            constraint::list(&self.to_columns),
            self.on_delete,
            self.on_update,
        );
        let mut step = constraint::add(self.id(), &definition);
        if !cx.is_new(&self.table_id()) {
            step = step.lock(Lock::ShareRowExclusive).hazard(
                HazardKind::ValidateRows,
                format!(
                    "every row of {} is looked up in {} while writers of both wait; one without a match stops the migration",
                    self.table_id().path(),
                    Id::in_schema(Tag::Table, &self.to_schema, &self.to_table).path()
                ),
            );
        }
        vec![step]
    }

    fn drop(&self, _: &Cx<'_>) -> Vec<Step> {
        constraint::drop(self.id())
    }

    fn alter(&self, _: &Self, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn rename(&self, new: &Self) -> Vec<Step> {
        constraint::rename(&self.id(), new.id())
    }
}
