//! Connections to Postgres: how to reach a server, what it answered, and who else is at work in it.
//!
//! This crate (and `embedded`) alone opens connections. It knows nothing of migrations.

mod cache;
mod connect;
mod defaults;
mod error;
mod failure;
#[cfg(unix)]
mod local;
mod lock;
mod options;
mod parameters;
mod quote;
mod read;
mod roots;
mod scratch;
mod secret;
mod session;
mod text_cache;
mod tls;
mod transport;
mod url;
mod watch;

pub use cache::{CacheKey, CatalogCache};
pub use connect::connect;
pub use defaults::Defaults;
pub use error::{Place, QueryError};
pub use local::{Local, LocalOptions};
pub use lock::{Holder, LockKey, Waiting, lock, unlock};
pub use options::{
    ChannelBinding, ConnectOptions, Endpoint, Parts, PartsSsl, Pem, SslMode, TargetSession,
};
pub use quote::{identifier, literal};
pub use read::{Reading, Scope, read};
#[cfg(unix)]
pub use scratch::{Binaries, NativeOptions, Scratch, find_binaries};
pub use secret::Secret;
pub use session::{Answer, Canceller, Heard, Notice, Server, Session};
pub use text_cache::TextCache;
// One version of the client in the workspace: rows and parameters are its own.
pub use tokio_postgres::{Row, types};
