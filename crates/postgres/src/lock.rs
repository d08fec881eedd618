//! One migrator at a time: an advisory lock on the session that runs the statements.
//!
//! Polled, never waited for inside the server: a waiting `pg_advisory_lock` holds a snapshot, and
//! the owner's `CREATE INDEX CONCURRENTLY` would wait for that snapshot for ever.

use crate::error::QueryError;
use crate::session::Session;
use driftless_diagnostic::{Diagnostic, Result};
use std::fmt;
use std::time::{Duration, Instant};

/// Two numbers, as `pg_try_advisory_lock(int, int)` takes them. Advisory locks are per database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockKey(i32, i32);

/// Somebody else has the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who, where the server tells us.
    pub holder: Option<Holder>,
    /// How long we have waited so far.
    pub waited: Duration,
}

/// The session that has the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its server process.
    pub pid: i32,
    /// Its role.
    pub user: Option<String>,
    /// Its `application_name`.
    pub application: Option<String>,
    /// Address it comes from.
    pub address: Option<String>,
    /// When it connected.
    pub since: Option<String>,
    /// What it does: `active`, `idle in transaction`...
    pub state: Option<String>,
}

impl LockKey {
    /// `drft`: tells our locks in `pg_locks` from those of applications.
    const CLASS: i32 = 0x6472_6674;

    /// The lock of one ledger.
    pub fn ledger(database: &str, schema: &str, table: &str) -> Self {
        Self(Self::CLASS, hash(&[database, schema, table]))
    }
}

/// FNV-1a: the same number in every version of Driftless, whatever the machine.
fn hash(parts: &[&str]) -> i32 {
    let mut hash: u32 = 0x811c_9dc5;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    hash.cast_signed()
}

/// Takes the lock, for at most `limit` if one is given. `on_wait` hears of each second of waiting.
pub async fn lock(
    session: &Session,
    key: LockKey,
    limit: Option<Duration>,
    on_wait: &mut (impl FnMut(Waiting) + ?Sized),
) -> Result<()> {
    const LONGEST_PAUSE: Duration = Duration::from_secs(1);
    let started = Instant::now();
    let mut pause = Duration::from_millis(50);
    let mut told: Option<Instant> = None;
    loop {
        if try_lock(session, key)
            .await
            .map_err(|error| error.diagnostic("taking the migration lock"))?
        {
            return Ok(());
        }
        let expired = limit.is_some_and(|limit| started.elapsed() >= limit);
        if expired || told.is_none_or(|told| told.elapsed() >= LONGEST_PAUSE) {
            let waiting = Waiting {
                holder: holder(session, key).await,
                waited: started.elapsed(),
            };
            if expired {
                return Err(locked(&waiting).into());
            }
            on_wait(waiting);
            told = Some(Instant::now());
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Gives the lock back; closing the session does so as well.
pub async fn unlock(session: &Session, key: LockKey) -> Result<()> {
    let LockKey(class, object) = key;
    session
        .texts(&format!(
            "SELECT pg_catalog.pg_advisory_unlock({class}, {object})"
        ))
        .await
        .map_err(|error| error.diagnostic("releasing the migration lock"))?;
    Ok(())
}

async fn try_lock(session: &Session, key: LockKey) -> std::result::Result<bool, QueryError> {
    let LockKey(class, object) = key;
    let rows = session
        .texts(&format!(
            "SELECT pg_catalog.pg_try_advisory_lock({class}, {object})"
        ))
        .await?;
    Ok(first(&rows).is_some_and(|taken| taken == "t"))
}

/// Best effort: the views show less to roles without `pg_read_all_stats`, and the holder may have
/// gone in the meantime.
async fn holder(session: &Session, key: LockKey) -> Option<Holder> {
    let LockKey(class, object) = key;
    let sql = format!(
        "SELECT l.pid, a.usename, a.application_name, a.client_addr, \
                pg_catalog.to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'), a.state \
         FROM pg_catalog.pg_locks l \
         LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 \
           AND l.classid::pg_catalog.int8 = {class} \
           AND l.objid::pg_catalog.int8 = {} \
           AND l.database = (SELECT oid FROM pg_catalog.pg_database \
                             WHERE datname = pg_catalog.current_database())",
        object.cast_unsigned(),
    );
    let rows = session.texts(&sql).await.ok()?;
    Holder::from_row(rows.into_iter().next()?)
}

impl Holder {
    /// Columns in the order of the fields.
    pub(crate) fn from_row(row: Vec<Option<String>>) -> Option<Self> {
        let mut row = row.into_iter();
        let mut next = || row.next().flatten().filter(|text| !text.is_empty());
        Some(Self {
            pid: next()?.parse().ok()?,
            user: next(),
            application: next(),
            address: next(),
            since: next(),
            state: next(),
        })
    }
}

fn first(rows: &[Vec<Option<String>>]) -> Option<&str> {
    rows.first()?.first()?.as_deref()
}

fn locked(waiting: &Waiting) -> Diagnostic {
    let seconds = waiting.waited.as_secs();
    let diagnostic = Diagnostic::error(
        "locked",
        format!(
            "nothing was migrated: another migration has held the lock for the {seconds} s that we waited"
        ),
    );
    match &waiting.holder {
        Some(holder) => diagnostic
            .note(format!("the lock is held by {holder}"))
            .help(format!(
                "wait for it, or end it with `SELECT pg_terminate_backend({})`",
                holder.pid
            )),
        None => diagnostic.help("try again"),
    }
}

/// `pid 4711, user app, application driftless, connected since 2026-01-31 12:00:00 UTC`
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}", self.pid)?;
        for (what, value) in [
            ("user", &self.user),
            ("application", &self.application),
            ("from", &self.address),
            ("connected since", &self.since),
        ] {
            if let Some(value) = value {
                write!(f, ", {what} {value}")?;
            }
        }
        match &self.state {
            Some(state) => write!(f, ", {state}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_never_changes() {
        assert_eq!(
            LockKey::ledger("app", "drizzle", "__drizzle_migrations"),
            LockKey(
                1_685_218_932,
                hash(&["app", "drizzle", "__drizzle_migrations"])
            )
        );
        assert_eq!(hash(&["a"]), 0x2b24_d044_u32.cast_signed());
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }

    #[test]
    fn a_holder_is_one_line_of_what_is_known() {
        let mut holder = Holder {
            pid: 7,
            user: Some("app".into()),
            application: None,
            address: None,
            since: Some("noon".into()),
            state: Some("idle in transaction".into()),
        };
        assert_eq!(
            holder.to_string(),
            "pid 7, user app, connected since noon, idle in transaction"
        );
        holder.state = None;
        holder.user = None;
        holder.since = None;
        assert_eq!(holder.to_string(), "pid 7");
    }
}
