//! Texts that can be made again, kept in a folder by the hash of everything that leads to them. An
//! entry carries the hash of its own text, so a damaged one is as good as none.

use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// A folder of texts.
#[derive(Debug, Clone)]
pub struct TextCache {
    folder: PathBuf,
    most: usize,
}

impl TextCache {
    /// A cache in a folder, which need not exist, of so many entries: the oldest go.
    pub fn new(folder: PathBuf, most: usize) -> Self {
        Self { folder, most }
    }

    /// The name of an entry: the hash of texts, in order.
    pub fn name<'a>(inputs: impl IntoIterator<Item = &'a [u8]>) -> String {
        let mut hash = Sha256::new();
        for input in inputs {
            // With its length, so that no two lists of inputs look alike.
            hash.update(input.len().to_le_bytes());
            hash.update(input);
        }
        hex(&hash.finalize())
    }

    /// What was kept, unless nothing was, or its entry is damaged.
    pub fn get(&self, name: &str) -> Option<String> {
        let mut text = fs::read_to_string(self.folder.join(name)).ok()?;
        let (sum, kept) = text.split_once('\n')?;
        if sum != hex(&Sha256::digest(kept)) {
            return None;
        }
        Some(text.split_off(text.len() - kept.len()))
    }

    /// Keeps a text. A folder that cannot be written just means no cache.
    pub fn put(&self, name: &str, text: &str) {
        let new = self.folder.join(format!("new-{}", std::process::id()));
        let text = format!("{}\n{text}", hex(&Sha256::digest(text)));
        let done = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&new, text))
            .and_then(|()| fs::rename(&new, self.folder.join(name)));
        if done.is_err() {
            let _ = fs::remove_file(&new);
        }
        self.forget_oldest();
    }

    fn forget_oldest(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut entries: Vec<_> = entries
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        entries.sort();
        let surplus = entries.len().saturating_sub(self.most);
        for (_, path) in &entries[..surplus] {
            let _ = fs::remove_file(path);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
