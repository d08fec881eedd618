//! Every pending file in one transaction: all of them or none.

use super::transaction::{Stop, body, pause, roll_back};
use super::{Event, Prepared, Runner};
use crate::ledger;
use driftless_diagnostic::{Diagnostic, Failure, Result};
use driftless_postgres::Session;
use std::time::{Duration, Instant};

impl Runner<'_> {
    /// Every file in one transaction, with their rows in the ledger.
    pub(super) async fn all_at_once(
        &mut self,
        session: &mut Session,
        prepared: &[Prepared<'_>],
        events: &mut (impl FnMut(Event) + ?Sized),
    ) -> Result<()> {
        self.make_room(session, events).await?;
        let version = &self.options.version;
        let mut ids = Vec::new();
        for one in prepared {
            let statements = one.statements.len();
            ids.push(
                self.runs
                    .start(session, &one.file, statements, version)
                    .await?,
            );
        }
        let mut attempt = 0;
        loop {
            attempt += 1;
            let (at, stop) = match self.attempt_all(session, prepared, &ids, events).await {
                Ok(took) => {
                    for (one, took) in prepared.iter().zip(took) {
                        let tag = one.file.tag.clone();
                        events(Event::MigrationFinished { tag, took });
                        self.note_order(session, one, events).await;
                        self.summary.applied.push(one.applied(took));
                    }
                    return Ok(());
                }
                Err(stopped) => stopped,
            };
            let one = &prepared[at];
            if !stop.error().is_lost() {
                let reached = match &stop {
                    Stop::Statement(number, _) => number + 1,
                    _ => one.statements.len(),
                };
                let why = stop.error().message();
                let record = self.runs.fail(ids[at], reached, Duration::ZERO, &why);
                roll_back(session, &self.hygiene, &record).await?;
            }
            if attempt > self.options.lock_retries || !stop.may_pass() {
                let diagnostic = stop.diagnostic(one, attempt);
                let others = prepared.len() - 1;
                return Err(match others {
                    0 => diagnostic,
                    _ => diagnostic.note(format!(
                        "in one transaction with {others} more: none of them was applied"
                    )),
                }
                .into());
            }
            pause(one, &stop, attempt, events).await;
        }
    }

    async fn attempt_all(
        &self,
        session: &mut Session,
        prepared: &[Prepared<'_>],
        ids: &[Option<i64>],
        events: &mut (impl FnMut(Event) + ?Sized),
    ) -> std::result::Result<Vec<Duration>, (usize, Stop)> {
        let mut times = Vec::new();
        let begun = session.execute("BEGIN").await;
        begun.map_err(|error| (0, Stop::Record(error)))?;
        let last = prepared.len() - 1;
        for (at, one) in prepared.iter().enumerate() {
            let started = Instant::now();
            events(Event::MigrationStarted {
                tag: one.file.tag.clone(),
                number: at + 1,
                of: prepared.len(),
                statements: one.statements.len(),
            });
            body(session, one, events)
                .await
                .map_err(|stop| (at, stop))?;
            if at == last {
                let checked = session.execute("SET CONSTRAINTS ALL IMMEDIATE").await;
                checked.map_err(|error| (at, Stop::Constraints(error)))?;
            }
            let took = started.elapsed();
            let record = [
                self.hygiene.reset(),
                &self.runs.finish(ids[at], one.statements.len(), took),
                &ledger::insert(&self.options.ledger, &self.ledger, &one.file),
            ]
            .concat();
            let recorded = session.execute(&record).await;
            recorded.map_err(|error| (at, Stop::Record(error)))?;
            times.push(took);
        }
        let committed = session.execute("COMMIT").await;
        committed.map_err(|error| (last, Stop::Commit(error)))?;
        Ok(times)
    }
}

/// Refuses what no transaction can hold.
pub(super) fn refuse_alone(prepared: &[Prepared<'_>]) -> Result<()> {
    let alone = prepared.iter().filter(|one| one.no_transaction);
    let found: Vec<Diagnostic> = alone
        .map(|one| {
            let line = one.file.source.text().lines().next().map_or(0, str::len);
            Diagnostic::error(
                "not-in-one-transaction",
                format!("`{}` asks to run without a transaction", one.file.tag),
            )
            .at(&one.file.source, 0..line, "")
            .help("run it without --single-transaction, and what comes after it in another run")
        })
        .collect();
    if found.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(found))
    }
}
