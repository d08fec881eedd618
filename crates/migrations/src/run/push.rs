//! A plan that is run without being a migration.

use super::{Event, Hygiene, MigrateOptions, locked};
use driftless_catalog::{Batch, IN_PUBLIC, Plan};
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use driftless_postgres::{Place, QueryError, Session};

/// Runs a plan under the lock that migrators take, each batch in its transaction. Of the options,
/// those of the session and the lock count.
///
/// # Errors
/// Those of the lock, and the server's words to a statement with what of the plan is in the database.
pub async fn push(
    session: &mut Session,
    plan: &Plan,
    options: &MigrateOptions,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<()> {
    let key = locked::take(session, options, events).await?;
    let result = batches(session, plan, options).await;
    locked::end(session, key, result).await
}

async fn batches(session: &mut Session, plan: &Plan, options: &MigrateOptions) -> Result<()> {
    let hygiene = Hygiene::begin(session, options.lock_timeout).await?;
    let mut done = 0;
    for batch in plan.batches() {
        one(session, &batch, &hygiene)
            .await
            .map_err(|(sql, error)| stopped(&sql, &error, done, plan.steps.len()))?;
        done += batch.steps.len();
    }
    Ok(())
}

async fn one(
    session: &mut Session,
    batch: &Batch,
    hygiene: &Hygiene,
) -> std::result::Result<(), (String, QueryError)> {
    let at = |sql: &str| {
        let sql = sql.to_owned();
        move |error| (sql, error)
    };
    let reset = format!("{} {IN_PUBLIC}", hygiene.reset());
    session.execute(&reset).await.map_err(at(&reset))?;
    if batch.in_transaction {
        session.execute("BEGIN").await.map_err(at("BEGIN"))?;
    }
    for step in &batch.steps {
        session.execute(&step.sql).await.map_err(at(&step.sql))?;
    }
    if batch.in_transaction {
        session.execute("COMMIT").await.map_err(at("COMMIT"))?;
    }
    Ok(())
}

fn stopped(sql: &str, error: &QueryError, done: usize, all: usize) -> Diagnostic {
    let source = SourceFile::new("push.sql", sql);
    let place = Place {
        source: &source,
        range: 0..sql.len(),
    };
    let mut found = error.diagnostic_at(&place);
    found.message = format!("the plan was stopped: {}", found.message);
    let note = match done {
        0 => "nothing was changed".to_owned(),
        _ => format!(
            "the first {done} of {all} statements are in the database; what came after was rolled back"
        ),
    };
    found
        .note(note)
        .help("correct the schema or the rows, then push again: it goes on from what is there")
}
