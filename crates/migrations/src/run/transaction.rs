//! One file in one transaction, its row in the ledger included.

use super::{Applied, Event, Hygiene, Prepared, Runner};
use crate::ledger;
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::{Heard, Notice, Place, QueryError, Session};
use std::ops::Range;
use std::time::{Duration, Instant};

/// Why a transaction did not come to its end.
pub(super) enum Stop {
    /// A statement of the file, counted from 0.
    Statement(usize, QueryError),
    /// A deferred constraint, checked after the last statement.
    Constraints(QueryError),
    /// What we add to it: reset, record, ledger.
    Record(QueryError),
    /// The very last step.
    Commit(QueryError),
}

impl Runner<'_> {
    pub(super) async fn in_transaction(
        &self,
        session: &mut Session,
        one: &Prepared<'_>,
        events: &mut (impl FnMut(Event) + ?Sized),
    ) -> Result<()> {
        let statements = one.statements.len();
        let id = self
            .runs
            .start_and_begin(session, &one.file, statements, &self.options.version)
            .await?;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let started = Instant::now();
            let is_begun = attempt == 1;
            let result = self.attempt(session, one, id, is_begun, events).await;
            let Err(stop) = result else {
                return Ok(());
            };
            let reached = match &stop {
                Stop::Statement(number, _) => number + 1,
                _ => statements,
            };
            // Of a lost connection nothing can be asked any more; the server rolls back by itself.
            if !stop.error().is_lost() {
                let record =
                    self.runs
                        .fail(id, reached, started.elapsed(), &stop.error().message());
                roll_back(session, &self.hygiene, &record).await?;
            }
            if attempt > self.options.lock_retries || !stop.may_pass() {
                return Err(stop.diagnostic(one, attempt).into());
            }
            pause(one, &stop, attempt, events).await;
        }
    }

    async fn attempt(
        &self,
        session: &mut Session,
        one: &Prepared<'_>,
        id: Option<i64>,
        is_begun: bool,
        events: &mut (impl FnMut(Event) + ?Sized),
    ) -> std::result::Result<(), Stop> {
        let started = Instant::now();
        if !is_begun {
            session.execute("BEGIN").await.map_err(Stop::Record)?;
        }
        body(session, one, events).await?;
        let record = [
            "SET CONSTRAINTS ALL IMMEDIATE;",
            self.hygiene.reset(),
            &self
                .runs
                .finish(id, one.statements.len(), started.elapsed()),
            &ledger::insert(&self.options.ledger, &self.ledger, &one.file),
            "COMMIT",
        ]
        .concat();
        let recorded = session.run_counting(&record, &mut |_| {}).await;
        recorded.map(|_| ()).map_err(|(done, error)| match done {
            // What a lost server had committed by then nobody can tell.
            _ if error.is_lost() => Stop::Commit(error),
            0 => Stop::Constraints(error),
            _ => Stop::Record(error),
        })
    }
}

/// Waits before a file is tried again.
pub(super) async fn pause(
    one: &Prepared<'_>,
    stop: &Stop,
    attempt: u32,
    events: &mut (impl FnMut(Event) + ?Sized),
) {
    // Two that stand in each other's way do not meet again at the same moment.
    let jitter = 0.75 + fastrand::f64() / 2.0;
    let pause = (Duration::from_secs(1 << attempt.min(4)) / 2).mul_f64(jitter);
    events(Event::Retrying {
        tag: one.file.tag.clone(),
        reason: stop.error().message(),
        attempt,
        pause,
    });
    tokio::time::sleep(pause).await;
}

/// Files that are no migrations, all in one transaction; `room` is SQL that goes before them, and
/// `records` is what goes behind each of them, in our own role.
pub(super) async fn scripts(
    session: &mut Session,
    hygiene: &Hygiene,
    prepared: &[Prepared<'_>],
    room: &str,
    records: &[String],
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<Vec<Applied>> {
    let mut applied = Vec::new();
    let failed = |error: QueryError| error.diagnostic("running the files in a transaction");
    session
        .execute(&format!("BEGIN; {room}"))
        .await
        .map_err(failed)?;
    for (i, one) in prepared.iter().enumerate() {
        let started = Instant::now();
        events(Event::MigrationStarted {
            tag: one.file.tag.clone(),
            number: i + 1,
            of: prepared.len(),
            statements: one.statements.len(),
        });
        let mut result = body(session, one, events).await;
        if result.is_ok() && i + 1 == prepared.len() {
            result = session
                .execute("SET CONSTRAINTS ALL IMMEDIATE")
                .await
                .map_err(Stop::Constraints);
        }
        if let Err(stop) = result {
            if !stop.error().is_lost() {
                roll_back(session, hygiene, "").await?;
            }
            return Err(stop.diagnostic(one, 1).into());
        }
        if let Some(record) = records.get(i) {
            let record = format!("{} {record}", hygiene.reset());
            session.execute(&record).await.map_err(failed)?;
        }
        events(Event::MigrationFinished {
            tag: one.file.tag.clone(),
            took: started.elapsed(),
        });
        applied.push(one.applied(started.elapsed()));
    }
    session
        .execute(&format!("{} COMMIT", hygiene.reset()))
        .await
        .map_err(failed)?;
    Ok(applied)
}

/// Statements that are sent at once, and their bytes: more would lie about in the server's buffers.
const AT_ONCE: usize = 64;
const BYTES_AT_ONCE: usize = 64 << 10;

/// All statements of a file, within a transaction.
pub(super) async fn body(
    session: &mut Session,
    one: &Prepared<'_>,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> std::result::Result<(), Stop> {
    let mut first = 0;
    while first < one.statements.len() {
        let mut bytes = 0;
        let fits = one.statements[first..].iter().take_while(|statement| {
            bytes += one.sql(statement).len();
            bytes <= BYTES_AT_ONCE
        });
        let end = first + fits.take(AT_ONCE).count().max(1);
        run_statements(session, one, first..end, events)
            .await
            .map_err(|(number, error)| Stop::Statement(number, error))?;
        first = end;
    }
    Ok(())
}

/// In place of a statement that is left out.
const NOTHING: &str = "SELECT 1 WHERE false";

/// Some statements of a file, with their events; an error comes with the number of its statement.
/// Several only within a transaction, where one that fails keeps the others from doing anything.
pub(super) async fn run_statements(
    session: &mut Session,
    one: &Prepared<'_>,
    numbers: Range<usize>,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> std::result::Result<(), (usize, QueryError)> {
    let of = one.statements.len();
    let tag = || one.file.tag.clone();
    let begins = |number: usize| {
        let (line, summary) = one.describe(&one.statements[number]);
        Event::StatementStarted {
            tag: tag(),
            number: number + 1,
            of,
            line,
            summary,
        }
    };
    let text = |number: usize| {
        if one.left_out.contains(&number) {
            return NOTHING;
        }
        one.sql(&one.statements[number])
    };
    let texts: Vec<&str> = numbers.clone().map(text).collect();
    let mut number = numbers.start;
    let mut started = Instant::now();
    for left_out in one.left_out.range(numbers.clone()) {
        let role = one.statements[*left_out]
            .role
            .as_deref()
            .unwrap_or_default();
        let notice = Notice {
            severity: "NOTICE".to_owned(),
            code: "00000".to_owned(),
            message: format!("the server has the role {role} already: it is left as it is"),
            detail: None,
            hint: None,
        };
        events(Event::Notice { tag: tag(), notice });
    }
    events(begins(number));
    let mut on_heard = |heard| match heard {
        Heard::Notice(notice) => events(Event::Notice { tag: tag(), notice }),
        Heard::Blocked { by, after } => events(Event::Blocked {
            tag: tag(),
            by,
            after,
        }),
        Heard::Done(rows) => {
            events(Event::StatementFinished {
                tag: tag(),
                number: number + 1,
                of,
                rows,
                took: started.elapsed(),
            });
            number += 1;
            started = Instant::now();
            if number < numbers.end {
                events(begins(number));
            }
        }
    };
    session
        .run_watched(&texts, &mut on_heard)
        .await
        .map_err(|(failed, error)| (numbers.start + failed, error))
}

/// SQL of our own, all or nothing.
pub(super) async fn at_once(
    session: &mut Session,
    sql: &str,
) -> std::result::Result<(), QueryError> {
    let result = session.execute(&format!("BEGIN; {sql} COMMIT")).await;
    if result.is_err() && !session.is_closed() {
        // The error that counts is the first one.
        let _ = session.execute("ROLLBACK").await;
    }
    result
}

pub(super) async fn roll_back(
    session: &mut Session,
    hygiene: &Hygiene,
    record: &str,
) -> Result<()> {
    session
        .execute("ROLLBACK")
        .await
        .map_err(|error| error.diagnostic("rolling back"))?;
    session
        .execute(&format!("{} {record}", hygiene.reset()))
        .await
        .map_err(|error| error.diagnostic("recording the failure"))?;
    Ok(())
}

impl Stop {
    pub(super) fn error(&self) -> &QueryError {
        match self {
            Self::Statement(_, error)
            | Self::Constraints(error)
            | Self::Record(error)
            | Self::Commit(error) => error,
        }
    }

    /// No lock in time, a deadlock, a conflict: the same may well work a moment later.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self.error().code(), Some("55P03" | "40P01" | "40001"))
    }

    pub(super) fn diagnostic(&self, one: &Prepared<'_>, attempts: u32) -> Diagnostic {
        let tag = &one.file.tag;
        let error = self.error();
        let diagnostic = match self {
            Self::Statement(number, error) => {
                let diagnostic = at_statement(one, *number, error);
                let of = one.statements.len();
                diagnostic.note(format!("statement {} of {of}", number + 1))
            }
            Self::Constraints(error) => error.diagnostic("checking deferred constraints"),
            Self::Record(error) => error.diagnostic("recording the migration"),
            Self::Commit(error) if error.is_lost() => {
                return Diagnostic::error(
                    "commit-unknown",
                    format!("the connection was lost while `{tag}` was being committed: it may be applied or not"),
                )
                .note(error.message())
                .help("run `driftless status`, which reads it from the ledger");
            }
            Self::Commit(error) => error.diagnostic("committing"),
        };
        let mut diagnostic = with_advice(diagnostic, error);
        if attempts > 1 {
            diagnostic = diagnostic.note(format!("tried {attempts} times"));
        }
        diagnostic.message = format!("`{tag}` was rolled back: {}", diagnostic.message);
        diagnostic
    }
}

/// The server's words at the statement's place in the file.
pub(super) fn at_statement(one: &Prepared<'_>, number: usize, error: &QueryError) -> Diagnostic {
    error.diagnostic_at(&Place {
        source: &one.file.source,
        range: one.statements[number].range.clone(),
    })
}

/// What to do about errors that migrations run into and ordinary queries do not.
pub(super) fn with_advice(mut diagnostic: Diagnostic, error: &QueryError) -> Diagnostic {
    let message = error.message();
    let advice = match error.code() {
        Some("25001") => "begin the file with the line `-- driftless: no-transaction`",
        Some("55P03") => {
            "something else holds a lock on the table: end it, try again when it is quiet, or wait longer for locks (`--lock-timeout`)"
        }
        Some("55P04") => {
            "use the new enum value in the next migration: Postgres allows it only after a commit"
        }
        Some("42710") if message.starts_with("role ") => {
            "roles belong to all databases of a server: `driftless migrate --keep-roles` takes those that are there"
        }
        Some("42501") if message.contains("row-level security") => {
            "migrate as a role with BYPASSRLS: under FORCE ROW LEVEL SECURITY this statement would have seen only some rows, or none"
        }
        Some("57014") => {
            diagnostic.code = "cancelled";
            return diagnostic;
        }
        _ => return diagnostic,
    };
    diagnostic.help(advice)
}
