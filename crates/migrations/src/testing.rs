//! Shared by the unit tests of this crate.

use driftless_diagnostic::{Diagnostic, Failure, Severity};
use std::fmt::Write;

/// Every word of a failure that a user would see.
pub(crate) fn spell(failure: &Failure) -> String {
    spell_all(failure.diagnostics())
}

/// Every word of every finding; one empty line between two.
pub(crate) fn spell_all(diagnostics: &[Diagnostic]) -> String {
    let texts: Vec<String> = diagnostics.iter().map(spell_one).collect();
    texts.join("\n\n")
}

fn spell_one(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let mut text = format!("{severity}[{}] {}", diagnostic.code, diagnostic.message);
    for label in &diagnostic.labels {
        let at = label.source.position(label.start);
        let _ = write!(
            text,
            "\nat {}:{}:{}",
            label.source.path(),
            at.line,
            at.column
        );
        if !label.message.is_empty() {
            let _ = write!(text, " {}", label.message);
        }
    }
    for note in &diagnostic.notes {
        let _ = write!(text, "\nnote: {note}");
    }
    for help in &diagnostic.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    text
}
