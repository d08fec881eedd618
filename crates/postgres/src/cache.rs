//! Catalogs that were read before.
//!
//! A wrong hit must be impossible: the key covers every input, the version of the reader included.

use std::path::PathBuf;

use driftless_catalog::Tag;
use driftless_catalog::kinds::{PRELUDE, ROWS, STAND_INS};

use crate::read::Reading;
use crate::text_cache::TextCache;

/// A folder of catalogs.
#[derive(Debug, Clone)]
pub struct CatalogCache {
    texts: TextCache,
}

/// What led to a catalog, as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheKey(String);

/// Entries that are kept.
const KEPT: usize = 200;

impl CacheKey {
    /// The hash of texts, in order; the version of the reader goes in by itself.
    pub fn of<'a>(inputs: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let reader = [env!("CARGO_PKG_VERSION"), PRELUDE, STAND_INS, ROWS].into_iter();
        let reader = reader.chain(Tag::ALL.iter().map(|kind| kind.query()));
        let hash = TextCache::name(reader.map(str::as_bytes).chain(inputs));
        Self(format!("{hash}.json"))
    }
}

impl CatalogCache {
    /// A cache in a folder, which need not exist.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            texts: TextCache::new(folder, KEPT),
        }
    }

    /// What was read before, unless it was not, or its entry is damaged.
    pub fn get(&self, key: &CacheKey) -> Option<Reading> {
        serde_json::from_str(&self.texts.get(&key.0)?).ok()
    }

    /// Keeps what was read. A folder that cannot be written just means no cache.
    pub fn put(&self, key: &CacheKey, reading: &Reading) {
        if let Ok(json) = serde_json::to_string(reading) {
            self.texts.put(&key.0, &json);
        }
    }
}
