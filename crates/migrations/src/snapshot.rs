//! drizzle-kit 0.31's snapshot, version 7: the declared schema as a file.
//!
//! [`Snapshot::parse`] reads versions 5 to 7 and hands out version 7; [`Snapshot::to_json`] writes
//! what drizzle-kit would write, byte for byte. A snapshot is never compared as text: use
//! [`Snapshot::fingerprint`], which leaves out what differs without meaning anything.

mod carry;
mod model;
mod read;
mod upgrade;
mod view_options;
mod write;

pub use model::*;

use crate::{hash, json};
use driftless_diagnostic::{Result, SourceFile};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// `prevId` of a first snapshot, and `id` of the snapshot of an empty folder.
pub const ORIGIN: &str = "00000000-0000-0000-0000-000000000000";

impl Snapshot {
    /// The state before the first migration.
    pub fn empty() -> Self {
        Self {
            id: ORIGIN.to_owned(),
            ..Self::default()
        }
    }

    /// Reads a snapshot file; versions 5 and 6 are upgraded as `drizzle-kit up` does it.
    pub fn parse(source: &SourceFile) -> Result<Self> {
        read::parse(source)
    }

    /// The file as drizzle-kit writes it: two spaces, no final newline.
    pub fn to_json(&self) -> String {
        json::pretty(self)
    }

    /// The file of the same state under another id, following the snapshot `previous`; like
    /// [`Self::carried_on`] it drops the decisions in `_meta`.
    pub fn to_json_as(&self, id: &str, previous: &str) -> String {
        json::pretty(&write::CarriedOn {
            id,
            previous,
            state: self,
        })
    }

    /// An id that no snapshot has.
    pub fn fresh_id() -> String {
        uuid::Uuid::new_v4().to_string()
    }

    /// The same state under a fresh id, following this snapshot.
    ///
    /// Like drizzle-kit, it drops the decisions in `_meta`: those belong to one migration.
    #[must_use]
    pub fn carried_on(&self) -> Self {
        Self {
            id: Self::fresh_id(),
            prev_id: self.id.clone(),
            meta: Meta::default(),
            ..self.clone()
        }
    }

    /// sha256 over the state alone: without ids, `_meta` and `internal`, and independent of the
    /// order of a struct's fields, but not of the order of columns.
    pub fn fingerprint(&self) -> String {
        hash::sha256(json::compact(&State::of(self)).as_bytes())
    }

    /// True when both describe the same state, whatever their ids.
    pub fn same_state(&self, other: &Self) -> bool {
        self.fingerprint() == other.fingerprint()
    }
}

/// What a fingerprint covers. A new field must be skipped when empty, or every stored
/// fingerprint changes.
#[derive(Serialize)]
struct State<'a> {
    tables: Cow<'a, Map<Table>>,
    enums: &'a Map<Enum>,
    schemas: &'a Map<String>,
    sequences: &'a Map<Sequence>,
    roles: &'a Map<Role>,
    policies: &'a Map<Policy>,
    views: Cow<'a, Map<View>>,
    other: &'a Map<Value>,
}

impl<'a> State<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        Self {
            tables: sorted_index_options(&snapshot.tables),
            enums: &snapshot.enums,
            schemas: &snapshot.schemas,
            sequences: &snapshot.sequences,
            roles: &snapshot.roles,
            policies: &snapshot.policies,
            views: sorted_view_options(&snapshot.views),
            other: &snapshot.other,
        }
    }
}

/// drizzle-kit reorders options when it carries a snapshot on; their order means nothing.
fn sorted_index_options(tables: &Map<Table>) -> Cow<'_, Map<Table>> {
    let indexes = |table: &Table| table.indexes.values().any(|index| index.with.len() > 1);
    if !tables.values().any(indexes) {
        return Cow::Borrowed(tables);
    }
    let mut tables = tables.clone();
    for index in tables
        .values_mut()
        .flat_map(|table| table.indexes.values_mut())
    {
        index.with.sort_unstable_keys();
    }
    Cow::Owned(tables)
}

fn sorted_view_options(views: &Map<View>) -> Cow<'_, Map<View>> {
    if !views.values().any(|view| view.with.is_some()) {
        return Cow::Borrowed(views);
    }
    let mut views = views.clone();
    for options in views.values_mut().filter_map(|view| view.with.as_mut()) {
        options.sort_unstable_keys();
    }
    Cow::Owned(views)
}

impl Default for Snapshot {
    fn default() -> Self {
        Self {
            id: String::new(),
            prev_id: String::new(),
            version: "7".to_owned(),
            dialect: "postgresql".to_owned(),
            tables: Map::default(),
            enums: Map::default(),
            schemas: Map::default(),
            sequences: Map::default(),
            roles: Map::default(),
            policies: Map::default(),
            views: Map::default(),
            meta: Meta::default(),
            internal: None,
            other: Map::<Value>::default(),
        }
    }
}

#[cfg(test)]
mod tests;
