//! Chores of this repository: `cargo xtask <task>`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool talks to its developer"
)]

mod bench;
mod corpus;
mod package;
mod pairs;
mod picture;
mod pull;
mod random;
mod torture;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <task>

  corpus          every pair in corpus/, on Postgres; --update rewrites plan.sql and rows.txt
  corpus drizzle  drizzle-kit's own cases in ../shared/corpora; writes docs/results/drizzle-generate.md
  pairs [WORD…]   pairs of SQL schemas in ../shared/corpora whose name contains a word, -v shows
                  the plans; without words all of them, and docs/results/pairs-<major>.md is written;
                  --online plans with statements that let others read and write
  lint [WORD…]    the linter over the plans between these pairs: what it claims of locks and rewrites
                  has to be seen by psql too; without words docs/results/lint.md is written
  pull [WORD…]    each side of those pairs and drizzle-kit's own databases, pulled, evaluated, loaded
                  and compared; without words docs/results/pull.md is written
  random [COUNT [SEED]]
                  random pairs of schemas over every kind, each from a seed that is told
  package TARGET BINARY, npm, formula
                  what people get, from binaries that are there, in dist/
  picture BINARY  docs/terminal.svg: what commands say on a terminal
  torture [KILLS] migrate killed at random moments, its server stopped, 32 at once
  bench           whole commands beside drizzle-kit; writes docs/results/speed.md
  bench migrating many small migrations beside psql; writes docs/results/migrating.md
  bench reading   reading a database beside pull and pg_dump; writes docs/results/reading.md

A task that needs a binary builds it first.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["corpus"] => corpus::own(false),
        ["corpus", "--update"] => corpus::own(true),
        ["corpus", "drizzle", only @ ..] => corpus::drizzle(only),
        ["pairs", words @ ..] => pairs::run(words),
        ["lint", words @ ..] => pairs::lint(words),
        ["pull", words @ ..] => pull::run(words),
        ["package", target, binary] => package::archive(target, binary),
        ["picture", binary] => picture::run(binary),
        ["npm"] => package::npm(),
        ["formula"] => package::formula(),
        ["torture", words @ ..] => torture::run(words),
        ["random", words @ ..] => random::run(words),
        ["bench", "migrating"] => bench::migrating(),
        ["bench", "reading"] => bench::reading(),
        ["bench", sizes @ ..] => bench::run(sizes),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(64);
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's root.
fn root() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Builds the command line and gives its path; `DRIFTLESS_BIN` names one that is built already.
fn binary(release: bool) -> Result<std::path::PathBuf, String> {
    if let Some(built) = std::env::var_os("DRIFTLESS_BIN") {
        return Ok(built.into());
    }
    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo
        .current_dir(root())
        .args(["build", "--quiet", "--package", "driftless-cli"]);
    let profile = if release {
        cargo.arg("--release");
        "release"
    } else {
        "debug"
    };
    let status = cargo.status().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err("the build failed".to_owned());
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    Ok(target.join(profile).join("driftless"))
}
