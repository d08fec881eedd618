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
const CHECK: &str = "client_connection_check_interval";

/// All in one statement, which takes the server a third of the time of a SET each.
fn set(settings: &[(&str, String)]) -> String {
    let calls: Vec<String> = settings
        .iter()
        .map(|(name, value)| format!("pg_catalog.set_config('{name}', '{value}', false)"))
        .collect();
    format!("SELECT {};", calls.join(", "))
}

impl Hygiene {
    pub(super) async fn begin(
        session: &mut Session,
        lock_timeout: Option<Duration>,
    ) -> Result<Self> {
        let lock_timeout = lock_timeout.unwrap_or_default();
        // row_security: without the right to see all rows, a backfill under FORCE ROW LEVEL SECURITY
        // would change no row and a new foreign key would check none; this way it is an error.
        let mut settings = vec![
            ("row_security", "off".to_owned()),
            ("statement_timeout", "0".to_owned()),
            ("idle_in_transaction_session_timeout", "0".to_owned()),
            ("lock_timeout", lock_timeout.as_millis().to_string()),
            ("client_min_messages", "notice".to_owned()),
        ];
        let major = session.server().major();
        if major >= 14 {
            settings.push(("idle_session_timeout", "0".to_owned()));
        }
        if major >= 17 {
            settings.push(("transaction_timeout", "0".to_owned()));
        }
        session
            .execute(&set(&settings))
            .await
            .map_err(|error| error.diagnostic("preparing the session"))?;
        // Not every platform can.
        let check = [(CHECK, "1000".to_owned())];
        if major >= 14 && session.execute(&set(&check)).await.is_ok() {
            settings.extend(check);
        }
        let settings = set(&settings);
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
