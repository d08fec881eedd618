//! What is there when a statement runs: the catalog before the script, and what the statements
//! before it made, dropped and renamed.

use std::collections::BTreeMap;
use std::rc::Rc;

use driftless_catalog::{Catalog, Id, Object, Tag};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use crate::names::Name;

/// Schema and name.
type Key = (String, String);

/// What statements do to what there is, with their numbers.
#[derive(Debug, Default)]
pub(crate) struct Log {
    names: BTreeMap<Key, Vec<(usize, State)>>,
    /// New names of schemas, and the old ones.
    schemas: BTreeMap<String, Vec<(usize, String)>>,
}

/// What a name stands for after a statement.
#[derive(Debug, Clone)]
enum State {
    /// Something that the script made.
    Made,
    /// Nothing.
    Gone,
    /// What had another name before the script.
    Was(Key),
}

/// What is there when one statement runs.
#[derive(Debug, Clone)]
pub(crate) struct World<'a> {
    pub(crate) catalog: &'a Catalog,
    log: Rc<Log>,
    /// Number of the statement.
    at: usize,
}

/// What can hold rows that were there before.
const WITH_ROWS: [Tag; 2] = [Tag::Table, Tag::MaterializedView];

impl<'a> World<'a> {
    pub(crate) fn new(catalog: &'a Catalog, log: &Rc<Log>, at: usize) -> Self {
        Self {
            catalog,
            log: Rc::clone(log),
            at,
        }
    }

    /// The id before the script of what goes by a name now, if it was there and is of one of these
    /// kinds.
    pub(crate) fn existing(&self, kinds: &[Tag], name: &Name) -> Option<Id> {
        self.log.existing(self.catalog, self.at, kinds, name)
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

    /// Whether a name was that of something with rows before the script.
    pub(crate) fn holds_rows(&self, schema: &str, name: &str) -> bool {
        let mut kinds = WITH_ROWS.into_iter();
        kinds.any(|kind| find(self.catalog, kind, schema, name).is_some())
    }

    /// Whether a table had a column before the script.
    pub(crate) fn has_column(&self, table: &Id, column: &str) -> bool {
        let id = Id::in_parent(Tag::Column, &table.schema, &table.name, column);
        self.catalog.contains(&id)
    }

    /// A table and those below it, partitions or heirs: a statement about it reaches them too.
    pub(crate) fn with_below(&self, table: &Id) -> Vec<Id> {
        let bonds = || {
            let partitions = self.catalog.of_kind(Tag::Partition);
            partitions.chain(self.catalog.of_kind(Tag::Inheritance))
        };
        let mut all = vec![table.clone()];
        let mut at = 0;
        while let Some(above) = all.get(at).cloned() {
            for (id, bond) in bonds() {
                let (schema, name) = match bond {
                    Object::Partition(bond) => (&bond.parent_schema, &bond.parent),
                    Object::Inheritance(bond) => (&bond.parent_schema, &bond.parent),
                    _ => continue,
                };
                let below = Id::in_schema(Tag::Table, &id.schema, &id.parent);
                if above.schema == *schema && above.name == *name && !all.contains(&below) {
                    all.push(below);
                }
            }
            at += 1;
        }
        all
    }
}

impl Log {
    fn existing(&self, catalog: &Catalog, at: usize, kinds: &[Tag], name: &Name) -> Option<Id> {
        let in_schema = |schema: &str| {
            let key = (schema.to_owned(), name.name.clone());
            let (schema, name) = match self.state(at, &key) {
                Some(State::Made | State::Gone) => return None,
                Some(State::Was(before)) => before.clone(),
                None => (self.schema_before(at, schema), key.1),
            };
            kinds
                .iter()
                .find_map(|kind| find(catalog, *kind, &schema, &name))
        };
        let made = |schema: &str| {
            let key = (schema.to_owned(), name.name.clone());
            matches!(self.state(at, &key), Some(State::Made))
        };
        match &name.schema {
            Some(schema) => in_schema(schema),
            None if made("public") => None,
            // `search_path` may say anything: whatever has the name may be meant.
            None => in_schema("public").or_else(|| {
                let schemas = catalog.of_kind(Tag::Schema);
                let mut names = schemas.map(|(id, _)| id.name.as_str());
                names.find_map(in_schema)
            }),
        }
    }

    fn state(&self, at: usize, key: &Key) -> Option<&State> {
        let states = self.names.get(key)?.iter().rev();
        states
            .into_iter()
            .find(|(number, _)| *number < at)
            .map(|(_, state)| state)
    }

    fn schema_before(&self, at: usize, schema: &str) -> String {
        let states = self.schemas.get(schema).into_iter().flatten();
        let before = states.rev().find(|(number, _)| *number < at);
        before.map_or_else(|| schema.to_owned(), |(_, before)| before.clone())
    }

    fn becomes(&mut self, at: usize, key: Key, state: State) {
        self.names.entry(key).or_default().push((at, state));
    }

    /// Takes in what a statement does.
    pub(crate) fn after(&mut self, catalog: &Catalog, at: usize, statement: &ast::Stmt) {
        use ast::Stmt;
        match statement {
            Stmt::CreateTable(it) => {
                self.make(catalog, at, it.syntax(), it.if_not_exists().is_some());
            }
            Stmt::CreateTableAs(it) => {
                self.make(catalog, at, it.syntax(), it.if_not_exists().is_some());
            }
            Stmt::CreateMaterializedView(it) => {
                self.make(catalog, at, it.syntax(), it.if_not_exists().is_some());
            }
            Stmt::CreateView(it) => self.make(catalog, at, it.syntax(), it.or_replace().is_some()),
            Stmt::CreateType(it) => self.make(catalog, at, it.syntax(), false),
            Stmt::SelectInto(it) => {
                if let Some(into) = it.into_clause() {
                    self.make(catalog, at, into.syntax(), false);
                }
            }
            Stmt::CreateIndex(it) => {
                if let Some(index) = it.index() {
                    self.make_index(catalog, at, it, index.syntax());
                }
            }
            Stmt::DropTable(it) => it
                .table_name_refs()
                .for_each(|it| self.drop(at, it.syntax())),
            Stmt::DropView(it) => it.view_refs().for_each(|it| self.drop(at, it.syntax())),
            Stmt::DropMaterializedView(it) => {
                it.view_refs().for_each(|it| self.drop(at, it.syntax()));
            }
            Stmt::DropIndex(it) => it.index_refs().for_each(|it| self.drop(at, it.syntax())),
            Stmt::DropType(it) => it
                .type_name_refs()
                .for_each(|it| self.drop(at, it.syntax())),
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
                        self.rename(at, name, &to.name);
                    }
                }
            }
            Stmt::AlterType(it) => {
                let name = it.type_name_ref().and_then(|it| Name::of(it.syntax()));
                if let (Some(name), Some(ast::AlterTypeAction::TypeRenameTo(to))) =
                    (name, it.action())
                    && let Some(to) = to.type_name().and_then(|it| Name::of(it.syntax()))
                {
                    self.rename(at, &name, &to.name);
                }
            }
            Stmt::AlterSchema(it) => {
                let name = it.schema_ref().and_then(|it| Name::of(it.syntax()));
                if let (Some(name), Some(ast::AlterSchemaAction::SchemaRenameTo(to))) =
                    (name, it.action())
                    && let Some(to) = to.schema().and_then(|it| Name::of(it.syntax()))
                {
                    let before = self.schema_before(at, &name.name);
                    self.schemas.entry(to.name).or_default().push((at, before));
                }
            }
            _ => {}
        }
    }

    fn make(&mut self, catalog: &Catalog, at: usize, node: &SyntaxNode, unless_there: bool) {
        let Some(name) = Name::of(node) else { return };
        let kinds = [Tag::Table, Tag::MaterializedView, Tag::View];
        if unless_there && self.existing(catalog, at, &kinds, &name).is_some() {
            return;
        }
        self.becomes(at, key(&name), State::Made);
    }

    /// An index is made in the schema of its table.
    fn make_index(
        &mut self,
        catalog: &Catalog,
        at: usize,
        create: &ast::CreateIndex,
        node: &SyntaxNode,
    ) {
        let table = create
            .table_relation_name()
            .and_then(|it| Name::of(it.syntax()));
        let Some(name) = Name::of(node) else { return };
        let name = Name {
            schema: table.and_then(|table| table.schema),
            ..name
        };
        let there = || self.existing(catalog, at, &[Tag::Index], &name).is_some();
        if create.if_not_exists().is_some() && there() {
            return;
        }
        self.becomes(at, key(&name), State::Made);
    }

    fn drop(&mut self, at: usize, node: &SyntaxNode) {
        if let Some(name) = Name::of(node) {
            self.becomes(at, key(&name), State::Gone);
        }
    }

    fn rename(&mut self, at: usize, name: &Name, to: &str) {
        let old = key(name);
        let new = (old.0.clone(), to.to_owned());
        let state = match self.state(at, &old) {
            Some(state) => state.clone(),
            None => State::Was((self.schema_before(at, &old.0), old.1.clone())),
        };
        self.becomes(at, old, State::Gone);
        self.becomes(at, new, state);
    }
}

fn find(catalog: &Catalog, kind: Tag, schema: &str, name: &str) -> Option<Id> {
    let direct = Id::in_schema(kind, schema, name);
    if catalog.contains(&direct) {
        return Some(direct);
    }
    // What belongs to a relation has a name of its schema's all the same.
    (kind == Tag::Index)
        .then(|| catalog.of_kind(kind).map(|(id, _)| id))?
        .find(|id| id.schema == schema && id.name == name)
        .cloned()
}

fn key(name: &Name) -> Key {
    let schema = name.schema.clone();
    (
        schema.unwrap_or_else(|| "public".to_owned()),
        name.name.clone(),
    )
}
