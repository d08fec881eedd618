//! A database that has the schema already gets its ledger: recorded, nothing is run.

use super::{Event, Hygiene, MigrateOptions, findings, give_back, lock_key};
use crate::ledger::{self, Ledger, LedgerNames, MigrationFile, State};
use crate::runs::{Note, Runs};
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::{QueryError, Session, lock};

/// Records migrations as applied without running them, all or none; returns the tags, in order.
///
/// `files` are the first migrations of the folder. That the database is what they make of it has to
/// be proven before: here only the ledger is looked at. One that holds exactly these rows already
/// is left alone, and no tag is returned. Of the options, `to`, `lock_timeout` and `lock_retries`
/// have no meaning here.
///
/// # Errors
/// `ledger-has-rows` where the ledger holds anything else, `pooled-connection`, `read-only-server`,
/// `locked`, `no-create-right`, and what the server says to the rows; nothing is recorded then.
pub async fn baseline(
    session: &mut Session,
    files: &[MigrationFile],
    options: &MigrateOptions,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<Vec<String>> {
    findings::refuse_pooler(session, options.allow_pooler)?;
    let names = &options.ledger;
    if is_recorded(session, files, names).await? {
        return Ok(Vec::new());
    }
    let tags = || files.iter().map(|file| file.tag.clone()).collect();
    if options.dry_run {
        return Ok(tags());
    }
    findings::refuse_read_only(session)?;
    Hygiene::begin(session, options.lock_timeout).await?;
    let key = lock_key(session, names);
    lock(session, key, options.lock_wait, &mut |waiting| {
        events(Event::Waiting(waiting));
    })
    .await?;
    let result = under_lock(session, files, options, events).await;
    let unlocked = give_back(session, key).await;
    let recorded = result?;
    unlocked?;
    Ok(if recorded { tags() } else { Vec::new() })
}

/// Whether the ledger holds these migrations as they are, and nothing else; false where it is
/// missing or empty.
///
/// # Errors
/// `ledger-has-rows` where it holds anything else, and what the server says to being read.
pub async fn is_recorded(
    session: &Session,
    files: &[MigrationFile],
    names: &LedgerNames,
) -> Result<bool> {
    let found = ledger::read(session, names).await?;
    holds(&found, files, names)
}

fn holds(found: &Ledger, files: &[MigrationFile], names: &LedgerNames) -> Result<bool> {
    if found.rows.is_empty() {
        return Ok(false);
    }
    let comparison = ledger::compare(files, found);
    let as_they_are = |state: &State| matches!(state, State::Applied(_));
    if comparison.unknown.is_empty()
        && comparison.duplicates.is_empty()
        && comparison.states.iter().all(as_they_are)
    {
        return Ok(true);
    }
    let rows = findings::count(found.rows.len(), "row");
    let known = comparison.states.iter().filter(|state| state.is_applied());
    Err(Diagnostic::error(
        "ledger-has-rows",
        format!(
            "nothing was recorded: the ledger {} holds {rows} already, and a baseline begins one",
            names.qualified()
        ),
    )
    .note(format!(
        "it has {} of {} to record",
        known.count(),
        findings::count(files.len(), "migration")
    ))
    .help("`driftless status` compares it with the folder, `driftless migrate` goes on with it")
    .into())
}

/// Whether something had to be recorded.
async fn under_lock(
    session: &mut Session,
    files: &[MigrationFile],
    options: &MigrateOptions,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<bool> {
    // While we waited somebody may have migrated, or recorded the same.
    let found = ledger::read(session, &options.ledger).await?;
    if holds(&found, files, &options.ledger)? {
        return Ok(false);
    }
    let result = record(session, files, &found, options, events).await;
    if result.is_err() && !session.is_closed() {
        // The error that counts is the first one.
        let _ = session.execute("ROLLBACK").await;
    }
    result.map(|()| true)
}

/// Ledger, record of runs and their rows, in one transaction.
async fn record(
    session: &mut Session,
    files: &[MigrationFile],
    found: &Ledger,
    options: &MigrateOptions,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<()> {
    let names = &options.ledger;
    let failed = |error: QueryError| error.diagnostic("recording the migrations");
    let mut runs = Runs::new(names);
    runs.read(session).await;
    session.execute("BEGIN").await.map_err(failed)?;
    let create = ledger::create(names, found);
    if !create.is_empty() {
        let created = session.execute(&create).await;
        created.map_err(|error| findings::no_ledger(session, names, found, &error))?;
    }
    // Who may write the ledger need not be allowed to make a table beside it.
    session.execute("SAVEPOINT runs").await.map_err(failed)?;
    if let Some(warning) = runs.create(session).await? {
        let back = session.execute("ROLLBACK TO SAVEPOINT runs").await;
        back.map_err(failed)?;
        events(Event::Warning(warning));
    }
    let rows = files.iter().map(|file| {
        let note = Note {
            file,
            text: "baseline".to_owned(),
            is_done: true,
        };
        runs.note(&note) + &ledger::insert(names, found, file)
    });
    let rows = runs.take_notes() + &rows.collect::<String>();
    session.execute(&rows).await.map_err(failed)?;
    session.execute("COMMIT").await.map_err(failed)?;
    Ok(())
}
