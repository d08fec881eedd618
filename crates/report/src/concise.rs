//! One line a finding, for logs and editors: `path:line:column: error[code]: message`.

use driftless_diagnostic::{Diagnostic, Severity};

/// The finding in one line, its first place in front.
pub fn concise(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.labels.first().map_or_else(String::new, |label| {
        let at = label.source.position(label.start);
        format!("{}:{}:{}: ", label.source.path(), at.line, at.column)
    });
    let message = diagnostic.message.replace('\n', " ");
    format!(
        "{place}{}[{}]: {message}",
        severity(diagnostic.severity),
        diagnostic.code
    )
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_diagnostic::SourceFile;

    #[test]
    fn place_severity_code_and_message_are_on_one_line() {
        let file = SourceFile::new("src/schema.ts", "a\nbc\n");
        let found =
            Diagnostic::error("unresolved-import", "no such file\nat all").at(&file, 3..4, "");
        for (diagnostic, expected) in [
            (
                found,
                "src/schema.ts:2:2: error[unresolved-import]: no such file at all",
            ),
            (Diagnostic::warning("x", "y"), "warning[x]: y"),
        ] {
            assert_eq!(concise(&diagnostic), expected);
        }
    }
}
