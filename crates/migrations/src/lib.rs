//! The migrations folder on disk and the ledger in the database.
//!
//! ```text
//! drizzle/
//!   0000_initial.sql            statements, cut at `--> statement-breakpoint`
//!   meta/_journal.json          order, times, tags            [`journal`]
//!   meta/0000_snapshot.json     the declared state after it   [`snapshot`]
//!   meta/_driftless.json        hashes, chain, decisions      [`record`]
//! ```
//!
//! Reading: [`folder::Folder::read`] gives everything, wrong or right; a folder that does not
//! exist is an empty one. `generate` compares with [`folder::Folder::newest_snapshot`].
//!
//! Writing: [`write::write`] adds migrations, all of a change or nothing of it, and nothing else in
//! Driftless writes there. What is wrong with a folder is told by the rules of `driftless_checks`.
//!
//! Running: `run` applies what the folder has and the `ledger` lacks; both are left out without the
//! feature `run`.

pub mod conflict;
pub mod drizzle;
pub mod folder;
mod hash;
pub mod journal;
mod json;
#[cfg(feature = "run")]
pub mod ledger;
pub mod record;
#[cfg(feature = "run")]
pub mod run;
#[cfg(feature = "run")]
mod runs;
#[cfg(feature = "run")]
mod seeds;
pub mod snapshot;
pub mod statements;
#[cfg(test)]
mod testing;
pub mod tokens;
pub mod write;

pub use hash::sha256;
#[cfg(feature = "run")]
pub use runs::Run;
