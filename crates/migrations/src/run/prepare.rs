//! Files cut into statements and looked over before anything is run.

use super::Applied;
use crate::ledger::MigrationFile;
use crate::statements::{BREAKPOINT, Statement, split};
use driftless_diagnostic::{Diagnostic, Failure, Result, SourceFile};
use driftless_postgres::Session;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

/// A file that can be run.
pub(super) struct Prepared<'a> {
    /// Its number in the folder.
    pub(super) index: usize,
    pub(super) file: Cow<'a, MigrationFile>,
    pub(super) statements: Vec<Statement>,
    pub(super) no_transaction: bool,
    /// Statements, by number, that create roles which the server has.
    pub(super) left_out: BTreeSet<usize>,
    hidden: Vec<Range<usize>>,
}

/// Prepares the pending files; every reason against any of them comes at once.
pub(super) fn all<'a>(files: &'a [MigrationFile], pending: &[usize]) -> Result<Vec<Prepared<'a>>> {
    let mut refused = Vec::new();
    let mut prepared = Vec::new();
    for index in pending {
        prepared.push(one(*index, Cow::Borrowed(&files[*index]), &mut refused));
    }
    if refused.is_empty() {
        Ok(prepared)
    } else {
        Err(Failure::new(refused))
    }
}

/// Finds the statements that create roles which the server has already.
pub(super) async fn leave_out_roles(
    prepared: &mut [Prepared<'_>],
    session: &Session,
) -> Result<()> {
    let rows = session
        .texts("SELECT rolname FROM pg_catalog.pg_roles")
        .await;
    let rows = rows.map_err(|error| error.diagnostic("listing the roles of the server"))?;
    let there: BTreeSet<String> = rows.into_iter().flatten().flatten().collect();
    for one in prepared {
        let statements = one.statements.iter().enumerate();
        let creates = statements.filter(|(_, statement)| {
            let role = statement.role.as_ref();
            role.is_some_and(|role| there.contains(role))
        });
        one.left_out = creates.map(|(number, _)| number).collect();
    }
    Ok(())
}

/// Prepares files that are no migrations.
pub(super) fn scripts(files: &[SourceFile]) -> Result<Vec<Prepared<'static>>> {
    let mut refused = Vec::new();
    let mut prepared = Vec::new();
    for (index, source) in files.iter().enumerate() {
        let file = MigrationFile::of_script(source.clone());
        let one = one(index, Cow::Owned(file), &mut refused);
        if one.no_transaction {
            refused.push(Diagnostic::error(
                "header-not-supported",
                format!(
                    "`{}` asks to run without a transaction, which only a migration can",
                    source.path()
                ),
            ));
        }
        prepared.push(one);
    }
    if refused.is_empty() {
        Ok(prepared)
    } else {
        Err(Failure::new(refused))
    }
}

fn one<'a>(
    index: usize,
    file: Cow<'a, MigrationFile>,
    refused: &mut Vec<Diagnostic>,
) -> Prepared<'a> {
    let split = split(&file.source);
    refused.extend(split.refused);
    if !split.no_transaction {
        refused.extend(
            split
                .statements
                .iter()
                .filter_map(|statement| needs_header(&file.source, statement)),
        );
    }
    Prepared {
        index,
        file,
        statements: split.statements,
        no_transaction: split.no_transaction,
        left_out: BTreeSet::new(),
        hidden: split.hidden_breakpoints,
    }
}

fn needs_header(source: &SourceFile, statement: &Statement) -> Option<Diagnostic> {
    let what = statement.alone?;
    let line = source.text()[statement.range.clone()]
        .lines()
        .next()
        .map_or(0, str::len);
    Some(
        Diagnostic::error(
            "needs-no-transaction",
            format!("`{what}` cannot run inside a transaction, and each file runs in one"),
        )
        .at(
            source,
            statement.range.start..statement.range.start + line,
            "",
        )
        .help(
            "move it to a file of its own that begins with the line `-- driftless: no-transaction`",
        )
        .note("drizzle-orm's own migrator has no such header and cannot run this statement at all"),
    )
}

impl Prepared<'_> {
    pub(super) fn applied(&self, took: Duration) -> Applied {
        Applied {
            tag: self.file.tag.clone(),
            path: self.file.source.path().to_owned(),
            statements: self.statements.len(),
            took,
        }
    }

    /// The text of a statement as it is sent.
    pub(super) fn sql(&self, statement: &Statement) -> &str {
        &self.file.source.text()[statement.range.clone()]
    }

    /// Line of a statement, and its first words.
    pub(super) fn describe(&self, statement: &Statement) -> (usize, String) {
        const LONGEST: usize = 60;
        let line = self.file.source.position(statement.range.start).line;
        let words =
            self.sql(statement)
                .split_whitespace()
                .fold(String::new(), |mut words, word| {
                    if words.chars().count() < LONGEST {
                        if !words.is_empty() {
                            words.push(' ');
                        }
                        words.push_str(word);
                    }
                    words
                });
        let summary = match words.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("{}...", &words[..at]),
            None => words,
        };
        (line, summary)
    }

    pub(super) fn warning(&self) -> Option<Diagnostic> {
        let first = self.hidden.first()?;
        Some(
            Diagnostic::warning(
                "hidden-breakpoint",
                format!(
                    "drizzle-orm's own migrator would cut a statement of `{}` in two: there is a `{BREAKPOINT}` inside a string, a comment or a body",
                    self.file.tag
                ),
            )
            .at(&self.file.source, first.clone(), "Driftless leaves it alone"),
        )
    }
}
