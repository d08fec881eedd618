//! Runs what a database has not seen yet: verify, lock, one transaction per file, record.

mod alone;
mod baseline;
mod event;
mod findings;
mod hygiene;
mod locked;
mod measure;
mod prepare;
mod push;
mod repair;
mod seed;
mod status;
mod together;
mod transaction;
mod wipe;

use crate::ledger::{self, Comparison, Ledger, LedgerNames, MigrationFile, State};
use crate::runs::{Note, Run, Runs};
pub use baseline::{baseline, is_recorded};
use driftless_diagnostic::{Failure, Result, Severity, SourceFile};
use driftless_postgres::{LockKey, Session, lock, unlock};
pub use event::Event;
use hygiene::Hygiene;
pub use measure::{Measured, MeasuredFile, TableSize, measure, sizes, strength};
use prepare::Prepared;
pub use push::push;
pub use repair::{Repair, repair};
pub use seed::{SeedName, Seeded, is_seeded, record_seed, seed};
pub use status::{MigrationStatus, Status, status};
use std::time::{Duration, Instant};
pub use wipe::wipe;

/// How to migrate.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct MigrateOptions {
    /// Tag of the last migration to run; all when missing.
    pub to: Option<String>,
    /// Verify and tell what would run, write nothing, take no lock.
    pub dry_run: bool,
    /// How long to wait for another migrator; for ever when missing.
    pub lock_wait: Option<Duration>,
    /// Postgres's `lock_timeout` for each statement; off when missing. A statement that waits for
    /// a table lock makes every later query on that table wait behind it, hence a default of 5 s.
    pub lock_timeout: Option<Duration>,
    /// How often a migration is run again that was rolled back for want of a lock.
    pub lock_retries: u32,
    /// Where the ledger is.
    pub ledger: LedgerNames,
    /// Go on although a pooler stands between; right only if it gives each client one server
    /// process of its own.
    pub allow_pooler: bool,
    /// Run what was never applied although something younger was, instead of refusing.
    pub allow_out_of_order: bool,
    /// All pending files in one transaction: all of them or none.
    pub single_transaction: bool,
    /// Leave out `CREATE ROLE` where the server has a role of that name: roles belong to all of its
    /// databases.
    pub keep_roles: bool,
    /// Recorded with each run.
    pub version: String,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files run now, or that would be run (`dry_run`), in order.
    pub applied: Vec<Applied>,
    /// Files that the ledger knew already.
    pub already: usize,
    /// Files after `to` that stay pending.
    pub left: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// One file of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its tag.
    pub tag: String,
    /// Its path as shown.
    pub path: String,
    /// Its statements.
    pub statements: usize,
    /// How long it took; zero when it was not run.
    pub took: Duration,
}

impl Default for MigrateOptions {
    fn default() -> Self {
        Self {
            to: None,
            dry_run: false,
            lock_wait: None,
            lock_timeout: Some(Duration::from_secs(5)),
            lock_retries: 6,
            ledger: LedgerNames::default(),
            allow_pooler: false,
            allow_out_of_order: false,
            single_transaction: false,
            keep_roles: false,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Brings a database up to the folder, in journal order.
///
/// Stops before anything is written when an applied file was edited, when a file is older than what
/// was applied, or when a pending file holds what cannot be run. With nothing pending nothing is
/// written at all. Whatever stops it later leaves whole migrations behind it, never half of one.
///
/// The future is `Send` where `events` is.
pub async fn migrate(
    session: &mut Session,
    files: &[MigrationFile],
    options: &MigrateOptions,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<Summary> {
    let started = Instant::now();
    findings::refuse_pooler(session, options.allow_pooler)?;
    let last = last_to_run(files, options.to.as_deref())?;
    let hygiene = Hygiene::begin(session, options.lock_timeout).await?;

    let found = ledger::read(session, &options.ledger).await?;
    let comparison = ledger::compare(files, &found);
    let mut pending = verified(files, &comparison, last, options)?;
    for warning in findings::warnings(files, &comparison) {
        events(Event::Warning(warning));
    }
    let prepared = prepare::all(files, &pending)?;
    if options.single_transaction {
        together::refuse_alone(&prepared)?;
    }
    for warning in prepared.iter().filter_map(Prepared::warning) {
        events(Event::Warning(warning));
    }
    let mut summary = Summary {
        already: applied(&comparison),
        left: left(files, &comparison, last),
        ..Summary::default()
    };
    events(Event::Verified {
        applied: summary.already,
        pending: pending.len(),
    });
    if pending.is_empty() || options.dry_run {
        summary.applied = prepared.iter().map(|p| p.applied(Duration::ZERO)).collect();
        summary.took = started.elapsed();
        return Ok(summary);
    }
    findings::refuse_read_only(session)?;

    let key = lock_key(session, &options.ledger);
    lock(session, key, options.lock_wait, &mut |waiting| {
        events(Event::Waiting(waiting));
    })
    .await?;
    // While we waited another migrator may have run some of them, or all.
    let found = ledger::read(session, &options.ledger).await?;
    let comparison = ledger::compare(files, &found);
    pending = verified(files, &comparison, last, options)?;
    summary.already = applied(&comparison);
    let mut prepared = prepared;
    prepared.retain(|p| pending.contains(&p.index));
    if options.keep_roles {
        prepare::leave_out_roles(&mut prepared, session).await?;
    }

    let result = if prepared.is_empty() {
        Ok(())
    } else {
        let mut runner = Runner {
            hygiene,
            options,
            ledger: found,
            runs: Runs::new(&options.ledger),
            past: Vec::new(),
            older: older(&comparison),
            summary: &mut summary,
        };
        if options.single_transaction {
            runner.all_at_once(session, &prepared, events).await
        } else {
            runner.all(session, &prepared, events).await
        }
    };
    let unlocked = give_back(session, key).await;
    result?;
    unlocked?;
    summary.took = started.elapsed();
    Ok(summary)
}

/// Runs SQL files in one transaction: seeds, wipes. All of them or none.
pub async fn exec(
    session: &mut Session,
    files: &[SourceFile],
    lock_timeout: Option<Duration>,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<Summary> {
    let started = Instant::now();
    let hygiene = Hygiene::begin(session, lock_timeout).await?;
    let prepared = prepare::scripts(files)?;
    let applied = transaction::scripts(session, &hygiene, &prepared, "", &[], events).await?;
    Ok(Summary {
        applied,
        took: started.elapsed(),
        ..Summary::default()
    })
}

/// What the functions that run one migration have in common.
struct Runner<'a> {
    hygiene: Hygiene,
    options: &'a MigrateOptions,
    ledger: Ledger,
    runs: Runs,
    /// Runs recorded before this one.
    past: Vec<Run>,
    /// Files that are older than what was applied.
    older: Vec<usize>,
    summary: &'a mut Summary,
}

impl Runner<'_> {
    async fn all(
        &mut self,
        session: &mut Session,
        prepared: &[Prepared<'_>],
        events: &mut (impl FnMut(Event) + ?Sized),
    ) -> Result<()> {
        self.make_room(session, events).await?;
        for (i, one) in prepared.iter().enumerate() {
            events(Event::MigrationStarted {
                tag: one.file.tag.clone(),
                number: i + 1,
                of: prepared.len(),
                statements: one.statements.len(),
            });
            let started = Instant::now();
            let result = if one.no_transaction {
                self.without_transaction(session, one, events).await
            } else {
                self.in_transaction(session, one, events).await
            };
            result.map_err(|failure| self.with_earlier(failure))?;
            let took = started.elapsed();
            events(Event::MigrationFinished {
                tag: one.file.tag.clone(),
                took,
            });
            self.note_order(session, one, events).await;
            self.summary.applied.push(one.applied(took));
        }
        Ok(())
    }

    /// Keeps that a file was run out of its order; it is done whatever becomes of the note.
    async fn note_order(
        &self,
        session: &mut Session,
        one: &Prepared<'_>,
        events: &mut (impl FnMut(Event) + ?Sized),
    ) {
        if !self.older.contains(&one.index) || !self.runs.available {
            return;
        }
        let note = self.runs.note(&Note {
            file: &one.file,
            text: "run out of order: --allow-out-of-order".to_owned(),
            is_done: true,
        });
        let note = self.runs.take_notes() + &note;
        if let Err(error) = session.execute(&note).await {
            events(Event::Warning(
                error.diagnostic("keeping that it was run out of order"),
            ));
        }
    }

    /// Creates ledger and record where they are missing; what exists needs no right to create.
    async fn make_room(
        &mut self,
        session: &mut Session,
        events: &mut (impl FnMut(Event) + ?Sized),
    ) -> Result<()> {
        let names = &self.options.ledger;
        let create = ledger::create(names, &self.ledger);
        if !create.is_empty() {
            transaction::at_once(session, &create)
                .await
                .map_err(|error| findings::no_ledger(session, names, &self.ledger, &error))?;
        }
        self.past = self.runs.read(session).await;
        if let Some(warning) = self.runs.create(session).await? {
            events(Event::Warning(warning));
        }
        Ok(())
    }

    /// A failure also tells what was done before it in the same run.
    fn with_earlier(&self, failure: Failure) -> Failure {
        let tags: Vec<_> = self
            .summary
            .applied
            .iter()
            .map(|applied| format!("`{}`", applied.tag))
            .collect();
        if tags.is_empty() {
            return failure;
        }
        let mut diagnostics = failure.into_diagnostics();
        diagnostics[0]
            .notes
            .push(format!("applied before it, and kept: {}", tags.join(", ")));
        Failure::new(diagnostics)
    }
}

/// Ends the lock; a lost connection has given it back already.
async fn give_back(session: &mut Session, key: LockKey) -> Result<()> {
    if session.is_closed() {
        return Ok(());
    }
    unlock(session, key).await
}

fn lock_key(session: &Session, names: &LedgerNames) -> LockKey {
    LockKey::ledger(&session.server().database, &names.schema, &names.table)
}

fn last_to_run(files: &[MigrationFile], to: Option<&str>) -> Result<usize> {
    let Some(to) = to else {
        return Ok(files.len());
    };
    match files.iter().position(|file| file.tag == to) {
        Some(at) => Ok(at + 1),
        None => Err(findings::no_such_tag(files, to).into()),
    }
}

/// Numbers of the files to run, once nothing speaks against it.
fn verified(
    files: &[MigrationFile],
    comparison: &Comparison,
    last: usize,
    options: &MigrateOptions,
) -> Result<Vec<usize>> {
    let mut errors = findings::errors(files, comparison);
    if options.allow_out_of_order {
        let allowed = [findings::OLDER, findings::ELSEWHERE];
        errors.retain(|error| !allowed.contains(&error.code));
    }
    if errors.iter().any(|error| error.severity == Severity::Error) {
        return Err(Failure::new(errors));
    }
    let runs = |state: &State| match state {
        State::Pending => true,
        State::Older(_) => options.allow_out_of_order,
        _ => false,
    };
    Ok((0..last).filter(|i| runs(&comparison.states[*i])).collect())
}

fn older(comparison: &Comparison) -> Vec<usize> {
    let states = comparison.states.iter().enumerate();
    let older = states.filter(|(_, state)| matches!(state, State::Older(_)));
    older.map(|(at, _)| at).collect()
}

fn applied(comparison: &Comparison) -> usize {
    comparison
        .states
        .iter()
        .filter(|state| state.is_applied())
        .count()
}

fn left(files: &[MigrationFile], comparison: &Comparison, last: usize) -> Vec<String> {
    (last..files.len())
        .filter(|i| comparison.states[*i] == State::Pending)
        .map(|i| files[i].tag.clone())
        .collect()
}
