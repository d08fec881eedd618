//! From what the files declare to the snapshot.

use super::draft::{Binding, ColumnDraft, Extra, Indexed, Piece, Table};
use super::linker::{Linker, Place};
use super::names::Names;
use super::{Files, order};
use camino::{Utf8Path, Utf8PathBuf};
use driftless_migrations::snapshot::{self, Snapshot};
use std::collections::{HashMap, HashSet};

/// The snapshot, if nothing about it is worth a word.
pub(super) fn snapshot(files: &Files, entries: &[Utf8PathBuf]) -> Option<Snapshot> {
    if !order::is_certain(files) {
        return None;
    }
    let linker = Linker { files };
    let mut seen: HashSet<Place<'_>> = HashSet::new();
    let mut declared = Vec::new();
    for entry in entries {
        // In drizzle-kit's order: names by code unit, each object once.
        for place in linker.exports(entry)?.into_values() {
            if seen.insert(place) {
                declared.push((place, linker.declared(place)?));
            }
        }
    }
    let all = files
        .values()
        .flat_map(|linked| linked.file.bindings.values());
    let objects = |binding: &&Binding| matches!(binding, Binding::Table(_) | Binding::Enum { .. });
    let exported = declared.iter().map(|(_, binding)| *binding);
    if all.filter(objects).count() != exported.filter(objects).count() {
        // What is built and not exported is worth a word.
        return None;
    }

    let mut tables = HashMap::new();
    for (place, binding) in &declared {
        if let Binding::Table(table) = binding {
            tables.insert(*place, linker.flat(place.0, table)?);
        }
    }
    let mut snapshot = Snapshot::default();
    let (mut relations, mut types) = (Names::default(), Names::default());
    for (place, binding) in &declared {
        if let Binding::Table(table) = binding {
            let writer = Writer {
                linker: &linker,
                tables: &tables,
                file: place.0,
                table,
                columns: tables.get(place)?,
            };
            let table = writer.table(&mut relations)?;
            snapshot
                .tables
                .insert(format!("public.{}", table.name), table);
        }
    }
    for (_, binding) in &declared {
        if let Binding::Enum { name, values } = binding {
            types.take(name)?;
            relations.is_free(name)?;
            let known: HashSet<&String> = values.iter().collect();
            let short = |value: &String| value.len() < 60;
            if values.is_empty() || known.len() < values.len() || !values.iter().all(short) {
                return None;
            }
            let one = snapshot::Enum {
                name: name.clone(),
                schema: "public".to_owned(),
                values: values.clone(),
            };
            snapshot.enums.insert(format!("public.{name}"), one);
        }
    }
    (!snapshot.tables.is_empty()).then_some(snapshot)
}

/// The names that a table's parts have to differ from.
struct Taken<'n> {
    relations: &'n mut Names,
    constraints: Names,
}

/// One table on its way into the snapshot.
struct Writer<'w, 'a> {
    linker: &'w Linker<'a>,
    tables: &'w HashMap<Place<'a>, Vec<&'a ColumnDraft>>,
    file: &'a Utf8Path,
    table: &'a Table,
    columns: &'w [&'a ColumnDraft],
}

impl Writer<'_, '_> {
    fn table(&self, relations: &mut Names) -> Option<snapshot::Table> {
        let name = &self.table.name;
        relations.take(name)?;
        let mut column_names = Names::default();
        let names = &mut Taken {
            relations,
            constraints: Names::default(),
        };
        let mut out = snapshot::Table {
            name: name.clone(),
            ..snapshot::Table::default()
        };
        let mut primary = 0;
        for draft in self.columns {
            let column = self.column(draft)?;
            column_names.is_plain(&column.name)?;
            primary += u32::from(column.primary_key);
            if let Some((given, nulls_not_distinct)) = &draft.unique {
                let default = || format!("{name}_{}_unique", column.name);
                let columns = vec![column.name.clone()];
                let unique = given.clone().unwrap_or_else(default);
                add_unique(&mut out, names, unique, *nulls_not_distinct, columns)?;
            }
            out.columns.insert(column.name.clone(), column);
        }
        for draft in self.columns {
            self.foreign_key(draft, &mut out, names)?;
        }
        for extra in &self.table.extras {
            primary += u32::from(matches!(extra, Extra::PrimaryKey { .. }));
            self.extra(extra, &mut out, names)?;
        }
        (primary < 2).then_some(out)
    }

    fn column(&self, draft: &ColumnDraft) -> Option<snapshot::Column> {
        let mut column = draft.column.clone();
        if let Some(local) = &draft.of_enum {
            let (_, Binding::Enum { name, .. }) = self.linker.find(self.file, local)? else {
                return None;
            };
            // Defaults of a type of this name are written as JSON.
            if name.to_ascii_lowercase().starts_with("json") {
                return None;
            }
            column.r#type.insert_str(0, name);
            column.type_schema = Some("public".to_owned());
        }
        Some(column)
    }

    fn foreign_key(
        &self,
        draft: &ColumnDraft,
        out: &mut snapshot::Table,
        names: &mut Taken<'_>,
    ) -> Option<()> {
        let Some(reference) = &draft.references else {
            return Some(());
        };
        let (place, Binding::Table(to)) = self.linker.find(self.file, &reference.table)? else {
            return None;
        };
        let foreign = name_of(self.tables.get(&place)?, &reference.key)?;
        let own = &draft.column.name;
        let name = format!("{}_{own}_{}_{foreign}_fk", out.name, to.name);
        names.constraints.take(&name)?;
        let key = snapshot::ForeignKey {
            name: name.clone(),
            table_from: out.name.clone(),
            table_to: to.name.clone(),
            schema_to: None,
            columns_from: vec![own.clone()],
            columns_to: vec![foreign.to_owned()],
            on_delete: Some(reference.on_delete.clone()),
            on_update: Some(reference.on_update.clone()),
        };
        out.foreign_keys.insert(name, key);
        Some(())
    }

    fn extra(&self, extra: &Extra, out: &mut snapshot::Table, names: &mut Taken<'_>) -> Option<()> {
        match extra {
            Extra::Check { name, condition } => {
                names.constraints.take(name)?;
                let check = snapshot::CheckConstraint {
                    name: name.clone(),
                    value: self.text(condition, true)?,
                };
                out.check_constraints.insert(name.clone(), check);
            }
            Extra::Unique {
                name,
                keys,
                nulls_not_distinct,
            } => {
                let columns = self.names(keys)?;
                let default = || format!("{}_{}_unique", out.name, columns.join("_"));
                let name = name.clone().unwrap_or_else(default);
                add_unique(out, names, name, *nulls_not_distinct, columns)?;
            }
            Extra::PrimaryKey { name, keys } => {
                let columns = self.names(keys)?;
                let default = || format!("{}_{}_pk", out.name, columns.join("_"));
                let name = name.clone().unwrap_or_else(default);
                names.relations.take(&name)?;
                names.constraints.take(&name)?;
                let key = snapshot::CompositePrimaryKey {
                    name: name.clone(),
                    columns,
                };
                out.composite_primary_keys.insert(name, key);
            }
            Extra::Index(index) => {
                let mut name = index.name.clone();
                let mut keys = HashSet::new();
                let mut columns = Vec::with_capacity(index.columns.len());
                for column in &index.columns {
                    columns.push(match column {
                        Indexed::Column {
                            key,
                            descending,
                            nulls_first,
                            operator_class,
                        } => {
                            // Options of a column that comes twice belong to the first of the two.
                            keys.insert(key).then_some(())?;
                            snapshot::IndexColumn {
                                expression: name_of(self.columns, key)?.to_owned(),
                                is_expression: false,
                                asc: !descending,
                                nulls: Some(if *nulls_first { "first" } else { "last" }.to_owned()),
                                opclass: operator_class.clone(),
                            }
                        }
                        Indexed::Expression(pieces) => snapshot::IndexColumn {
                            expression: self.text(pieces, false)?,
                            is_expression: true,
                            asc: true,
                            nulls: Some("last".to_owned()),
                            opclass: None,
                        },
                    });
                }
                let name = name.get_or_insert_with(|| {
                    let parts: Vec<_> = columns.iter().map(|c| c.expression.as_str()).collect();
                    format!("{}_{}_index", out.name, parts.join("_"))
                });
                names.relations.take(name)?;
                let index = snapshot::Index {
                    name: name.clone(),
                    columns,
                    is_unique: index.unique,
                    r#where: match &index.condition {
                        Some(pieces) => Some(self.text(pieces, true)?),
                        None => None,
                    },
                    concurrently: false,
                    method: index.method.clone(),
                    ..snapshot::Index::default()
                };
                out.indexes.insert(index.name.clone(), index);
            }
        }
        Some(())
    }

    fn names(&self, keys: &[String]) -> Option<Vec<String>> {
        keys.iter()
            .map(|key| name_of(self.columns, key).map(str::to_owned))
            .collect()
    }

    /// SQL text; columns stand alone or behind the name of their table.
    fn text(&self, pieces: &[Piece], qualified: bool) -> Option<String> {
        let mut text = String::new();
        let column = |text: &mut String, table: &str, name: &str| {
            if qualified {
                text_of(text, table);
                text.push('.');
            }
            text_of(text, name);
        };
        for piece in pieces {
            match piece {
                Piece::Own(key) => column(&mut text, &self.table.name, name_of(self.columns, key)?),
                Piece::Of(local, key) => {
                    let (place, Binding::Table(table)) = self.linker.find(self.file, local)? else {
                        return None;
                    };
                    column(
                        &mut text,
                        &table.name,
                        name_of(self.tables.get(&place)?, key)?,
                    );
                }
                Piece::Text(piece) => text.push_str(piece),
            }
        }
        Some(text)
    }
}

fn text_of(text: &mut String, name: &str) {
    text.push('"');
    text.push_str(&name.replace('"', "\"\""));
    text.push('"');
}

/// The name of the column with this key.
fn name_of<'a>(columns: &[&'a ColumnDraft], key: &str) -> Option<&'a str> {
    let column = columns.iter().find(|column| column.key == key)?;
    Some(&column.column.name)
}

fn add_unique(
    out: &mut snapshot::Table,
    names: &mut Taken<'_>,
    name: String,
    nulls_not_distinct: bool,
    columns: Vec<String>,
) -> Option<()> {
    names.relations.take(&name)?;
    names.constraints.take(&name)?;
    let unique = snapshot::UniqueConstraint {
        name: name.clone(),
        nulls_not_distinct,
        columns,
    };
    out.unique_constraints.insert(name, unique);
    Some(())
}
