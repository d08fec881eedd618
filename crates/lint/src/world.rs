//! What is there when a statement runs: the catalog before the script, and what the statements
//! before it made, dropped and renamed.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{Catalog, Id, Object, Tag};
use squawk_syntax::ast::{self, AstNode};

use crate::names::Name;

/// What statements of the script did so far, by schema and name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    made: BTreeSet<(String, String)>,
    gone: BTreeSet<(String, String)>,
    /// From the name now to the name before the script.
    renamed: BTreeMap<(String, String), (String, String)>,
    /// The same of schemas.
    schemas: BTreeMap<String, String>,
}

/// What is there when one statement runs.
#[derive(Debug, Clone)]
pub(crate) struct World<'a> {
    pub(crate) catalog: &'a Catalog,
    changes: Changes,
}

/// What can hold rows that were there before.
const WITH_ROWS: [Tag; 2] = [Tag::Table, Tag::MaterializedView];

impl<'a> World<'a> {
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            changes: Changes::default(),
        }
    }

    /// The id before the script of what goes by a name now, if it was there and is of one of these
    /// kinds.
    pub(crate) fn existing(&self, kinds: &[Tag], name: &Name) -> Option<Id> {
        let key = |schema: &str| (schema.to_owned(), name.name.clone());
        let in_schema = |schema: &str| {
            let now = key(schema);
            if self.changes.made.contains(&now) {
                return None;
            }
            let (schema, name) = match self.changes.renamed.get(&now) {
                Some(before) => before.clone(),
                None if self.changes.gone.contains(&now) => return None,
                None => (self.schema_before(schema), now.1),
            };
            kinds
                .iter()
                .find_map(|kind| self.find(*kind, &schema, &name))
        };
        match &name.schema {
            Some(schema) => in_schema(schema),
            None if self.changes.made.contains(&key("public")) => None,
            // `search_path` may say anything: whatever has the name may be meant.
            None => in_schema("public").or_else(|| {
                let schemas = self.catalog.of_kind(Tag::Schema);
                let mut names = schemas.map(|(id, _)| id.name.as_str());
                names.find_map(in_schema)
            }),
        }
    }

    /// The existing table or materialized view that goes by a name now.
    pub(crate) fn table(&self, name: &Name) -> Option<Id> {
        self.existing(&WITH_ROWS, name)
    }

    /// The existing index that goes by a name now.
    pub(crate) fn index(&self, name: &Name) -> Option<&'a driftless_catalog::kinds::Index> {
        let id = self.existing(&[Tag::Index], name)?;
        match self.catalog.get(&id)? {
            Object::Index(index) => Some(index),
            _ => None,
        }
    }

    /// Whether a table had a column before the script.
    pub(crate) fn has_column(&self, table: &Id, column: &str) -> bool {
        let id = Id::in_parent(Tag::Column, &table.schema, &table.name, column);
        self.catalog.contains(&id)
    }

    fn schema_before(&self, schema: &str) -> String {
        let before = self.changes.schemas.get(schema);
        before.map_or_else(|| schema.to_owned(), Clone::clone)
    }

    fn find(&self, kind: Tag, schema: &str, name: &str) -> Option<Id> {
        let direct = Id::in_schema(kind, schema, name);
        if self.catalog.contains(&direct) {
            return Some(direct);
        }
        // What belongs to a relation has a name of its schema's all the same.
        (kind == Tag::Index)
            .then(|| self.catalog.of_kind(kind).map(|(id, _)| id))?
            .find(|id| id.schema == schema && id.name == name)
            .cloned()
    }

    /// Takes in what a statement does.
    pub(crate) fn after(&mut self, statement: &ast::Stmt) {
        use ast::Stmt;
        match statement {
            Stmt::CreateTable(it) => self.make(it.syntax(), it.if_not_exists().is_some()),
            Stmt::CreateTableAs(it) => self.make(it.syntax(), it.if_not_exists().is_some()),
            Stmt::CreateMaterializedView(it) => {
                self.make(it.syntax(), it.if_not_exists().is_some());
            }
            Stmt::CreateView(it) => self.make(it.syntax(), it.or_replace().is_some()),
            Stmt::CreateType(it) => self.make(it.syntax(), false),
            Stmt::SelectInto(it) => {
                if let Some(into) = it.into_clause() {
                    self.make(into.syntax(), false);
                }
            }
            Stmt::CreateIndex(it) => {
                if let Some(index) = it.index() {
                    self.make_index(it, index.syntax());
                }
            }
            Stmt::DropTable(it) => it.table_name_refs().for_each(|it| self.drop(it.syntax())),
            Stmt::DropView(it) => it.view_refs().for_each(|it| self.drop(it.syntax())),
            Stmt::DropMaterializedView(it) => it.view_refs().for_each(|it| self.drop(it.syntax())),
            Stmt::DropIndex(it) => it.index_refs().for_each(|it| self.drop(it.syntax())),
            Stmt::DropType(it) => it.type_name_refs().for_each(|it| self.drop(it.syntax())),
            Stmt::AlterTable(it) => {
                let name = it
                    .table_relation_name()
                    .and_then(|it| Name::of(it.syntax()));
                for action in it.actions() {
                    let (Some(name), ast::AlterTableAction::TableRenameTo(to)) = (&name, &action)
                    else {
                        continue;
                    };
                    if let Some(to) = to.table_name().and_then(|it| Name::of(it.syntax())) {
                        self.rename(name, &to.name);
                    }
                }
            }
            Stmt::AlterType(it) => {
                let name = it.type_name_ref().and_then(|it| Name::of(it.syntax()));
                if let (Some(name), Some(ast::AlterTypeAction::TypeRenameTo(to))) =
                    (name, it.action())
                    && let Some(to) = to.type_name().and_then(|it| Name::of(it.syntax()))
                {
                    self.rename(&name, &to.name);
                }
            }
            Stmt::AlterSchema(it) => {
                let name = it.schema_ref().and_then(|it| Name::of(it.syntax()));
                if let (Some(name), Some(ast::AlterSchemaAction::SchemaRenameTo(to))) =
                    (name, it.action())
                    && let Some(to) = to.schema().and_then(|it| Name::of(it.syntax()))
                {
                    let before = self.schema_before(&name.name);
                    self.changes.schemas.insert(to.name, before);
                }
            }
            _ => {}
        }
    }

    fn make(&mut self, node: &squawk_syntax::SyntaxNode, unless_there: bool) {
        let Some(name) = Name::of(node) else { return };
        if unless_there
            && self
                .existing(&[Tag::Table, Tag::MaterializedView, Tag::View], &name)
                .is_some()
        {
            return;
        }
        self.changes.made.insert(key(&name));
    }

    /// An index is made in the schema of its table.
    fn make_index(&mut self, create: &ast::CreateIndex, node: &squawk_syntax::SyntaxNode) {
        let table = create
            .table_relation_name()
            .and_then(|it| Name::of(it.syntax()));
        let Some(name) = Name::of(node) else { return };
        let name = Name {
            schema: table.and_then(|table| table.schema),
            ..name
        };
        if create.if_not_exists().is_some() && self.index(&name).is_some() {
            return;
        }
        self.changes.made.insert(key(&name));
    }

    fn drop(&mut self, node: &squawk_syntax::SyntaxNode) {
        let Some(name) = Name::of(node) else { return };
        let key = key(&name);
        self.changes.renamed.remove(&key);
        if !self.changes.made.remove(&key) {
            self.changes.gone.insert(key);
        }
    }

    fn rename(&mut self, name: &Name, to: &str) {
        let (schema, old) = key(name);
        let new = (schema.clone(), to.to_owned());
        let old = (schema, old);
        if self.changes.made.remove(&old) {
            self.changes.made.insert(new);
            return;
        }
        let before = self.changes.renamed.remove(&old);
        let before = before.unwrap_or_else(|| (self.schema_before(&old.0), old.1.clone()));
        self.changes.gone.insert(old);
        self.changes.renamed.insert(new, before);
    }
}

fn key(name: &Name) -> (String, String) {
    let schema = name.schema.clone();
    (
        schema.unwrap_or_else(|| "public".to_owned()),
        name.name.clone(),
    )
}
