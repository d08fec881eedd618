//! A Postgres that nobody installed: Postgres 18 as WebAssembly, in a helper process.
//!
//! The program that wants one calls [`start`], which runs the same program again with a hidden
//! subcommand; that one calls [`serve`]. The engine takes hundreds of megabytes, leaks some, and
//! cannot be interrupted: a process of its own ends all of that when it ends. Its data is a
//! directory of ordinary Postgres files with a write-ahead log, so killing it loses nothing that
//! was committed.

#[cfg(unix)]
mod clients;
mod data;
mod extensions;
mod protocol;
#[cfg(unix)]
mod serve;
#[cfg(unix)]
mod start;
#[cfg(unix)]
mod wire;

pub use extensions::{AVAILABLE as AVAILABLE_EXTENSIONS, named_in};
#[cfg(unix)]
pub use serve::{ServeOptions, serve};
#[cfg(unix)]
pub use start::{Embedded, Event, StartOptions, start};

/// Major version of the engine.
pub const MAJOR: u32 = 18;
/// The superuser, and the owner of everything at the start.
pub const USER: &str = "postgres";
/// The database there is at the start.
pub const DATABASE: &str = "postgres";
