//! What a database was filled in with, so that it is not filled in twice.

use crate::ledger::LedgerNames;
use driftless_diagnostic::Result;
use driftless_postgres::{QueryError, Session, identifier, literal};
use std::collections::BTreeMap;

const TABLE: &str = "__driftless_seeds";

/// The table with its schema, quoted.
pub(crate) fn qualified(names: &LedgerNames) -> String {
    format!("{}.{}", identifier(&names.schema), identifier(TABLE))
}

/// SQL that makes the table where it is missing.
pub(crate) fn create(names: &LedgerNames) -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {} (\
         name text PRIMARY KEY, \
         hash text NOT NULL, \
         seeded_at timestamptz NOT NULL, \
         by_whom text NOT NULL);",
        qualified(names)
    )
}

/// SQL that keeps that a seed was run.
pub(crate) fn record(names: &LedgerNames, name: &str, hash: &str) -> String {
    format!(
        "INSERT INTO {} VALUES ({}, {}, pg_catalog.clock_timestamp(), session_user) \
         ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, seeded_at = excluded.seeded_at, \
         by_whom = excluded.by_whom;",
        qualified(names),
        literal(name),
        literal(hash)
    )
}

/// Hashes of the seeds that were run, by name; none where there is no table.
pub(crate) async fn read(
    session: &Session,
    names: &LedgerNames,
) -> Result<BTreeMap<String, String>> {
    let failed = |error: QueryError| error.diagnostic("reading which seeds were run");
    let there = session
        .texts(&format!(
            "SELECT pg_catalog.to_regclass({}) IS NOT NULL",
            literal(&qualified(names))
        ))
        .await
        .map_err(failed)?;
    if there != [[Some("t".to_owned())]] {
        return Ok(BTreeMap::new());
    }
    let rows = session
        .texts(&format!("SELECT name, hash FROM {}", qualified(names)))
        .await
        .map_err(failed)?;
    let pair = |row: Vec<Option<String>>| {
        let mut row = row.into_iter().flatten();
        Some((row.next()?, row.next()?))
    };
    Ok(rows.into_iter().filter_map(pair).collect())
}
