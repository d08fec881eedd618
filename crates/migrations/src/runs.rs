//! Driftless's own record of every run, beside drizzle-orm's ledger: who, when, how far.

use crate::ledger::{LedgerNames, MigrationFile};
use crate::statements::split;
use driftless_diagnostic::{Diagnostic, Result};
use driftless_postgres::{QueryError, Session, identifier, literal};
use std::time::Duration;

/// One run of one migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// `id`.
    pub id: i64,
    /// Tag of the migration.
    pub migration: String,
    /// Hash of the file that was run.
    pub hash: String,
    /// When it began.
    pub started_at: String,
    /// When it was committed.
    pub finished_at: Option<String>,
    /// Statement that was begun last, from 1.
    pub statement: usize,
    /// Statements that are done for good; only without a transaction do they outlive a failure.
    pub done: usize,
    /// Hash over those statements.
    pub done_hash: Option<String>,
    /// Statements of the file.
    pub statements: usize,
    /// How long it took.
    pub duration_ms: Option<i64>,
    /// Role that ran it.
    pub by: String,
    /// Why it failed.
    pub error: Option<String>,
}

/// What is to be kept of a migration that was not run in its turn.
pub(crate) struct Note<'a> {
    pub(crate) file: &'a MigrationFile,
    /// `marked as applied: by hand`.
    pub(crate) text: String,
    /// Whether the migration is done with it.
    pub(crate) is_done: bool,
}

/// The table, and whether there is one to write to.
#[derive(Debug, Clone)]
pub(crate) struct Runs {
    qualified: String,
    pub(crate) available: bool,
}

const TABLE: &str = "__driftless_runs";

/// The table with its schema, quoted.
pub(crate) fn qualified(names: &LedgerNames) -> String {
    format!("{}.{}", identifier(&names.schema), identifier(TABLE))
}

impl Runs {
    pub(crate) fn new(names: &LedgerNames) -> Self {
        Self {
            qualified: qualified(names),
            available: false,
        }
    }

    /// Runs of the past, the youngest last; none when the table is missing or not ours to read.
    pub(crate) async fn read(&mut self, session: &Session) -> Vec<Run> {
        let sql = format!(
            "SELECT id, migration, hash, \
                    pg_catalog.to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), \
                    pg_catalog.to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), \
                    statement, done, done_hash, statements, duration_ms, by_whom, error \
             FROM {} ORDER BY id",
            self.qualified
        );
        let exists = session
            .texts(&format!(
                "SELECT pg_catalog.to_regclass({}) IS NOT NULL",
                literal(&self.qualified)
            ))
            .await
            .is_ok_and(|rows| rows == [[Some("t".to_owned())]]);
        if !exists {
            return Vec::new();
        }
        let Ok(rows) = session.texts(&sql).await else {
            return Vec::new();
        };
        self.available = true;
        rows.into_iter().map(run).collect()
    }

    /// Creates the table where it is missing. Not being allowed to is no reason to stop.
    pub(crate) async fn create(&mut self, session: &mut Session) -> Result<Option<Diagnostic>> {
        if self.available {
            return Ok(None);
        }
        let sql = format!(
            "CREATE TABLE IF NOT EXISTS {} (\
             id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
             migration text NOT NULL, \
             hash text NOT NULL, \
             started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(), \
             finished_at timestamptz, \
             statement integer NOT NULL DEFAULT 0, \
             done integer NOT NULL DEFAULT 0, \
             done_hash text, \
             statements integer NOT NULL, \
             duration_ms bigint, \
             version text NOT NULL, \
             by_whom text NOT NULL DEFAULT session_user, \
             error text, \
             note text)",
            self.qualified
        );
        match session.execute(&sql).await {
            Ok(()) => {
                self.available = true;
                Ok(None)
            }
            Err(error) if error.code() == Some("42501") => Ok(Some(
                Diagnostic::warning(
                    "runs-not-recorded",
                    format!(
                        "how far each migration gets is not recorded: `{}` may not create {}",
                        session.server().user,
                        self.qualified
                    ),
                )
                .help(format!(
                    "GRANT CREATE, USAGE ON SCHEMA {} TO {}",
                    self.qualified.split('.').next().unwrap_or_default(),
                    session.server().user
                )),
            )),
            Err(error) => Err(error
                .diagnostic(&format!("creating {}", self.qualified))
                .into()),
        }
    }

    /// Writes that a run begins, in a transaction of its own; its id, when there is a table.
    pub(crate) async fn start(
        &self,
        session: &Session,
        file: &MigrationFile,
        statements: usize,
        version: &str,
    ) -> Result<Option<i64>> {
        if !self.available {
            return Ok(None);
        }
        let rows = session
            .texts(&self.insert(file, statements, version))
            .await
            .map_err(|error| self.unwritable(session, &error))?;
        Ok(id(&rows))
    }

    /// The same, and the run's transaction begins. What is rolled back with the server needs no
    /// record, so nobody waits for the disk; the run's own commit takes the record along.
    pub(crate) async fn start_and_begin(
        &self,
        session: &mut Session,
        file: &MigrationFile,
        statements: usize,
        version: &str,
    ) -> Result<Option<i64>> {
        let mut sql = "BEGIN".to_owned();
        if self.available {
            let insert = self.insert(file, statements, version);
            sql = format!("BEGIN; SET LOCAL synchronous_commit = off; {insert}; COMMIT; {sql}");
        }
        match session.texts(&sql).await {
            Ok(rows) => Ok(id(&rows)),
            Err(error) => {
                // The first error is the one that counts.
                let _ = session.execute("ROLLBACK").await;
                Err(self.unwritable(session, &error).into())
            }
        }
    }

    fn insert(&self, file: &MigrationFile, statements: usize, version: &str) -> String {
        format!(
            "INSERT INTO {} (migration, hash, statements, version) \
             VALUES ({}, {}, {statements}, {}) RETURNING id",
            self.qualified,
            literal(&file.tag),
            literal(&file.hash()),
            literal(version),
        )
    }

    /// SQL for the migration's own transaction: it is done.
    pub(crate) fn finish(&self, id: Option<i64>, statements: usize, took: Duration) -> String {
        let Some(id) = id else {
            return String::new();
        };
        format!(
            "UPDATE {} SET finished_at = pg_catalog.clock_timestamp(), statement = {statements}, \
             done = {statements}, duration_ms = {}, error = NULL WHERE id = {id};",
            self.qualified,
            took.as_millis(),
        )
    }

    /// SQL: a statement begins, or (with the hash of all that are done) is done.
    pub(crate) fn progress(
        &self,
        id: i64,
        statement: usize,
        done: Option<(usize, &str)>,
    ) -> String {
        let done = done.map_or(String::new(), |(done, hash)| {
            format!(", done = {done}, done_hash = {}", literal(hash))
        });
        format!(
            "UPDATE {} SET statement = {statement}{done} WHERE id = {id};",
            self.qualified
        )
    }

    /// SQL: it failed at a statement, from 1.
    pub(crate) fn fail(
        &self,
        id: Option<i64>,
        statement: usize,
        took: Duration,
        error: &str,
    ) -> String {
        let Some(id) = id else {
            return String::new();
        };
        format!(
            "UPDATE {} SET statement = {statement}, duration_ms = {}, error = {} WHERE id = {id};",
            self.qualified,
            took.as_millis(),
            literal(error),
        )
    }

    /// SQL for a table that is older than its column for notes.
    pub(crate) fn take_notes(&self) -> String {
        if !self.available {
            return String::new();
        }
        format!(
            "ALTER TABLE {} ADD COLUMN IF NOT EXISTS note text;",
            self.qualified
        )
    }

    /// SQL that keeps what was said of a migration; nothing where there is no table.
    pub(crate) fn note(&self, note: &Note<'_>) -> String {
        if !self.available {
            return String::new();
        }
        let finished = if note.is_done {
            "pg_catalog.clock_timestamp()"
        } else {
            "NULL"
        };
        format!(
            "INSERT INTO {} (migration, hash, finished_at, statements, version, note) \
             VALUES ({}, {}, {finished}, {}, {}, {});",
            self.qualified,
            literal(&note.file.tag),
            literal(&note.file.hash()),
            split(&note.file.source).statements.len(),
            literal(env!("CARGO_PKG_VERSION")),
            literal(&note.text),
        )
    }

    fn unwritable(&self, session: &Session, error: &QueryError) -> Diagnostic {
        error
            .diagnostic(&format!("recording the run in {}", self.qualified))
            .help(format!(
                "GRANT SELECT, INSERT, UPDATE ON {} TO {}",
                self.qualified,
                session.server().user
            ))
    }
}

fn id(rows: &[Vec<Option<String>>]) -> Option<i64> {
    rows.first()?.first()?.as_ref()?.parse().ok()
}

fn run(row: Vec<Option<String>>) -> Run {
    let mut row = row.into_iter();
    let mut next = || row.next().flatten();
    Run {
        id: number(next()),
        migration: next().unwrap_or_default(),
        hash: next().unwrap_or_default(),
        started_at: next().unwrap_or_default(),
        finished_at: next(),
        statement: number(next()),
        done: number(next()),
        done_hash: next(),
        statements: number(next()),
        duration_ms: next().and_then(|text| text.parse().ok()),
        by: next().unwrap_or_default(),
        error: next(),
    }
}

fn number<T: std::str::FromStr + Default>(text: Option<String>) -> T {
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}
