//! The migrations folder on disk and the ledger in the database.

mod hash;
mod json;
pub mod snapshot;

pub use hash::sha256;
