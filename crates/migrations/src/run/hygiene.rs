//! Settings that a migrator's session needs, restored after every file.

use driftless_diagnostic::Result;
use driftless_postgres::{Session, identifier};
use std::time::Duration;

/// The settings, as SQL.
#[derive(Debug, Clone)]
pub(super) struct Hygiene {
    /// Back to the role we logged in as, or were told to become, every setting back to its default, then ours again.
    /// Files may `SET ROLE` or empty `search_path`, as every `pg_dump` does.
    reset: String,
    lock_timeout: Duration,
}

/// A server that notices a dead client stops its statement: otherwise the statement of a killed
/// migrator runs on, and keeps the lock.
const CHECK: &str = "SET client_connection_check_interval = 1000;";

impl Hygiene {
    pub(super) async fn begin(
        session: &mut Session,
        lock_timeout: Option<Duration>,
    ) -> Result<Self> {
        let lock_timeout = lock_timeout.unwrap_or_default();
        // row_security: without the right to see all rows, a backfill under FORCE ROW LEVEL SECURITY
        // would change no row and a new foreign key would check none; this way it is an error.
        let mut settings = format!(
            "SET row_security = off; SET statement_timeout = 0; \
             SET idle_in_transaction_session_timeout = 0; SET lock_timeout = {}; \
             SET client_min_messages = notice;",
            lock_timeout.as_millis()
        );
        let major = session.server().major();
        if major >= 14 {
            settings += "SET idle_session_timeout = 0;";
        }
        if major >= 17 {
            settings += "SET transaction_timeout = 0;";
        }
        session
            .execute(&settings)
            .await
            .map_err(|error| error.diagnostic("preparing the session"))?;
        // Not every platform can.
        if major >= 14 && session.execute(CHECK).await.is_ok() {
            settings += CHECK;
        }
        // By name, not RESET: a server in single-user mode takes RESET for nothing.
        let role = session.role().map_or_else(String::new, |role| {
            format!("SET ROLE {};", identifier(role))
        });
        let reset = format!(
            "SET SESSION AUTHORIZATION {}; RESET ROLE; RESET ALL; {role} {settings}",
            identifier(&session.server().user)
        );
        Ok(Self {
            reset,
            lock_timeout,
        })
    }

    /// SQL that undoes what a file did to the session.
    pub(super) fn reset(&self) -> &str {
        &self.reset
    }

    /// SQL for a statement that may wait as long as it takes: `lock_timeout` would leave half an
    /// index behind.
    pub(super) fn patient() -> &'static str {
        "SET lock_timeout = 0"
    }

    /// SQL that ends [`Self::patient`].
    pub(super) fn impatient(&self) -> String {
        format!("SET lock_timeout = {}", self.lock_timeout.as_millis())
    }
}
