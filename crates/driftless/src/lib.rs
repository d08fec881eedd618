//! A Rust application runs its [Drizzle](https://orm.drizzle.team) migrations at start, exactly as
//! `driftless migrate` does: what was applied is verified by hash, one migrator works at a time,
//! each file is a transaction together with its row in the ledger, and drizzle-orm reads the same
//! ledger.
//!
//! ```no_run
//! # async fn start() -> Result<(), driftless::Error> {
//! let url = std::env::var("DATABASE_URL").unwrap_or_default();
//! # /*
//! driftless::migrate!("src/db/migrations")
//! # */
//! # driftless::migrate!("../../examples/race/apps/api/src/db/migrations")
//!     .on_event(|event| eprintln!("{event}"))
//!     .run_url(&url)
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`migrate!`] puts a folder into the program while it is compiled; [`Migrator::from_folder`] reads
//! one when the program runs. Several instances of a program may start at once: one migrates, the
//! others wait for it and find nothing to do.
//!
//! # Sessions
//!
//! [`Migrator::run_url`] opens a connection for itself and closes it. [`Migrator::run`] takes a
//! [`Session`], which [`connect`] opens. A `tokio_postgres::Client` cannot be taken instead: the
//! notices of the server and the means to cancel a statement belong to the connection beside it,
//! and so does what tells a pooler, through which no lock holds, from a server.
//!
//! ```no_run
//! # async fn start() -> Result<(), driftless::Error> {
//! let migrator = driftless::Migrator::from_folder("drizzle")?;
//! let mut session = driftless::connect("postgres://app@localhost/app").await?;
//! let status = migrator.status(&session).await?;
//! println!("{} files", status.migrations.len());
//! let summary = migrator.run(&mut session).await?;
//! println!("applied {}, {} were", summary.applied.len(), summary.already);
//! session.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Stopping
//!
//! A future that is dropped leaves whole migrations behind it, as a killed program does: the server
//! rolls back what was under way once the session is closed. With a [`Session`] of your own drop
//! that too, or stop its statement with [`Session::canceller`]; the run then ends with the error.
//!
//! # Runtime
//!
//! Everything asynchronous needs a tokio runtime with IO and time. The futures are `Send`. Nothing
//! here prints, reads the environment or ends the program.

mod embedded;
mod error;
mod migrator;

pub use embedded::Embedded;
pub use error::{Error, Result};
pub use migrator::Migrator;

pub use driftless_diagnostic::{Diagnostic, Failure, Label, Position, Severity, SourceFile};
pub use driftless_migrations::Run;
pub use driftless_migrations::ledger::{Edit, LedgerRow, State};
pub use driftless_migrations::run::{Applied, Event, MigrationStatus, Status, Summary};
pub use driftless_postgres::{
    Canceller, Holder, Notice, Place, QueryError, Server, Session, Waiting,
};

use driftless_postgres::ConnectOptions;

/// Puts a migrations folder into the program, as a [`Migrator`].
///
/// The path is a string literal, relative to the folder of the package's `Cargo.toml`. The value is
/// a constant, so that it may be a `static` as well:
///
/// ```
/// use driftless::Migrator;
///
/// # /*
/// static MIGRATOR: Migrator = driftless::migrate!("src/db/migrations");
/// # */
/// # static MIGRATOR: Migrator =
/// #     driftless::migrate!("../../examples/race/apps/api/src/db/migrations");
/// assert_eq!(MIGRATOR.tags()?, ["0000_initial", "0001_rls_policies"]);
/// # Ok::<(), driftless::Error>(())
/// ```
///
/// # Compile errors
///
/// A folder that `driftless migrate` would stop at does not compile, and the error says what is
/// wrong with which file: a file that is missing, a journal that cannot be read, two migrations with
/// one number. Nor does one with a `.sql` file that the journal does not list, or with the remains
/// of an interrupted `driftless generate`.
///
/// ```compile_fail
/// driftless::migrate!("no/such/folder");
/// ```
///
/// # Changes
///
/// Cargo compiles again when a file changes that is part of the program: the journal, which every
/// new migration changes, and each migration. So nothing needs to be done for what `driftless
/// generate` and `drizzle-kit generate` add. Only a file that is put beside the journal by hand goes
/// unnoticed until the next compilation; a `build.rs` that watches the folder finds that too:
///
/// ```
/// println!("cargo:rerun-if-changed=src/db/migrations");
/// ```
pub use driftless_macros::migrate;

/// Opens a session from `postgres://user:password@host:port/database?parameter=value`.
///
/// The parameters are those of libpq: `sslmode`, `sslrootcert`, `host`, `connect_timeout`,
/// `target_session_attrs` and others. What is noticed about the URL or the server without keeping it
/// from working is in [`Session::warnings`].
///
/// # Errors
/// A URL that cannot be understood, a server that cannot be reached or lets nobody in; the password
/// is in none of them.
pub async fn connect(url: &str) -> Result<Session> {
    let options = ConnectOptions::from_url(url)?;
    Ok(driftless_postgres::connect(&options).await?)
}
