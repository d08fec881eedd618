//! What a name means in a file: its own declaration, or one of a file that it imports.

use super::Files;
use super::draft::{Binding, ColumnDraft, Entry, Table};
use camino::Utf8Path;
use std::collections::{BTreeMap, HashSet};

/// A name of a module, where it is declared.
pub(super) type Place<'a> = (&'a Utf8Path, &'a str);

/// Finds what names stand for.
pub(super) struct Linker<'a> {
    pub(super) files: &'a Files,
}

impl<'a> Linker<'a> {
    /// Every name that a file exports, and where it is declared.
    pub(super) fn exports(&self, file: &'a Utf8Path) -> Option<BTreeMap<&'a str, Place<'a>>> {
        let mut seen = HashSet::new();
        self.exports_unless(file, &mut seen)
    }

    fn exports_unless(
        &self,
        path: &'a Utf8Path,
        seen: &mut HashSet<&'a Utf8Path>,
    ) -> Option<BTreeMap<&'a str, Place<'a>>> {
        // A file that comes twice, or in a circle, is for the engine to sort out.
        if !seen.insert(path) {
            return None;
        }
        let linked = self.files.get(path)?;
        let mut names = BTreeMap::new();
        for star in &linked.file.stars {
            for (name, place) in self.exports_unless(linked.targets.get(star)?, seen)? {
                if names.insert(name, place).is_some() {
                    return None;
                }
            }
        }
        for (exported, local) in &linked.file.exports {
            let place = self.place(path, local)?;
            if !exported.is_ascii() || names.insert(exported.as_str(), place).is_some() {
                return None;
            }
        }
        Some(names)
    }

    /// Where a name that a file uses is declared.
    fn place(&self, path: &'a Utf8Path, local: &str) -> Option<Place<'a>> {
        let (mut path, mut local) = (path, local);
        // Names that lead through so many files lead in a circle.
        for _ in 0..20 {
            let linked = self.files.get(path)?;
            if let Some((local, _)) = linked.file.bindings.get_key_value(local) {
                return Some((path, local));
            }
            let import = linked.file.imports.get(local)?;
            (path, local) = self.export(linked.targets.get(&import.specifier)?, &import.name)?;
        }
        None
    }

    /// The local name behind an export, in the file that has it.
    fn export(&self, path: &'a Utf8Path, name: &str) -> Option<Place<'a>> {
        let linked = self.files.get(path)?;
        if let Some((_, local)) = linked.file.exports.iter().find(|(known, _)| known == name) {
            return Some((path, local));
        }
        if linked.file.stars.is_empty() {
            return None;
        }
        self.exports(path)?.get(name).copied()
    }

    pub(super) fn declared(&self, (path, local): Place<'_>) -> Option<&'a Binding> {
        self.files.get(path)?.file.bindings.get(local)
    }

    pub(super) fn find(&self, path: &'a Utf8Path, local: &str) -> Option<(Place<'a>, &'a Binding)> {
        let place = self.place(path, local)?;
        Some((place, self.declared(place)?))
    }

    /// A table's columns with those of spread objects.
    pub(super) fn flat(
        &self,
        path: &'a Utf8Path,
        table: &'a Table,
    ) -> Option<Vec<&'a ColumnDraft>> {
        let mut columns: Vec<&ColumnDraft> = Vec::with_capacity(table.columns.len());
        for entry in &table.columns {
            match entry {
                Entry::Column(column) => columns.push(column),
                Entry::Spread(local) => match self.find(path, local)? {
                    // Names of enums are those of the file that says them.
                    ((file, _), Binding::Columns(shared)) => {
                        let foreign = |column: &ColumnDraft| {
                            column.of_enum.is_some() || column.references.is_some()
                        };
                        if file != path && shared.iter().any(foreign) {
                            return None;
                        }
                        columns.extend(shared);
                    }
                    _ => return None,
                },
            }
        }
        let unique = |mut texts: Vec<&str>| {
            texts.sort_unstable();
            texts.windows(2).all(|pair| pair[0] != pair[1])
        };
        let keys = columns.iter().map(|column| column.key.as_str()).collect();
        let names = columns
            .iter()
            .map(|column| column.column.name.as_str())
            .collect();
        (unique(keys) && unique(names)).then_some(columns)
    }
}
