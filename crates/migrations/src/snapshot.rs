//! drizzle-kit 0.31's snapshot, version 7: the declared schema as a file.
//!
//! [`Snapshot::parse`] reads versions 5 to 7 and hands out version 7; [`Snapshot::to_json`] writes
//! what drizzle-kit would write, byte for byte. A snapshot is never compared as text: use
//! [`Snapshot::fingerprint`], which leaves out what differs without meaning anything.

mod model;
mod read;
mod upgrade;

pub use model::*;

use crate::hash;
use driftless_diagnostic::{Result, SourceFile};
use serde_json::Value;

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
        serde_json::to_string_pretty(self).expect("string keys and plain values always serialize")
    }

    /// The same state under a fresh id, following this snapshot.
    ///
    /// Like drizzle-kit, it drops the decisions in `_meta`: those belong to one migration.
    #[must_use]
    pub fn carried_on(&self) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            prev_id: self.id.clone(),
            meta: Meta::default(),
            ..self.clone()
        }
    }

    /// sha256 over the state alone: without ids, `_meta` and `internal`, and independent of the
    /// order of a struct's fields, but not of the order of columns.
    pub fn fingerprint(&self) -> String {
        let state = Self {
            id: String::new(),
            prev_id: String::new(),
            meta: Meta::default(),
            internal: None,
            ..self.clone()
        };
        let text =
            serde_json::to_vec(&state).expect("string keys and plain values always serialize");
        hash::sha256(&text)
    }

    /// True when both describe the same state, whatever their ids.
    pub fn same_state(&self, other: &Self) -> bool {
        self.fingerprint() == other.fingerprint()
    }
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
