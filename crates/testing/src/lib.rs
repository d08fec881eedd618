//! Postgres clusters for tests: private, quick to start, gone at the end.

mod cluster;
pub mod corpus;

pub use cluster::{Cluster, binaries};
pub use corpus::Databases;
