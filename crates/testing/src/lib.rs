//! Postgres clusters for tests: private, quick to start, gone at the end.

mod cluster;
pub mod corpus;

pub use cluster::{Cluster, as_server, binaries};
pub use corpus::Databases;
