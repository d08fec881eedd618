//! One Postgres for all tests that need one, a database for each of them.

use std::sync::Arc;

use driftless_testing::{Cluster, Databases};

/// A database of a test's own on a server that ends with the last test that uses it.
pub(crate) struct TestDatabase {
    cluster: Arc<Cluster>,
    pub(crate) name: String,
}

impl TestDatabase {
    /// Nothing where no Postgres is installed, and says so.
    pub(crate) fn new() -> Option<Self> {
        let Some(cluster) = Cluster::shared() else {
            println!("skipped: no Postgres on this machine");
            return None;
        };
        let name = cluster.new_database();
        Some(Self { cluster, name })
    }

    pub(crate) fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    /// The directory of its socket.
    pub(crate) fn socket(&self) -> String {
        let url = self.url();
        let (_, socket) = url.split_once("?host=").unwrap();
        socket.to_owned()
    }

    /// The URL with another role.
    pub(crate) fn url_as(&self, role: &str) -> String {
        self.url().replacen("postgres@", &format!("{role}@"), 1)
    }

    pub(crate) fn databases(&self) -> Databases {
        self.cluster.databases()
    }

    /// Runs SQL that has to work; rows as `a|b` lines.
    pub(crate) fn sql(&self, sql: &str) -> String {
        self.databases().run(&self.name, sql).unwrap()
    }
}
