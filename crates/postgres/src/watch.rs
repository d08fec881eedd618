//! Who stands in the way of a statement that waits, seen over a connection of its own.

use crate::connect::connect;
use crate::lock::Holder;
use crate::options::ConnectOptions;
use crate::session::Session;
use std::time::Duration;

/// Asks now and then whom a server process waits for.
pub(crate) struct Watch {
    options: ConnectOptions,
    pid: i32,
    session: Option<Session>,
}

/// How long a statement runs before anybody asks, and how long until the next time.
const EVERY: Duration = Duration::from_secs(1);

impl Watch {
    pub(crate) fn new(options: &ConnectOptions, pid: i32) -> Self {
        Self {
            options: options.clone(),
            pid,
            session: None,
        }
    }

    /// Waits a moment, then asks. Nobody where the server cannot be asked: a statement never fails
    /// for want of an answer.
    pub(crate) async fn look(mut self) -> (Self, Vec<Holder>) {
        tokio::time::sleep(EVERY).await;
        if self.options.serves_one {
            return (self, Vec::new());
        }
        if self.session.is_none() {
            self.session = Box::pin(connect(&self.options)).await.ok();
        }
        let holders = match &self.session {
            Some(session) => holders(session, self.pid).await,
            None => Vec::new(),
        };
        (self, holders)
    }
}

async fn holders(session: &Session, pid: i32) -> Vec<Holder> {
    let sql = format!(
        "SELECT b.pid, a.usename, a.application_name, a.client_addr, \
                pg_catalog.to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'), a.state \
         FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids({pid})) b (pid) \
         LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid \
         WHERE b.pid > 0 ORDER BY a.xact_start, b.pid"
    );
    let rows = session.texts(&sql).await.unwrap_or_default();
    rows.into_iter().filter_map(Holder::from_row).collect()
}
