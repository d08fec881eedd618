//! Against a real server of this test's own.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests, in which both are right"
)]

mod blocked;
mod defaults;
mod failures;
mod flips;
mod locks;
mod reading;
mod scratch;
mod support;
mod tls;
mod urls;
