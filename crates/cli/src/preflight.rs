//! Rows that a change would stop at, looked for before it is run.

use driftless_catalog::{Answer, Catalog, Probe, probes};
use driftless_diagnostic::Diagnostic;
use driftless_postgres::{QueryError, Session};
use driftless_report::count;
use serde::Serialize;

use crate::exit::Result;

/// How many keys are shown.
const SHOWN: usize = 5;

/// Rows that stand in the way of one change.
#[derive(Serialize)]
pub(crate) struct Found {
    pub(crate) what: String,
    /// How many; not known of values that only the server's refusal tells of.
    pub(crate) rows: Option<u64>,
    /// Keys of the first of them.
    pub(crate) keys: Vec<String>,
    /// The server's words to the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<String>,
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

async fn ask(session: &Session, probe: &Probe) -> std::result::Result<Option<Found>, QueryError> {
    if probe.answer == Answer::Failure {
        return attempt(session, probe).await;
    }
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
        rows,
        keys: keys.into_iter().flatten().flatten().collect(),
        refusal: None,
        sql: probe.sql.clone(),
    }))
}

async fn attempt(
    session: &Session,
    probe: &Probe,
) -> std::result::Result<Option<Found>, QueryError> {
    match session.texts(&probe.sql).await {
        Ok(_) => Ok(None),
        // A value that does not fit, not a query that cannot be asked.
        Err(error) if error.code().is_some_and(|code| code.starts_with("22")) => Ok(Some(Found {
            what: probe.what.clone(),
            rows: None,
            keys: Vec::new(),
            refusal: Some(error.message()),
            sql: probe.sql.clone(),
        })),
        Err(error) => Err(error),
    }
}

/// `3 rows: NULL in users.email`, as a finding.
pub(crate) fn finding(found: &Found) -> Diagnostic {
    let number = match found.rows {
        Some(rows) => count(usize::try_from(rows).unwrap_or(usize::MAX), "row"),
        None => "at least 1 row".to_owned(),
    };
    let mut finding = Diagnostic::error("rows-in-the-way", format!("{number}: {}", found.what));
    if let Some(refusal) = &found.refusal {
        finding = finding.note(format!("the server says to the first of them: {refusal}"));
    }
    if !found.keys.is_empty() {
        let shown = found.keys.len() as u64;
        let more = match found.rows.unwrap_or_default().saturating_sub(shown) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        finding = finding.note(format!("keys: {}{more}", found.keys.join("; ")));
    }
    finding.note(found.sql.clone()).help(
        "correct these rows first, or in a migration before; one that is pending already may do so",
    )
}
