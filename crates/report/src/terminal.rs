//! A finding for people: the sentence, the place in the file, why, and what to do next.

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};
use driftless_diagnostic::{Diagnostic, Label as Place, Severity, SourceFile};

use crate::style::{Label, Sheet};

/// The finding with its code frames, without a final newline.
pub fn diagnostic(diagnostic: &Diagnostic, sheet: Sheet, width: usize) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level
        .primary_title(one_line(&diagnostic.message))
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    for source in sources(diagnostic) {
        group = group.element(snippet(diagnostic, source));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(normalize_untrusted_str(note)));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    let text = renderer(sheet, width).render(&[group]);
    trim_lines(&text)
}

/// Files in order of first mention; the first label is the one that matters.
fn sources(diagnostic: &Diagnostic) -> Vec<&SourceFile> {
    let mut sources: Vec<&SourceFile> = Vec::new();
    for label in &diagnostic.labels {
        if !sources.contains(&&label.source) {
            sources.push(&label.source);
        }
    }
    sources
}

fn snippet<'a>(diagnostic: &'a Diagnostic, source: &'a SourceFile) -> Snippet<'a, Annotation<'a>> {
    let here = diagnostic
        .labels
        .iter()
        .enumerate()
        .filter(|(_, label)| label.source == *source);
    let mut snippet = Snippet::source(source.text()).path(source.path());
    for (at, label) in here {
        let kind = if at == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let text = (!label.message.is_empty()).then_some(label.message.as_str());
        snippet = snippet.annotation(kind.span(marked(label)).label(text));
    }
    snippet
}

/// The part of a place that is marked: within its first line, on character boundaries. A frame
/// around a statement of fifty lines would show everything but the point.
fn marked(label: &Place) -> std::ops::Range<usize> {
    let text = label.source.text();
    let down = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = down(label.start);
    let end = down(label.end.max(start));
    let line = text[start..]
        .find(['\n', '\r'])
        .map_or(text.len(), |n| start + n);
    start..end.min(line).max(start)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn renderer(sheet: Sheet, width: usize) -> Renderer {
    let renderer = if sheet.is_styled() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer
        .error(sheet.style(Label::Error))
        .warning(sheet.style(Label::Warning))
        .info(sheet.style(Label::Note))
        .note(sheet.style(Label::Note))
        .help(sheet.style(Label::Help))
        .hyperlink(false)
        .term_width(width)
}

/// Frames are padded to the right; nobody needs that in a log or a test.
fn trim_lines(text: &str) -> String {
    text.lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(found: &Diagnostic) -> String {
        diagnostic(found, Sheet::PLAIN, 100)
    }

    #[test]
    fn a_finding_shows_its_line_its_reasons_and_what_to_do() {
        let file = SourceFile::new(
            "src/schema.ts",
            "import { pgTable } from 'drizzle-orm/pg-core';\nimport { id } from './ids';\n",
        );
        let found = Diagnostic::error("unresolved-import", "'./ids' is not there")
            .at(&file, 66..73, "imported here")
            .note("looked for src/ids.ts and src/ids/index.ts")
            .help("create the file, or correct the path");
        assert_eq!(
            rendered(&found),
            "\
error[unresolved-import]: './ids' is not there
 --> src/schema.ts:2:20
  |
2 | import { id } from './ids';
  |                    ^^^^^^^ imported here
  |
  = note: looked for src/ids.ts and src/ids/index.ts
  = help: create the file, or correct the path"
        );
    }

    #[test]
    fn a_place_of_many_lines_marks_the_first() {
        let file = SourceFile::new(
            "0001.sql",
            "SELECT 1;\r\nCREATE TABLE a (\r\n  b int\r\n);\r\n",
        );
        let found = Diagnostic::error("statement-failed", "it failed").at(&file, 11..40, "");
        assert_eq!(
            rendered(&found),
            "\
error[statement-failed]: it failed
 --> 0001.sql:2:1
  |
2 | CREATE TABLE a (
  | ^^^^^^^^^^^^^^^^"
        );
    }

    #[test]
    fn places_in_several_files_are_all_shown() {
        let a = SourceFile::new("a.ts", "one\n");
        let b = SourceFile::new("b.ts", "two\n");
        let found = Diagnostic::error("duplicate-name", "declared twice")
            .at(&a, 0..3, "here")
            .at(&b, 0..3, "and here");
        assert_eq!(
            rendered(&found),
            "\
error[duplicate-name]: declared twice
 --> a.ts:1:1
  |
1 | one
  | ^^^ here
  |
 ::: b.ts:1:1
  |
1 | two
  | --- and here"
        );
    }

    #[test]
    fn a_place_beyond_the_text_or_inside_a_character_is_no_panic() {
        let file = SourceFile::new("a.ts", "é");
        for range in [1..1, 1..2, 0..9, 7..9] {
            let found = Diagnostic::warning("x", "y").at(&file, range, "");
            assert!(rendered(&found).starts_with("warning[x]: y\n --> a.ts:1:"));
        }
    }

    #[test]
    fn what_comes_from_outside_cannot_write_escape_codes() {
        let found = Diagnostic::error("x", "a \u{1b}[31m b").note("c \u{1b}[2J d");
        assert!(!rendered(&found).contains('\u{1b}'));
    }
}
