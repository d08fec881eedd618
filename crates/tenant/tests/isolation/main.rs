//! The guard against Postgres: a good schema passes, and each way to break it is caught.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: what is not as expected ends the test, what is skipped is said"
)]

mod broken;
mod docs;
mod good;
mod mutations;
mod rights;
mod shapes;
mod support;
