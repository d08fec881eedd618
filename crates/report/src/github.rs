//! Annotations of GitHub Actions: a line of the log that GitHub shows at a line of the change.

use driftless_diagnostic::{Diagnostic, Severity};

use crate::place::in_repository;

/// The finding as one workflow command; `prefix` is where the project is in its repository.
pub fn github(found: &Diagnostic, prefix: &str) -> String {
    let command = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = Vec::new();
    if let Some(label) = found.labels.first() {
        let start = label.source.position(label.start);
        let end = label.source.position(label.end.max(label.start));
        let path = in_repository(prefix, label.source.path());
        properties.push(format!("file={}", property(&path)));
        properties.push(format!("line={}", start.line));
        properties.push(format!("endLine={}", end.line));
        // GitHub takes columns only where the place is on one line.
        if start.line == end.line {
            properties.push(format!("col={}", start.column));
            properties.push(format!("endColumn={}", end.column));
        }
    }
    properties.push(format!("title={}", property(found.code)));
    let mut text = found.message.clone();
    for label in found.labels.iter().skip(1) {
        let at = label.source.position(label.start);
        let path = in_repository(prefix, label.source.path());
        text += &format!("\nsee {path}:{}:{} {}", at.line, at.column, label.message);
    }
    for note in &found.notes {
        text += &format!("\nnote: {note}");
    }
    for help in &found.help {
        text += &format!("\nhelp: {help}");
    }
    format!("::{command} {}::{}", properties.join(","), data(&text))
}

/// What follows the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_diagnostic::SourceFile;

    #[test]
    fn nothing_in_a_finding_ends_the_command_early() {
        let file = SourceFile::new("a,b:c.sql", "one\ntwo 100%\nthree");
        let place = Diagnostic::error("migration-edited", "50% of it\nis gone :: so")
            .at(&file, 4..7, "")
            .at(&file, 0..3, "the other one")
            .note("why\r\nnot")
            .help("restore it");
        let lines = Diagnostic::warning("x", "y").at(&file, 0..7, "");
        for (found, expected) in [
            (
                place,
                "::error file=apps/a%2Cb%3Ac.sql,line=2,endLine=2,col=1,endColumn=4,\
                 title=migration-edited::50%25 of it%0Ais gone :: so%0A\
                 see apps/a,b:c.sql:1:1 the other one%0Anote: why%0D%0Anot%0Ahelp: restore it",
            ),
            (
                lines,
                "::warning file=apps/a%2Cb%3Ac.sql,line=1,endLine=2,title=x::y",
            ),
            (Diagnostic::info("x", "y"), "::notice title=x::y"),
        ] {
            assert_eq!(github(&found, "apps/"), expected);
        }
    }
}
