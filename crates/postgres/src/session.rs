//! One connection: statements in, rows, notices and errors out.

use crate::error::QueryError;
use crate::lock::Holder;
use crate::options::{ConnectOptions, Endpoint};
use crate::quote::identifier;
use crate::transport::{self, Established};
use crate::watch::Watch;
use driftless_diagnostic::{Diagnostic, Result};
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesOrdered;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{CancelToken, Client, Row, SimpleQueryMessage};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A connection to one server process. Dropping it closes the socket; an open transaction is then
/// rolled back and every lock released by the server.
pub struct Session {
    pub(crate) client: Client,
    pub(crate) notices: UnboundedReceiver<Notice>,
    pub(crate) task: Task,
    pub(crate) server: Server,
    pub(crate) canceller: Canceller,
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) shown: String,
    pub(crate) role: Option<String>,
}

/// Moves the bytes; ends with the session, and the socket with it.
pub(crate) struct Task(pub(crate) JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Who answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "four facts that have nothing to do with each other"
)]
pub struct Server {
    /// As `server_version_num`, e.g. 150004.
    pub version: u32,
    /// As `server_version`, e.g. `15.4 (Debian 15.4-1)`.
    pub version_text: String,
    /// Process that runs our statements.
    pub pid: i32,
    /// Process that was announced when the connection began.
    pub announced_pid: Option<i32>,
    /// Role we logged in as.
    pub user: String,
    /// Whether that role is a superuser.
    pub superuser: bool,
    /// Database we are in.
    pub database: String,
    /// Whether the server replays another's log.
    pub standby: bool,
    /// Whether transactions are read-only unless they say otherwise.
    pub read_only: bool,
    /// Whether TLS protects the connection.
    pub encrypted: bool,
}

/// A message that is not an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`.
    pub severity: String,
    /// SQLSTATE.
    pub code: String,
    /// The sentence.
    pub message: String,
    /// More of it.
    pub detail: Option<String>,
    /// What the server suggests.
    pub hint: Option<String>,
}

/// What is heard while statements run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A statement is done, with the number of rows that it read or wrote; the next one runs.
    Done(u64),
    /// The server says something.
    Notice(Notice),
    /// The statement waits for locks that others hold.
    Blocked {
        /// Who.
        by: Vec<Holder>,
        /// How long the statement runs so far.
        after: Duration,
    },
}

/// What came of statements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Every value as Postgres writes it.
    pub rows: Vec<Vec<Option<String>>>,
    /// Rows that the last statement returned or changed.
    pub affected: u64,
}

/// Stops the statement that a session runs, from outside of it.
#[derive(Clone)]
pub struct Canceller {
    pub(crate) token: CancelToken,
    pub(crate) options: ConnectOptions,
    pub(crate) endpoint: Endpoint,
    pub(crate) tls: Option<MakeRustlsConnect>,
}

impl Session {
    /// Runs statements of somebody else's, and asks beside it for whom they wait. They are sent
    /// without waiting for one another's answers: in a transaction, which an error ends for those
    /// behind it, that comes to the same.
    ///
    /// # Errors
    /// The number of the first statement that failed, counted from 0, and what the server says.
    pub async fn run_watched(
        &mut self,
        statements: &[&str],
        on_heard: &mut (impl FnMut(Heard) + ?Sized),
    ) -> std::result::Result<(), (usize, QueryError)> {
        let watch = Watch::new(&self.canceller.options, self.server.pid);
        let mut look = Box::pin(watch.look());
        let queries = statements.iter().map(|sql| counted(&self.client, sql));
        // The first look at them sends them all.
        let mut queries: FuturesOrdered<_> = queries.collect();
        let (mut number, mut failed) = (0, None);
        let (mut started, mut blockers) = (Instant::now(), Vec::new());
        loop {
            tokio::select! {
                biased;
                // Those behind one that failed have nothing to say.
                Some(notice) = self.notices.recv(), if failed.is_none() => {
                    on_heard(Heard::Notice(notice));
                }
                answer = queries.next() => {
                    let Some((_, result)) = answer else { break };
                    if failed.is_some() {
                        continue;
                    }
                    // The connection hands a statement's notices over before its end.
                    while let Ok(notice) = self.notices.try_recv() {
                        on_heard(Heard::Notice(notice));
                    }
                    match result {
                        Ok(rows) => on_heard(Heard::Done(rows)),
                        Err(error) => {
                            let holders = std::mem::take(&mut blockers);
                            failed = Some((number, QueryError::from(error).held_by(holders)));
                        }
                    }
                    number += 1;
                    (started, blockers) = (Instant::now(), Vec::new());
                }
                (watch, by) = &mut look => {
                    look = Box::pin(watch.look());
                    if !by.is_empty() {
                        blockers.clone_from(&by);
                        on_heard(Heard::Blocked { by, after: started.elapsed() });
                    }
                }
            }
        }
        while self.notices.try_recv().is_ok() {}
        failed.map_or(Ok(()), Err)
    }

    /// Runs one or more statements without parameters; notices arrive while they run. Returns how
    /// many rows the last one read or wrote; of statements that have none, zero.
    pub async fn run(
        &mut self,
        sql: &str,
        on_notice: &mut (impl FnMut(Notice) + ?Sized),
    ) -> std::result::Result<u64, QueryError> {
        self.run_counting(sql, on_notice)
            .await
            .map_err(|(_, error)| error)
    }

    /// The same; an error comes with the number of statements that were done before it.
    pub async fn run_counting(
        &mut self,
        sql: &str,
        on_notice: &mut (impl FnMut(Notice) + ?Sized),
    ) -> std::result::Result<u64, (usize, QueryError)> {
        let mut query = Box::pin(counted(&self.client, sql));
        let (done, result) = loop {
            tokio::select! {
                biased;
                Some(notice) = self.notices.recv() => on_notice(notice),
                result = &mut query => break result,
            }
        };
        // The connection hands a statement's notices over before its end.
        while let Ok(notice) = self.notices.try_recv() {
            on_notice(notice);
        }
        result.map_err(|error| (done, QueryError::from(error)))
    }

    /// Runs statements of our own, whose notices nobody needs.
    pub async fn execute(&mut self, sql: &str) -> std::result::Result<(), QueryError> {
        self.run(sql, &mut |_| {}).await.map(|_| ())
    }

    /// Sends statements without waiting for one another's answers. Each is a transaction of its
    /// own, so one that fails leaves the others alone. The answers are in the statements' order;
    /// notices are dropped.
    pub async fn run_each(
        &mut self,
        statements: &[&str],
    ) -> Vec<std::result::Result<(), QueryError>> {
        // The first look at them sends them all.
        let queries = statements.iter().map(|sql| self.client.batch_execute(sql));
        let results = join_all(queries).await;
        while self.notices.try_recv().is_ok() {}
        let results = results.into_iter();
        results
            .map(|result| result.map_err(QueryError::from))
            .collect()
    }

    /// Rows of one statement with parameters.
    pub async fn query(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> std::result::Result<Vec<Row>, QueryError> {
        Ok(self.client.query(sql, parameters).await?)
    }

    /// Rows of one statement without parameters, every value as Postgres writes it.
    pub async fn texts(
        &self,
        sql: &str,
    ) -> std::result::Result<Vec<Vec<Option<String>>>, QueryError> {
        Ok(self.answer(sql).await?.rows)
    }

    /// The same for several statements: the rows of all of them, and how many rows the last one
    /// returned or changed.
    pub async fn answer(&self, sql: &str) -> std::result::Result<Answer, QueryError> {
        let mut answer = Answer::default();
        for message in self.client.simple_query(sql).await? {
            match message {
                SimpleQueryMessage::Row(row) => answer.rows.push(
                    (0..row.len())
                        .map(|i| row.get(i).map(str::to_owned))
                        .collect(),
                ),
                SimpleQueryMessage::CommandComplete(rows) => answer.affected = rows,
                _ => {}
            }
        }
        Ok(answer)
    }

    /// Who answered.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The role that it became after the login.
    pub fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    /// Becomes another role, for all that follows.
    ///
    /// # Errors
    /// A role that is not there, or that the one of the login is no member of.
    pub async fn become_role(&mut self, role: &str) -> Result<()> {
        let set = format!("SET ROLE {}", identifier(role));
        self.execute(&set).await.map_err(|error| {
            let name = identifier(role);
            let help = match error.code() {
                Some("42501") => format!("GRANT {name} TO {}", identifier(&self.server.user)),
                _ => format!("name a role that the server has, or CREATE ROLE {name}"),
            };
            error
                .diagnostic(&format!("becoming the role `{role}`"))
                .help(help)
        })?;
        self.role = Some(role.to_owned());
        Ok(())
    }

    /// The database as it may be shown, without password.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// What was noticed about options and server while connecting.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// A handle that stops the running statement.
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }

    /// Whether the connection has ended.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Says goodbye; dropping the session closes the socket without a word.
    pub async fn close(self) {
        let Self {
            client, mut task, ..
        } = self;
        drop(client);
        let _ = tokio::time::timeout(Duration::from_secs(1), &mut task.0).await;
    }

    /// The statements of this session go through a pooler that may give each transaction another
    /// server process: what is set in one is then not seen by the next.
    pub fn is_pooled(&self) -> bool {
        self.server.is_pooled()
    }
}

/// Runs statements and lets their rows go by: how many were done, and how many rows the last one read
/// or wrote.
async fn counted(
    client: &Client,
    sql: &str,
) -> (usize, std::result::Result<u64, tokio_postgres::Error>) {
    let stream = match client.simple_query_raw(sql).await {
        Ok(stream) => stream,
        Err(error) => return (0, Err(error)),
    };
    tokio::pin!(stream);
    let (mut done, mut count) = (0, 0);
    while let Some(message) = stream.next().await {
        match message {
            Ok(SimpleQueryMessage::CommandComplete(rows)) => {
                count = rows;
                done += 1;
            }
            Ok(_) => {}
            Err(error) => return (done, Err(error)),
        }
    }
    (done, Ok(count))
}

impl Server {
    /// Whether another process was announced than the one that answers.
    pub fn is_pooled(&self) -> bool {
        self.announced_pid
            .is_some_and(|announced| announced != self.pid)
    }

    /// Major version, e.g. 15.
    pub fn major(&self) -> u32 {
        self.version / 10_000
    }
}

impl Canceller {
    /// Asks the server to stop what the session runs; the statement then fails with SQLSTATE 57014.
    /// Nothing happens when no statement runs.
    pub async fn cancel(&self) -> Result<()> {
        let failed = |why: String| {
            Diagnostic::error(
                "cancel-failed",
                format!(
                    "the running statement cannot be stopped: {}",
                    self.options.scrub(&why)
                ),
            )
            .help("end the program: the server rolls its transaction back")
        };
        let stream = transport::dial(&self.options, &self.endpoint, self.tls.as_ref())
            .await
            .map_err(|error| failed(format!("{error:?}")))?;
        self.token
            .cancel_query_raw(stream, Established)
            .await
            .map_err(|error| failed(error.to_string()).into())
    }
}
