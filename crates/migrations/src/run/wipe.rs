//! Takes out what a project has made of a database, its ledger included: all or nothing.

use super::{Event, Hygiene, MigrateOptions, locked};
use driftless_catalog::{IN_PUBLIC, Plan};
use driftless_diagnostic::{Diagnostic, Result, SourceFile};
use driftless_postgres::{Place, QueryError, Session, identifier, literal};

/// Runs a plan that drops, then drops the ledger, and its schema if nothing else is in it; in one
/// transaction, under the lock that migrators take.
///
/// # Errors
/// Those of the lock, and the server's words to a statement; nothing is dropped then.
pub async fn wipe(
    session: &mut Session,
    plan: &Plan,
    options: &MigrateOptions,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<()> {
    let key = locked::take(session, options, events).await?;
    let result = drop_all(session, plan, options).await;
    locked::end(session, key, result).await
}

async fn drop_all(session: &mut Session, plan: &Plan, options: &MigrateOptions) -> Result<()> {
    let failed = |error: QueryError| error.diagnostic("emptying the database");
    Hygiene::begin(session, options.lock_timeout).await?;
    session.execute(IN_PUBLIC).await.map_err(failed)?;
    session.execute("BEGIN").await.map_err(failed)?;
    for step in &plan.steps {
        let result = session.execute(&step.sql).await;
        result.map_err(|error| in_the_way(&step.sql, &error))?;
    }
    let names = &options.ledger;
    let tables = names.tables().join(", ");
    let dropped = session
        .execute(&format!("DROP TABLE IF EXISTS {tables}"))
        .await;
    dropped.map_err(failed)?;
    let empty = format!(
        "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_depend WHERE refobjid = n.oid \
         AND refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass) \
         FROM pg_catalog.pg_namespace n WHERE nspname = {} AND nspname <> 'public' \
         AND pg_catalog.pg_has_role(nspowner, 'USAGE')",
        literal(&names.schema)
    );
    let empty = session.texts(&empty).await.map_err(failed)?;
    if empty == [[Some("t".to_owned())]] {
        let schema = identifier(&names.schema);
        let dropped = session.execute(&format!("DROP SCHEMA {schema}")).await;
        dropped.map_err(failed)?;
    }
    session.execute("COMMIT").await.map_err(failed)?;
    // Migrations that follow go where the session's own path leads.
    session.execute("RESET search_path").await.map_err(failed)?;
    Ok(())
}

fn in_the_way(sql: &str, error: &QueryError) -> Diagnostic {
    let source = SourceFile::new("reset.sql", sql);
    let place = Place {
        source: &source,
        range: 0..sql.len(),
    };
    let mut found = error.diagnostic_at(&place);
    found.message = format!("nothing was dropped: {}", found.message);
    found.help("what is not the project's and needs this has to go first")
}
