//! Truth, amounts of money and numbers: no number is read from the text `true` or `$4.00`.

use super::{Family, Parts};

/// SQL text of a value as one of the new type, where both are among these.
pub(super) fn converted(from: &Parts, to: &Parts, column: &str, target: &str) -> Option<String> {
    if from.dimensions > 0 || to.dimensions > 0 {
        return None;
    }
    let is_number = |parts: &Parts| parts.family == Family::Number;
    match (from.base.as_str(), to.base.as_str()) {
        // Postgres casts no other numbers so.
        ("boolean", "integer")
        | ("integer", "boolean")
        | ("money", "numeric")
        | ("numeric", "money") => Some(format!("{column}::{target}")),
        ("boolean", _) if is_number(to) => Some(format!("{column}::integer::{target}")),
        (_, "boolean") if is_number(from) => Some(format!("{column} <> 0")),
        ("money", _) if is_number(to) => Some(format!("{column}::numeric::{target}")),
        (_, "money") if is_number(from) => Some(format!("{column}::numeric::{target}")),
        _ => None,
    }
}
