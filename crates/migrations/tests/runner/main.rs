//! Migrations run against a real Postgres of this test's own.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests, in which both are right"
)]

mod alone;
mod baseline;
mod concurrent;
mod exec;
mod hostile;
mod ledger;
mod places;
mod rights;
mod support;
