//! Catalogs that were read before, kept by the hash of everything that led to them.
//!
//! A wrong hit must be impossible: the key covers every input, the version of the reader included,
//! and an entry carries the hash of its own text.

use std::fs;
use std::path::PathBuf;

use driftless_catalog::Tag;
use driftless_catalog::kinds::{PRELUDE, ROWS, STAND_INS};
use sha2::{Digest, Sha256};

use crate::read::Reading;

/// A folder of catalogs.
#[derive(Debug, Clone)]
pub struct CatalogCache {
    folder: PathBuf,
}

/// What led to a catalog, as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheKey(String);

/// Entries that are kept; the oldest go.
const KEPT: usize = 200;

impl CacheKey {
    /// The hash of texts, in order; the version of the reader goes in by itself.
    pub fn of<'a>(inputs: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        let mut add = |input: &[u8]| {
            // With its length, so that no two lists of inputs look alike.
            hash.update(input.len().to_le_bytes());
            hash.update(input);
        };
        add(env!("CARGO_PKG_VERSION").as_bytes());
        for sql in [PRELUDE, STAND_INS, ROWS] {
            add(sql.as_bytes());
        }
        for kind in Tag::ALL {
            add(kind.query().as_bytes());
        }
        for input in inputs {
            add(input);
        }
        Self(hex(&hash.finalize()))
    }
}

impl CatalogCache {
    /// A cache in a folder, which need not exist.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// What was read before, unless it was not, or its entry is damaged.
    pub fn get(&self, key: &CacheKey) -> Option<Reading> {
        let text = fs::read_to_string(self.path(key)).ok()?;
        let (sum, json) = text.split_once('\n')?;
        if sum != hex(&Sha256::digest(json)) {
            return None;
        }
        serde_json::from_str(json).ok()
    }

    /// Keeps what was read. A folder that cannot be written just means no cache.
    pub fn put(&self, key: &CacheKey, reading: &Reading) {
        let Ok(json) = serde_json::to_string(reading) else {
            return;
        };
        let new = self.folder.join(format!("new-{}", std::process::id()));
        let text = format!("{}\n{json}", hex(&Sha256::digest(&json)));
        let done = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&new, text))
            .and_then(|()| fs::rename(&new, self.path(key)));
        if done.is_err() {
            let _ = fs::remove_file(&new);
        }
        self.forget_oldest();
    }

    fn path(&self, key: &CacheKey) -> PathBuf {
        self.folder.join(format!("{}.json", key.0))
    }

    fn forget_oldest(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut entries: Vec<_> = entries
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        if entries.len() <= KEPT {
            return;
        }
        entries.sort();
        for (_, path) in &entries[..entries.len() - KEPT] {
            let _ = fs::remove_file(path);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |text, byte| {
            text + &format!("{byte:02x}")
        })
}
