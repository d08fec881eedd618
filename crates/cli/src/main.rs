//! `driftless`: keeps a Postgres schema, its migrations and its databases in step.
//!
//! The only crate that prints, asks, exits and reads the environment. One command, one file in
//! `commands/`: its arguments are in `args.rs`, what it tells goes through `ui.rs`.

mod args;
mod branches;
mod caution;
mod commands;
mod database;
mod drift;
mod env;
mod exit;
mod filters;
mod git;
mod lint;
mod placed;
mod preflight;
mod project;
mod proof;
mod roles;
#[cfg(unix)]
mod running;
mod scratch;
mod settings;
mod sides;
mod tenant;
mod tried;
mod ui;
mod unmodelled;

use std::process::ExitCode;

/// A schema is hundreds of thousands of small objects, made by several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    exit::explain_panics();
    commands::run(std::env::args_os()).into()
}
