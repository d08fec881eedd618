//! Against a real server of this test's own.

#![cfg(target_os = "linux")]

mod failures;
mod locks;
mod support;
mod tls;
mod urls;
