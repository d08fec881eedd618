//! A file with `-- driftless: no-transaction`: statement by statement, each one kept.
//!
//! How far it got is kept in `__driftless_runs`, so that the next run goes on from there. What can
//! run in a transaction does so together with the note that it is done; only what Postgres refuses
//! there (`CREATE INDEX CONCURRENTLY`...) can be half done, and is looked at before it runs again.

use super::transaction::{at_once, at_statement, run_statements, with_advice};
use super::{Event, Hygiene, Prepared, Runner};
use crate::hash::sha256;
use crate::ledger;
use crate::runs::Run;
use crate::statements::token_hash;
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::{QueryError, Session, identifier, literal};
use std::fmt::Write;
use std::time::Instant;

impl Runner<'_> {
    pub(super) async fn without_transaction(
        &self,
        session: &mut Session,
        one: &Prepared<'_>,
        events: &mut (impl FnMut(Event) + ?Sized),
    ) -> Result<()> {
        if !self.runs.available {
            return Err(cannot_resume(session, one).into());
        }
        let started = Instant::now();
        let statements = one.statements.len();
        let interrupted = self.interrupted(one)?;
        let id = match interrupted {
            Some(run) => run.id,
            None => self
                .runs
                .start(session, &one.file, statements, &self.options.version)
                .await?
                .unwrap_or_default(),
        };
        let first = interrupted.map_or(0, |run| run.done);
        if first > 0 {
            events(Event::Warning(resumed(one, first)));
        }
        for number in first..statements {
            let begun_before = interrupted.is_some_and(|run| run.statement > number);
            let result = self
                .statement(session, one, id, number, begun_before, events)
                .await;
            if let Err(error) = result {
                let diagnostic = half_way(one, number, &error);
                if !error.is_lost() {
                    let record =
                        self.runs
                            .fail(Some(id), number + 1, started.elapsed(), &error.message());
                    // The statement's error is what counts, whatever becomes of the record.
                    let _ = session.execute("ROLLBACK").await;
                    let _ = session
                        .execute(&format!("{} {record}", self.hygiene.reset()))
                        .await;
                }
                return Err(diagnostic.into());
            }
        }
        let record = [
            self.hygiene.reset(),
            &self.runs.finish(Some(id), statements, started.elapsed()),
            &ledger::insert(&self.options.ledger, &self.ledger, &one.file),
        ]
        .concat();
        at_once(session, &record)
            .await
            .map_err(|error| error.diagnostic("recording the migration").into())
    }

    async fn statement(
        &self,
        session: &mut Session,
        one: &Prepared<'_>,
        id: i64,
        number: usize,
        begun_before: bool,
        events: &mut (impl FnMut(Event) + ?Sized),
    ) -> std::result::Result<(), QueryError> {
        // The file may have changed the role for the statements that follow.
        let role = session.role().map_or("NONE".to_owned(), identifier);
        let as_ourselves = |record: &str| format!("SET LOCAL ROLE {role}; {record}");
        let done = (number + 1, &*prefix_hash(one, number + 1));
        let record_done = as_ourselves(&self.runs.progress(id, number + 1, Some(done)));
        let Some(what) = one.statements[number].alone else {
            session.execute("BEGIN").await?;
            run_statements(session, one, number..number + 1, events)
                .await
                .map_err(|(_, error)| error)?;
            return session.execute(&format!("{record_done} COMMIT")).await;
        };
        let record_begun = as_ourselves(&self.runs.progress(id, number + 1, None));
        at_once(session, &record_begun).await?;
        let index = Index::of(one.sql(&one.statements[number]));
        if begun_before && is_done(session, what, index.as_ref()).await? {
            return at_once(session, &record_done).await;
        }
        session.execute(Hygiene::patient()).await?;
        run_statements(session, one, number..number + 1, events)
            .await
            .map_err(|(_, error)| error)?;
        session.execute(&self.hygiene.impatient()).await?;
        at_once(session, &record_done).await
    }

    /// The run that this one goes on with.
    fn interrupted(&self, one: &Prepared<'_>) -> Result<Option<&Run>> {
        let last = self
            .past
            .iter()
            .rev()
            .find(|run| run.migration == one.file.tag);
        let Some(run) = last.filter(|run| run.finished_at.is_none() && run.statement > 0) else {
            return Ok(None);
        };
        let same_beginning = run.done == 0
            || run.done <= one.statements.len()
                && run.done_hash.as_deref() == Some(prefix_hash(one, run.done).as_str());
        if same_beginning {
            Ok(Some(run))
        } else {
            Err(changed_beginning(one, run).into())
        }
    }
}

/// What failed, what is done, and where the next run goes on.
fn half_way(one: &Prepared<'_>, number: usize, error: &QueryError) -> Diagnostic {
    let of = one.statements.len();
    let mut diagnostic = with_advice(at_statement(one, number, error), error).note(format!(
        "statement {} of {of}, outside of a transaction",
        number + 1
    ));
    diagnostic.message = match number {
        0 => format!(
            "nothing of `{}` is done: {}",
            one.file.tag, diagnostic.message
        ),
        _ => format!(
            "`{}` stopped half way: {}",
            one.file.tag, diagnostic.message
        ),
    };
    if number > 0 {
        diagnostic = diagnostic
            .note(format!("the {number} before it are done and stay"))
            .help("correct this statement and those after it, not those before, and run `migrate` again: it goes on here");
    }
    // Where the name is taken, it has made none.
    let begun = error.code() != Some("42P07");
    if begun && one.statements[number].alone == Some("CREATE INDEX CONCURRENTLY") {
        diagnostic = diagnostic.note(
            "a failed CREATE INDEX CONCURRENTLY leaves an INVALID index; the next run drops it first",
        );
    }
    diagnostic
}

/// Whether a statement that was interrupted came to its end after all; clears away its remains.
async fn is_done(
    session: &mut Session,
    what: &str,
    index: Option<&Index>,
) -> std::result::Result<bool, QueryError> {
    let Some(index) = index else {
        return Ok(false);
    };
    match (what, index.state(session).await?) {
        ("CREATE INDEX CONCURRENTLY", Some(state)) if !state.valid => {
            session
                .execute(&format!("DROP INDEX CONCURRENTLY {}", state.qualified))
                .await?;
            Ok(false)
        }
        ("CREATE INDEX CONCURRENTLY", found) => Ok(found.is_some()),
        ("DROP INDEX CONCURRENTLY", found) => Ok(found.is_none()),
        _ => Ok(false),
    }
}

/// Hash of the first statements' tokens: these may not change once they are done.
fn prefix_hash(one: &Prepared<'_>, statements: usize) -> String {
    let mut tokens = String::new();
    for statement in &one.statements[..statements] {
        let _ = writeln!(tokens, "{}", token_hash(one.sql(statement)));
    }
    sha256(tokens.as_bytes())
}

/// The index that a CONCURRENTLY statement is about.
#[derive(Debug, PartialEq, Eq)]
struct Index {
    /// As written in the statement, quotes included.
    name: String,
    /// Table of a CREATE INDEX, as written.
    table: Option<String>,
}

struct IndexState {
    valid: bool,
    qualified: String,
}

impl Index {
    /// `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table` and
    /// `DROP INDEX CONCURRENTLY [IF EXISTS] name`; nothing for an index without a name.
    fn of(sql: &str) -> Option<Self> {
        let mut offset = 0;
        let mut tokens = Vec::new();
        for token in squawk_lexer::tokenize(sql) {
            let piece = &sql[offset..offset + token.len as usize];
            offset += token.len as usize;
            match token.kind {
                squawk_lexer::TokenKind::Whitespace
                | squawk_lexer::TokenKind::LineComment
                | squawk_lexer::TokenKind::BlockComment { .. } => {}
                _ => tokens.push(piece),
            }
        }
        let at = tokens
            .iter()
            .position(|token| token.eq_ignore_ascii_case("CONCURRENTLY"))?;
        let mut rest = tokens[at + 1..].iter().copied().peekable();
        for word in ["IF", "NOT", "EXISTS"] {
            rest.next_if(|token| token.eq_ignore_ascii_case(word));
        }
        let creates = tokens[0].eq_ignore_ascii_case("CREATE");
        if creates && rest.peek()?.eq_ignore_ascii_case("ON") {
            return None;
        }
        let name = dotted(&mut rest)?;
        if !creates {
            return Some(Self { name, table: None });
        }
        rest.next_if(|token| token.eq_ignore_ascii_case("ON"))?;
        rest.next_if(|token| token.eq_ignore_ascii_case("ONLY"));
        let table = dotted(&mut rest)?;
        Some(Self {
            name,
            table: Some(table),
        })
    }

    async fn state(
        &self,
        session: &Session,
    ) -> std::result::Result<Option<IndexState>, QueryError> {
        // Postgres itself reads the names: parse_ident folds case and takes quotes off.
        let condition = match &self.table {
            Some(table) => format!(
                "i.indrelid = pg_catalog.to_regclass({}) AND c.relname = (pg_catalog.parse_ident({}))[1]",
                literal(table),
                literal(&self.name)
            ),
            None => format!("c.oid = pg_catalog.to_regclass({})", literal(&self.name)),
        };
        let rows = session
            .texts(&format!(
                "SELECT i.indisvalid, n.nspname, c.relname FROM pg_catalog.pg_index i \
                 JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {condition}"
            ))
            .await?;
        Ok(rows.into_iter().next().map(|row| {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            let valid = row.next().is_some_and(|valid| valid == "t");
            let schema = row.next().unwrap_or_default();
            let name = row.next().unwrap_or_default();
            IndexState {
                valid,
                qualified: format!("{}.{}", identifier(&schema), identifier(&name)),
            }
        }))
    }
}

/// `a.b.c`, as written.
fn dotted<'a>(tokens: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> Option<String> {
    let mut name = tokens.next()?.to_owned();
    while tokens.next_if_eq(&".").is_some() {
        name.push('.');
        name.push_str(tokens.next()?);
    }
    Some(name)
}

fn cannot_resume(session: &Session, one: &Prepared<'_>) -> Diagnostic {
    Diagnostic::error(
        "runs-not-recorded",
        format!(
            "`{}` was not begun: without a transaction, how far it gets must be recorded, and `{}` may not create the table for that",
            one.file.tag,
            session.server().user
        ),
    )
    .help("grant CREATE on the ledger's schema, or run this migration as its owner")
}

fn resumed(one: &Prepared<'_>, done: usize) -> Diagnostic {
    Diagnostic::warning(
        "resumed",
        format!(
            "`{}` was interrupted in an earlier run and goes on at statement {} of {}",
            one.file.tag,
            done + 1,
            one.statements.len()
        ),
    )
}

fn changed_beginning(one: &Prepared<'_>, run: &Run) -> Diagnostic {
    Diagnostic::error(
        "half-run-migration-changed",
        format!(
            "`{}` cannot go on where it stopped: {} already done, and the text of what is done has changed since",
            one.file.tag,
            match run.done {
                1 => "1 statement is".to_owned(),
                done => format!("{done} statements are"),
            }
        ),
    )
    .note(format!("the run began at {}", run.started_at))
    .help("put the statements that are done back as they were; undo or add to them in those that follow")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_of_a_statement_is_read_from_its_tokens() {
        for (sql, name, table) in [
            ("create index concurrently a on t (x)", "a", Some("t")),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"A b\" ON ONLY s.\"T\" (x)",
                "\"A b\"",
                Some("s.\"T\""),
            ),
            ("drop index concurrently if exists s.a", "s.a", None),
        ] {
            let expected = Index {
                name: name.to_owned(),
                table: table.map(str::to_owned),
            };
            assert_eq!(Index::of(sql), Some(expected), "{sql}");
        }
        assert_eq!(Index::of("create index concurrently on t (x)"), None);
    }
}
