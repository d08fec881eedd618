//! What of a catalog is drawn: tables with their columns, and what points from one to another.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{Catalog, Id, Object, Tag, plan_as_decided};
use serde::Serialize;

/// Tables and the references between them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diagram {
    /// In order of schema and name.
    pub tables: Vec<Table>,
    /// Foreign keys.
    pub edges: Vec<Edge>,
}

/// A table, view or materialized view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// `table`, `view`, `materialized view`.
    pub kind: &'static str,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// In the table's order; of a view none are known without a server.
    pub columns: Vec<Column>,
    /// Row level security: `off`, `on`, `forced`.
    pub security: &'static str,
    /// What belongs to it, each with the statement that makes it.
    pub parts: Vec<Part>,
}

/// Something that belongs to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `index`, `policy`, `grants on`...
    pub kind: &'static str,
    /// Its name; empty for what has none.
    pub name: String,
    /// The statement.
    pub sql: String,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as SQL.
    #[serde(rename = "type")]
    pub data_type: String,
    /// NOT NULL.
    pub not_null: bool,
    /// Its default, or what it is generated as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What keys it is in.
    pub keys: BTreeSet<Key>,
}

/// A key that a column is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Key {
    /// The primary key.
    Primary,
    /// A unique constraint.
    Unique,
    /// A foreign key.
    Foreign,
}

/// A foreign key between two tables, by their places in [`Diagram::tables`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// The referencing table.
    pub from: usize,
    /// Its columns.
    pub columns: Vec<String>,
    /// The referenced table.
    pub to: usize,
    /// Its columns.
    pub to_columns: Vec<String>,
    /// ON DELETE, where it does something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<String>,
    /// Whether a row may point nowhere.
    pub optional: bool,
    /// Whether no two rows point at the same one.
    pub one: bool,
}

impl Table {
    /// `users`, `billing.plans`.
    pub fn path(&self) -> String {
        match self.schema.as_str() {
            "public" | "" => self.name.clone(),
            schema => format!("{schema}.{}", self.name),
        }
    }
}

impl Diagram {
    /// Everything that a catalog has.
    ///
    /// # Errors
    /// Those of planning: the statements of parts are the plan that makes the catalog.
    pub fn of_catalog(catalog: &Catalog) -> driftless_diagnostic::Result<Self> {
        let mut parts = parts(catalog)?;
        let relations = catalog.objects().filter_map(|(id, object)| {
            let security = match object {
                Object::Table(table) => match (table.row_security, table.force_row_security) {
                    (_, true) => "forced",
                    (true, false) => "on",
                    (false, false) => "off",
                },
                Object::View(_) | Object::MaterializedView(_) => "off",
                _ => return None,
            };
            Some((id, security))
        });
        let mut tables: Vec<(Id, Table)> = relations
            .map(|(id, security)| {
                let table = Table {
                    kind: id.kind.noun(),
                    schema: id.schema.to_string(),
                    name: id.name.to_string(),
                    columns: columns(catalog, id),
                    security,
                    parts: parts.remove(id).unwrap_or_default(),
                };
                (id.clone(), table)
            })
            .collect();
        tables.sort_by(|a, b| (&a.1.schema, &a.1.name).cmp(&(&b.1.schema, &b.1.name)));
        let places: BTreeMap<Id, usize> = tables
            .iter()
            .enumerate()
            .map(|(place, (id, _))| (id.clone(), place))
            .collect();
        let mut diagram = Self {
            tables: tables.into_iter().map(|(_, table)| table).collect(),
            edges: Vec::new(),
        };
        for (_, object) in catalog.of_kind(Tag::ForeignKey) {
            let Object::ForeignKey(key) = object else {
                continue;
            };
            let at = |schema: &str, name: &str| {
                places
                    .get(&Id::in_schema(Tag::Table, schema, name))
                    .copied()
            };
            if let (Some(from), Some(to)) = (
                at(&key.schema, &key.table),
                at(&key.to_schema, &key.to_table),
            ) {
                let table = &diagram.tables[from];
                let own = table
                    .columns
                    .iter()
                    .filter(|one| key.columns.contains(&one.name));
                let optional = own.clone().any(|column| !column.not_null);
                let one = key.columns.len() == 1
                    && own.clone().any(|c| c.keys.contains(&Key::Unique))
                    || is_whole_key(catalog, &key.schema, &key.table, &key.columns);
                let quiet = key.on_delete == "no action" || key.on_delete.is_empty();
                diagram.edges.push(Edge {
                    from,
                    columns: key.columns.clone(),
                    to,
                    to_columns: key.to_columns.clone(),
                    on_delete: (!quiet).then(|| key.on_delete.clone()),
                    optional,
                    one,
                });
            }
        }
        Ok(diagram)
    }

    /// These tables alone, and with them those that are so many references away.
    #[must_use]
    pub fn around(&self, names: &[String], depth: usize) -> Self {
        let named = |table: &Table| {
            let mut names = names.iter();
            names.any(|name| *name == table.path() || *name == table.name)
        };
        let mut kept: BTreeSet<usize> = (0..self.tables.len())
            .filter(|at| named(&self.tables[*at]))
            .collect();
        for _ in 0..depth {
            let near: Vec<usize> = self
                .edges
                .iter()
                .filter(|edge| kept.contains(&edge.from) || kept.contains(&edge.to))
                .flat_map(|edge| [edge.from, edge.to])
                .collect();
            kept.extend(near);
        }
        let place: BTreeMap<usize, usize> = kept
            .iter()
            .enumerate()
            .map(|(new, old)| (*old, new))
            .collect();
        let edges = self.edges.iter().filter_map(|edge| {
            Some(Edge {
                from: *place.get(&edge.from)?,
                to: *place.get(&edge.to)?,
                ..edge.clone()
            })
        });
        Self {
            edges: edges.collect(),
            tables: kept.iter().map(|at| self.tables[*at].clone()).collect(),
        }
    }
}

fn columns(catalog: &Catalog, relation: &Id) -> Vec<Column> {
    let of = |kind| catalog.belonging(kind, &relation.schema, &relation.name);
    let mut keys: BTreeMap<&str, BTreeSet<Key>> = BTreeMap::new();
    for kind in [Tag::PrimaryKey, Tag::Unique, Tag::ForeignKey] {
        for object in of(kind) {
            let (key, columns) = match object {
                Object::PrimaryKey(key) => (Key::Primary, &key.columns),
                Object::Unique(key) => (Key::Unique, &key.columns),
                Object::ForeignKey(key) => (Key::Foreign, &key.columns),
                _ => continue,
            };
            for column in columns {
                keys.entry(column).or_default().insert(key);
            }
        }
    }
    let mut columns: Vec<_> = of(Tag::Column)
        .filter_map(|object| match object {
            Object::Column(column) => Some(column),
            _ => None,
        })
        .collect();
    columns.sort_by_key(|column| column.position);
    columns
        .into_iter()
        .map(|column| Column {
            name: column.name.clone(),
            data_type: column.data_type.sql().replace('"', ""),
            not_null: column.not_null,
            default: match (&column.default, &column.generated, &column.identity) {
                (Some(default), _, _) => Some(default.clone()),
                (None, Some(generated), _) => Some(format!("generated as {generated}")),
                (None, None, Some(_)) => Some("identity".to_owned()),
                (None, None, None) => None,
            },
            keys: keys.get(column.name.as_str()).cloned().unwrap_or_default(),
        })
        .collect()
}

fn is_whole_key(catalog: &Catalog, schema: &str, table: &str, columns: &[String]) -> bool {
    catalog
        .belonging(Tag::PrimaryKey, schema, table)
        .any(|object| matches!(object, Object::PrimaryKey(key) if key.columns == columns))
}

/// Statements by the object that they are about in the end, as the plan that makes everything has them.
fn parts(catalog: &Catalog) -> driftless_diagnostic::Result<BTreeMap<Id, Vec<Part>>> {
    let empty = Catalog::empty(catalog.spelling());
    let mut parts: BTreeMap<Id, Vec<Part>> = BTreeMap::new();
    for step in plan_as_decided(&empty, catalog, &[])?.steps {
        let whole = catalog.root_of(&step.object);
        parts.entry(whole).or_default().push(Part {
            kind: step.object.kind.noun(),
            name: if step.object.on.is_some() {
                String::new()
            } else {
                step.object.name.to_string()
            },
            sql: step.sql,
        });
    }
    Ok(parts)
}
