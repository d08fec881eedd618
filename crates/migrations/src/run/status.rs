//! What is applied and what is not, from reading alone.

use super::findings;
use crate::ledger::{self, LedgerNames, LedgerRow, MigrationFile, State};
use crate::runs::{Run, Runs};
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::Session;

/// Reads the state of every file; needs no right but to read the ledger, and no ledger.
pub async fn status(
    session: &Session,
    files: &[MigrationFile],
    names: &LedgerNames,
) -> Result<Status> {
    let found = ledger::read(session, names).await?;
    let comparison = ledger::compare(files, &found);
    let mut runs = Runs::new(names);
    let past = if found.exists {
        runs.read(session).await
    } else {
        Vec::new()
    };
    let mut findings: Vec<_> = findings::errors(files, &comparison);
    findings.extend(findings::warnings(files, &comparison));
    let migrations: Vec<MigrationStatus> = files
        .iter()
        .zip(&comparison.states)
        .map(|(file, state)| {
            let last_run = last_run(file, state, &past);
            let recorded = last_run.and_then(|run| run.finished_at.clone());
            let applied_at = match state {
                State::Applied(row) | State::Edited(row, _) => {
                    recorded.or_else(|| row.applied_at.clone())
                }
                State::Replacing(found) => found.rows.last().and_then(|row| row.applied_at.clone()),
                State::Pending | State::Older(_) => None,
            };
            MigrationStatus {
                tag: file.tag.clone(),
                state: state.clone(),
                applied_at,
                last_run: last_run.cloned(),
            }
        })
        .collect();
    findings.extend(migrations.iter().filter_map(MigrationStatus::half_run));
    Ok(Status {
        ledger_exists: found.exists,
        migrations,
        unknown: comparison.unknown,
        findings,
    })
}

/// State of every file, from reading alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whether the ledger's table is there.
    pub ledger_exists: bool,
    /// One per file, in the same order.
    pub migrations: Vec<MigrationStatus>,
    /// Rows of the ledger that no file stands for.
    pub unknown: Vec<LedgerRow>,
    /// What a person should know about ledger and folder, errors first: `migrate` would stop at
    /// the errors.
    pub findings: Vec<Diagnostic>,
}

/// State of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its tag.
    pub tag: String,
    /// What the ledger says.
    pub state: State,
    /// When it was run, if anybody recorded that: 0.x of drizzle-orm does not.
    pub applied_at: Option<String>,
    /// The youngest run that Driftless recorded.
    pub last_run: Option<Run>,
}

impl MigrationStatus {
    /// How many statements are done of one that stopped half way.
    pub fn done_in_part(&self) -> Option<usize> {
        let run = self.last_run.as_ref()?;
        let stopped = run.finished_at.is_none() && run.done > 0;
        (stopped && self.state == State::Pending).then_some(run.done)
    }

    fn half_run(&self) -> Option<Diagnostic> {
        let done = self.done_in_part()?;
        let of = self.last_run.as_ref().map_or(0, |run| run.statements);
        let tag = &self.tag;
        Some(
            Diagnostic::warning(
                "half-run",
                format!("`{tag}` stopped half way: {done} of its {of} statements are done"),
            )
            .help("`driftless migrate` goes on with it, `driftless repair` shows other ways"),
        )
    }
}

/// Of a migration that is there as those that it replaces, the last of theirs.
fn last_run<'r>(file: &MigrationFile, state: &State, past: &'r [Run]) -> Option<&'r Run> {
    let of = |tag: &str| past.iter().rev().find(|run| run.migration == tag);
    let replaced = || match (state, &file.recorded) {
        (State::Replacing(_), Some(recorded)) => of(&recorded.replaces.last()?.tag),
        _ => None,
    };
    of(&file.tag).or_else(replaced)
}
