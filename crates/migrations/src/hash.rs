//! The one hash that is stored: sha256 in lower-case hex, checkable with `sha256sum`.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// sha256 of the bytes, as 64 lower-case hex digits.
pub fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
