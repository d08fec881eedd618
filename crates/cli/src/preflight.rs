//! Rows that a change would stop at, looked for before it is run.

use driftless_catalog::{Catalog, Probe, probes};
use driftless_diagnostic::Diagnostic;
use driftless_postgres::Session;
use driftless_report::count;
use serde::Serialize;

use crate::exit::Result;

/// How many keys are shown.
const SHOWN: usize = 5;

/// Rows that stand in the way of one change.
#[derive(Serialize)]
pub(crate) struct Found {
    pub(crate) what: String,
    pub(crate) rows: u64,
    /// Keys of the first of them.
    pub(crate) keys: Vec<String>,
    /// The query that finds them all.
    pub(crate) sql: String,
}

/// Asks every question that the way from one schema to another raises; those that are answered
/// with no row, and those that the database cannot be asked, are left out.
pub(crate) async fn look(
    session: &mut Session,
    from: &Catalog,
    to: &Catalog,
) -> Result<(Vec<Found>, Vec<Diagnostic>)> {
    let (mut found, mut told) = (Vec::new(), Vec::new());
    for probe in probes(from, to) {
        match ask(session, &probe).await {
            Ok(Some(one)) => found.push(one),
            Ok(None) => {}
            Err(error) => told.push(
                Diagnostic::warning(
                    "not-looked-for",
                    format!("{} were not looked for: {error}", probe.what),
                )
                .note(probe.sql)
                .help("ask yourself with that query"),
            ),
        }
    }
    Ok((found, told))
}

async fn ask(
    session: &Session,
    probe: &Probe,
) -> std::result::Result<Option<Found>, driftless_postgres::QueryError> {
    let there = session
        .texts(&format!("SELECT EXISTS ({})", probe.sql))
        .await?;
    if there != [[Some("t".to_owned())]] {
        return Ok(None);
    }
    let counted = session
        .texts(&format!("SELECT count(*) FROM ({}) x", probe.sql))
        .await?;
    let rows = counted
        .first()
        .and_then(|row| row[0].as_ref()?.parse().ok());
    let keys = session
        .texts(&format!("{} LIMIT {SHOWN}", probe.sql))
        .await?;
    Ok(Some(Found {
        what: probe.what.clone(),
        rows: rows.unwrap_or(1),
        keys: keys.into_iter().flatten().flatten().collect(),
        sql: probe.sql.clone(),
    }))
}

/// `3 rows: NULL in users.email`, as a finding.
pub(crate) fn finding(found: &Found) -> Diagnostic {
    let more = found.rows.saturating_sub(found.keys.len() as u64);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let number = usize::try_from(found.rows).unwrap_or(usize::MAX);
    Diagnostic::error(
        "rows-in-the-way",
        format!("{}: {}", count(number, "row"), found.what),
    )
    .note(format!("keys: {}{more}", found.keys.join("; ")))
    .note(found.sql.clone())
    .help(
        "correct these rows first, or in a migration before; one that is pending already may do so",
    )
}
