//! Evaluates schema files and prints the snapshot: `cargo run -p driftless-sources --example load -- src/db/schema.ts`.

use driftless_sources::script::{self, Limits, SchemaRequest};
use std::process::ExitCode;

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example is a program"
)]
fn main() -> ExitCode {
    let request = SchemaRequest {
        root: ".".into(),
        files: std::env::args().skip(1).collect(),
        casing: None,
        env: std::env::vars().collect(),
        limits: Limits::default(),
        allow_empty: false,
        kept: None,
    };
    match script::load(&request) {
        Ok(declared) => {
            for warning in declared.warnings {
                eprintln!("{}: {}", warning.code, warning.message);
            }
            println!("{}", declared.snapshot.to_json());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            for diagnostic in failure.diagnostics() {
                for label in diagnostic.labels.iter().take(1) {
                    let position = label.source.position(label.start);
                    eprint!(
                        "{}:{}:{}: ",
                        label.source.path(),
                        position.line,
                        position.column
                    );
                }
                eprintln!("{}: {}", diagnostic.code, diagnostic.message);
                for note in diagnostic.notes.iter().chain(&diagnostic.help) {
                    eprintln!("  {note}");
                }
            }
            ExitCode::FAILURE
        }
    }
}
