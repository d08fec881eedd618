//! A database per test, and what a person would see.

use driftless_diagnostic::{Failure, Result};
use driftless_postgres::{ConnectOptions, Session, connect};
use driftless_report::{Sheet, diagnostic};
use driftless_sources::sql::{Loaded, Sources, SqlFile};
use driftless_testing::Cluster;
use std::fmt::Write as _;
use std::sync::Arc;

/// A database of a test's own on a server that ends with the last test that uses it.
pub(crate) struct Database {
    _cluster: Arc<Cluster>,
    url: String,
}

pub(crate) fn database() -> Option<Database> {
    let Some(cluster) = Cluster::shared() else {
        println!("skipped: no Postgres on this machine");
        return None;
    };
    let url = cluster.database();
    Some(Database {
        _cluster: cluster,
        url,
    })
}

impl Database {
    pub(crate) async fn session(&self) -> Session {
        connect(&ConnectOptions::from_url(&self.url).unwrap())
            .await
            .unwrap()
    }

    /// What one row of one column says.
    pub(crate) fn asked(&self, sql: &str) -> String {
        block_on(async {
            let rows = self.session().await.texts(sql).await.unwrap();
            let values = rows.into_iter().flatten();
            values
                .map(|value| value.unwrap_or_else(|| "null".to_owned()))
                .collect::<Vec<_>>()
                .join(", ")
        })
    }

    pub(crate) fn load(&self, sources: &Sources) -> Result<Loaded> {
        block_on(async { sources.load(&mut self.session().await).await })
    }
}

pub(crate) fn sources(files: &[(&str, &str)]) -> Sources {
    Sources {
        files: files
            .iter()
            .map(|(path, text)| SqlFile::new(path, text.as_bytes().to_vec()).unwrap())
            .collect(),
        ..Sources::default()
    }
}

/// The order in which files are loaded, or what is wrong with them.
pub(crate) fn outcome(files: &[(&str, &str)]) -> Option<String> {
    let database = database()?;
    Some(match database.load(&sources(files)) {
        Ok(loaded) => order(&loaded),
        Err(failure) => shown(&failure),
    })
}

/// One line a statement: its file and its beginning; at last how often the list was gone through.
pub(crate) fn order(loaded: &Loaded) -> String {
    let mut text = String::new();
    for one in &loaded.statements {
        let line = one.sql().lines().next().unwrap_or_default();
        let _ = writeln!(text, "{}: {line}", one.source.path());
    }
    let _ = write!(text, "rounds: {}", loaded.rounds);
    text
}

pub(crate) fn shown(failure: &Failure) -> String {
    let found: Vec<_> = failure
        .diagnostics()
        .iter()
        .map(|found| diagnostic(found, Sheet::PLAIN, 100))
        .collect();
    found.join("\n")
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
