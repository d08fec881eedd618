//! Every way to say what the schema should be.

pub mod config;
pub mod pull;
pub mod script;
pub mod sql;
