//! Files cut into statements, each with what it may be and what it may need; no server yet.

use super::belongs::{Role, role};
use super::order::{Phase, phase};
use super::scan::{Class, Scanned, scan};
use super::settings::Settings;
use super::words::{Word, words};
use super::{Sources, Statement};
use driftless_diagnostic::{Diagnostic, Failure, Label, Result, SourceFile};
use driftless_migrations::statements;
use std::ops::Range;
use std::sync::Arc;

/// A statement that is going to be run.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Number of its file; what comes before the files counts as one.
    pub(super) file: usize,
    pub(super) source: SourceFile,
    /// Bytes in the file, without the semicolon.
    pub(super) range: Range<usize>,
    /// Where it is declared, if that is not in this file.
    pub(super) place: Option<Label>,
    pub(super) words: Vec<Word>,
    pub(super) scanned: Scanned,
    pub(super) settings: Arc<Settings>,
    pub(super) phase: Phase,
}

impl Prepared {
    pub(super) fn sql(&self) -> &str {
        &self.source.text()[self.range.clone()]
    }

    /// The extension that `CREATE EXTENSION` makes, with its bytes in the file.
    pub(super) fn extension(&self) -> Option<(&str, Range<usize>)> {
        let is = |at: usize, keyword: &str| self.words.get(at).is_some_and(|word| word.is(keyword));
        if !is(0, "create") || !is(1, "extension") {
            return None;
        }
        let word = self.words.get(if is(2, "if") { 5 } else { 2 })?;
        let start = self.range.start;
        Some((&word.text, start + word.range.start..start + word.range.end))
    }

    /// `CREATE ... IF NOT EXISTS` of what must not be declared twice.
    pub(super) fn may_skip(&self) -> bool {
        let is = |at: usize, keyword: &str| self.words.get(at).is_some_and(|word| word.is(keyword));
        let shared = ["schema", "extension"].iter().any(|kind| is(1, kind));
        is(0, "create")
            && !shared
            && (2..8).any(|at| is(at, "if") && is(at + 1, "not") && is(at + 2, "exists"))
    }
}

/// Cuts everything up.
///
/// # Errors
/// All statements that have no place in a declared schema, and what is no SQL at all.
pub(super) fn prepare(sources: &Sources) -> Result<Vec<Prepared>> {
    let mut prepared = given(&sources.before);
    let mut problems = Vec::new();
    for (number, file) in sources.files.iter().enumerate() {
        self::file(number + 1, &file.source, &mut prepared, &mut problems);
    }
    if problems.is_empty() {
        Ok(prepared)
    } else {
        Err(Failure::new(problems))
    }
}

/// Statements that others made, as one file.
fn given(statements: &[Statement]) -> Vec<Prepared> {
    let mut text = String::new();
    let mut ranges = Vec::new();
    for statement in statements {
        let sql = statement.sql.trim_end().trim_end_matches(';');
        ranges.push(text.len()..text.len() + sql.len());
        text.push_str(sql);
        text.push_str(";\n");
    }
    let source = SourceFile::new("schema.ts as SQL", text);
    let settings = Arc::new(Settings::default());
    let prepared = ranges
        .into_iter()
        .zip(statements)
        .map(|(range, statement)| {
            let words = words(&source.text()[range.clone()]);
            Prepared {
                file: 0,
                source: source.clone(),
                range,
                place: statement.place.clone(),
                scanned: scan(&words),
                settings: Arc::clone(&settings),
                phase: phase(&words),
                words,
            }
        });
    prepared.collect()
}

fn file(
    number: usize,
    source: &SourceFile,
    prepared: &mut Vec<Prepared>,
    problems: &mut Vec<Diagnostic>,
) {
    let cut = SourceFile::new(source.path(), without_restrict(source.text()));
    let split = statements::split(&cut);
    let mut found: Vec<_> = split
        .refused
        .into_iter()
        .filter(|refused| matches!(refused.code, "psql-command" | "unterminated"))
        .map(|mut refused| {
            for label in &mut refused.labels {
                label.source = source.clone();
            }
            refused
        })
        .collect();
    let mut settings = Arc::new(Settings::default());
    for statement in split.statements {
        let words = words(&cut.text()[statement.range.clone()]);
        match role(source, &statement.range, &words) {
            Ok(Role::Nothing) => {}
            Ok(Role::Sets(setting)) => Arc::make_mut(&mut settings).apply(setting),
            Ok(Role::Declares) => {
                let mut scanned = scan(&words);
                qualify(&mut scanned, &settings);
                prepared.push(Prepared {
                    file: number,
                    source: source.clone(),
                    range: statement.range,
                    place: None,
                    scanned,
                    settings: Arc::clone(&settings),
                    phase: phase(&words),
                    words,
                });
            }
            Err(refused) => {
                found.push(*refused);
                if words[0].is("copy") && words.iter().any(|word| word.is("stdin")) {
                    // What follows is data and no SQL.
                    found.retain(|one| {
                        one.labels
                            .iter()
                            .all(|label| label.start <= statement.range.end)
                    });
                    break;
                }
            }
        }
    }
    found.sort_by_key(|one| one.labels.first().map(|label| label.start));
    problems.extend(found);
}

/// What a file creates without a schema is in the first one of its `search_path`.
fn qualify(scanned: &mut Scanned, settings: &Settings) {
    let Some(schema) = settings.schema() else {
        return;
    };
    for definition in &mut scanned.defines {
        if matches!(
            definition.class,
            Class::Named | Class::Function | Class::Key | Class::Shape
        ) {
            definition.schema.get_or_insert_with(|| schema.clone());
        }
    }
}

/// `\restrict` and `\unrestrict`, which `pg_dump` writes around a dump, as blanks.
fn without_restrict(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        if line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ") {
            let end = line.trim_end().len();
            " ".repeat(end) + &line[end..]
        } else {
            line.to_owned()
        }
    });
    lines.collect()
}
