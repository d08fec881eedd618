//! The migrations folder on disk and the ledger in the database.

mod hash;
mod json;
pub mod drizzle;
pub mod snapshot;
pub mod statements;
mod runs;
pub mod run;
pub mod ledger;

pub use hash::sha256;
pub use runs::Run;
