//! SQL files loaded into a database: in which order, and what is said when it cannot be done.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot lay out its case should stop, and what is skipped is said"
)]

mod bodies;
mod causes;
mod orders;
mod refused;
mod support;
