//! A snapshot as drizzle-kit writes it.

use super::model::{Meta, Snapshot};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize_as(&self.id, &self.prev_id, &self.meta, serializer)
    }
}

impl Snapshot {
    /// Writes the state under these ids.
    fn serialize_as<S: Serializer>(
        &self,
        id: &str,
        prev_id: &str,
        meta: &Meta,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", id)?;
        map.serialize_entry("prevId", prev_id)?;
        map.serialize_entry("version", &self.version)?;
        map.serialize_entry("dialect", &self.dialect)?;
        map.serialize_entry("tables", &self.tables)?;
        map.serialize_entry("enums", &self.enums)?;
        map.serialize_entry("schemas", &self.schemas)?;
        map.serialize_entry("sequences", &self.sequences)?;
        map.serialize_entry("roles", &self.roles)?;
        map.serialize_entry("policies", &self.policies)?;
        map.serialize_entry("views", &self.views)?;
        map.serialize_entry("_meta", meta)?;
        if let Some(internal) = &self.internal {
            map.serialize_entry("internal", internal)?;
        }
        for (key, value) in &self.other {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// A state that is written without being copied.
pub(super) struct CarriedOn<'a> {
    pub(super) id: &'a str,
    pub(super) previous: &'a str,
    pub(super) state: &'a Snapshot,
}

impl Serialize for CarriedOn<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let meta = Meta::default();
        self.state
            .serialize_as(self.id, self.previous, &meta, serializer)
    }
}
