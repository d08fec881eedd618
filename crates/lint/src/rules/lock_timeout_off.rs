//! Waiting for a lock without end.

use crate::file::File;
use crate::finding::Finding;
use crate::reading::settings;

super::rule! {
    /// ## What it does
    /// Finds what takes away the limit on waiting for locks: `lock_timeout` set to 0 or to its
    /// default, or reset.
    ///
    /// ## Why
    /// `migrate` sets a limit. Without one, a statement that waits for a long query lets everybody
    /// else wait behind it.
    ///
    /// ## What to do
    /// Leave it, or set another limit; `driftless migrate --lock-timeout` sets it for a run.
    "lock-timeout-off", Error, reads check,
    bad: "SET lock_timeout = 0;\nALTER TABLE users ADD COLUMN phone text;",
    good: "SET LOCAL lock_timeout = '10s';\nALTER TABLE users ADD COLUMN phone text;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        for (name, value, node) in settings(statement) {
            let off = match (name.as_str(), &value) {
                ("lock_timeout", Some(value)) => is_zero(value),
                ("lock_timeout" | "all", None) => true,
                _ => false,
            };
            if off {
                found.push(
                    Finding::on(
                        statement,
                        &node,
                        "statements after it wait for locks without end, and everybody else behind them",
                    )
                    .help("leave lock_timeout as `migrate` sets it, or set another limit"),
                );
            }
        }
    }
}

/// `0`, `0s`, `-0`.
fn is_zero(value: &str) -> bool {
    let number = value.trim().trim_start_matches('-');
    let digits: String = number.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    digits.parse::<f64>().is_ok_and(|number| number == 0.0)
}
