//! The library as an application uses it, on a Postgres of this test's own.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests, in which both are right"
)]

mod broken;
mod embedded;
mod runs;
mod support;
