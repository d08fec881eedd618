//! Scratch: a throwaway Postgres, in which SQL is loaded to hear what Postgres makes of it.
//!
//! A native cluster is private and gone at the end; on a server that was given, databases and
//! roles are made and dropped again.

pub(crate) mod native;
mod template;

use std::any::Any;
use std::path::PathBuf;

use driftless_diagnostic::{Diagnostic, Result};

use crate::connect::connect;
use crate::error::QueryError;
use crate::options::ConnectOptions;
use crate::quote::identifier;
use crate::session::Session;
use native::Native;
pub use native::{Binaries, find_binaries};

/// A throwaway Postgres.
///
/// Roles belong to the whole server: what makes roles needs a scratch of its own.
pub struct Scratch {
    options: ConnectOptions,
    /// Held until the end: the server is gone with it.
    _server: Box<dyn Any>,
    made: Made,
    number: u32,
}

/// What is to be cleared away.
enum Made {
    /// Nothing: the server itself goes.
    Nothing,
    /// Nothing, and the server has one database alone, which may be used once.
    Once,
    /// Databases, and roles that were not there before.
    Here {
        databases: Vec<String>,
        roles: Vec<String>,
    },
}

/// Where a native scratch comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeOptions {
    /// Folder of `initdb` and `postgres`.
    pub binaries: PathBuf,
    /// Folder that outlives the run: a cluster as `initdb` makes it is kept there.
    pub cache: PathBuf,
}

impl Scratch {
    /// Starts a private cluster of the machine's own Postgres.
    ///
    /// # Errors
    /// `scratch-not-started`, with what the server said.
    pub async fn native(options: &NativeOptions) -> Result<Self> {
        let server = Native::start(options).await?;
        Ok(Self {
            options: ConnectOptions::from_url(&server.url("postgres"))?,
            _server: Box::new(server),
            made: Made::Nothing,
            number: 0,
        })
    }

    /// Takes a server that was started for this alone, with one empty database; it ends when
    /// `server` is dropped.
    pub fn owned(options: ConnectOptions, server: Box<dyn Any>) -> Self {
        Self {
            options,
            _server: server,
            made: Made::Once,
            number: 0,
        }
    }

    /// Uses a server that was given; its roles and other databases are left as they are.
    ///
    /// # Errors
    /// As connecting, and `scratch-not-allowed` where databases cannot be made.
    pub async fn on_server(options: ConnectOptions) -> Result<Self> {
        let session = connect(&options).await?;
        let allowed = session
            .texts("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
            .await
            .map_err(|error| unusable(&error))?;
        let roles = role_names(&session).await?;
        let shown = session.shown().to_owned();
        session.close().await;
        if allowed.first().and_then(|row| row[0].as_deref()) != Some("t") {
            return Err(Diagnostic::error(
                "scratch-not-allowed",
                format!("{shown} cannot serve as scratch: its role may not create databases"),
            )
            .help("ALTER ROLE … CREATEDB, or give another server")
            .into());
        }
        Ok(Self {
            options,
            _server: Box::new(()),
            made: Made::Here {
                databases: Vec::new(),
                roles,
            },
            number: 0,
        })
    }

    /// A session in an empty database of its own, named as told where the server is ours: SQL may
    /// name the database it runs in.
    ///
    /// # Errors
    /// As connecting, and what the server says to CREATE DATABASE.
    pub async fn database(&mut self, name: Option<&str>) -> Result<Session> {
        let mut session = connect(&self.options).await?;
        self.number += 1;
        let taken = |name: &&str| ["postgres", "template0", "template1"].contains(name);
        let name = match (&self.made, name) {
            (Made::Once, _) if self.number == 1 => return Ok(session),
            (Made::Once, _) => {
                return Err(Diagnostic::error(
                    "internal-scratch",
                    "a scratch Postgres with one database was used twice",
                )
                .into());
            }
            (Made::Nothing, Some(name)) if self.number == 1 && !taken(&name) => name.to_owned(),
            _ => format!("driftless_scratch_{}_{}", std::process::id(), self.number),
        };
        let create = format!("CREATE DATABASE {} TEMPLATE template0", identifier(&name));
        let made = session.execute(&create).await;
        session.close().await;
        made.map_err(|error| unusable(&error))?;
        if let Made::Here { databases, .. } = &mut self.made {
            databases.push(name.clone());
        }
        connect(&self.options.with_database(&name)).await
    }

    /// Clears away what was made; every session must be closed.
    ///
    /// # Errors
    /// As connecting, and what the server says: the names of what is left are in the message.
    pub async fn end(self) -> Result<()> {
        let Made::Here { databases, roles } = &self.made else {
            return Ok(());
        };
        let mut session = connect(&self.options).await?;
        let mut drops: Vec<String> = databases
            .iter()
            .map(|name| format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", identifier(name)))
            .collect();
        for role in role_names(&session).await? {
            if !roles.contains(&role) {
                drops.push(format!("DROP ROLE {}", identifier(&role)));
            }
        }
        let mut result = Ok(());
        for drop in drops {
            if let Err(error) = session.execute(&drop).await {
                result = Err(Diagnostic::warning(
                    "scratch-left",
                    format!("something is left on the scratch server: {drop} fails: {error}"),
                )
                .into());
            }
        }
        session.close().await;
        result
    }
}

async fn role_names(session: &Session) -> Result<Vec<String>> {
    let rows = session.texts("SELECT rolname FROM pg_roles").await;
    let rows = rows.map_err(|error| unusable(&error))?;
    Ok(rows
        .into_iter()
        .filter_map(|mut row| row.swap_remove(0))
        .collect())
}

fn unusable(error: &QueryError) -> Diagnostic {
    Diagnostic::error(
        "scratch-not-usable",
        format!("the scratch server cannot be used: {error}"),
    )
    .help("give another one with --scratch-url, or let Driftless find one itself")
}
