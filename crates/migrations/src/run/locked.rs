//! The lock around what changes a database and is no migration.

use super::{Event, MigrateOptions, findings, give_back, lock_key};
use driftless_diagnostic::Result;
use driftless_postgres::{LockKey, Session, lock};

/// Takes the lock of migrators, through no pooler and where something can be written.
pub(super) async fn take(
    session: &mut Session,
    options: &MigrateOptions,
    events: &mut (impl FnMut(Event) + ?Sized),
) -> Result<LockKey> {
    findings::refuse_pooler(session, options.allow_pooler)?;
    findings::refuse_read_only(session)?;
    let key = lock_key(session, &options.ledger);
    lock(session, key, options.lock_wait, &mut |waiting| {
        events(Event::Waiting(waiting));
    })
    .await?;
    Ok(key)
}

/// Rolls back what failed, and gives the lock back. The error that counts is the first one.
pub(super) async fn end<T>(session: &mut Session, key: LockKey, result: Result<T>) -> Result<T> {
    if result.is_err() && !session.is_closed() {
        let _ = session.execute("ROLLBACK").await;
    }
    let unlocked = give_back(session, key).await;
    let done = result?;
    unlocked?;
    Ok(done)
}
