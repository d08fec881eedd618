//! The same facts shown differently: for people in a terminal, as JSON for programs, as SARIF, JUnit
//! and annotations for those who show findings elsewhere.
//!
//! Everything here returns text or public data types and prints nothing. Text carries styles of a
//! [`Sheet`]; whoever prints it strips them where they are not wanted.

mod concise;
mod github;
pub mod json;
mod junit;
mod place;
mod plan;
mod questions;
mod sarif;
mod status;
mod style;
mod terminal;

pub use concise::concise;
pub use github::github;
pub use junit::junit;
pub use plan::{hazards, plan, sql};
pub use questions::{choices, flags};
pub use sarif::{RuleText, Tool, sarif};
pub use status::{Hash, Migration, Origin, status};
pub use style::{Label, Sheet};
pub use terminal::diagnostic;

/// `1 table`, `2 tables`.
pub fn count(n: usize, noun: &str) -> String {
    match (n, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{n} {stem}ies"),
        _ if noun.ends_with(['s', 'x']) => format!("{n} {noun}es"),
        _ => format!("{n} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn counts_read_as_english() {
        for (n, noun, expected) in [
            (0, "table", "0 tables"),
            (1, "policy", "1 policy"),
            (2, "policy", "2 policies"),
            (2, "index", "2 indexes"),
            (3, "key", "3 keys"),
        ] {
            assert_eq!(super::count(n, noun), expected);
        }
    }
}
