//! The helper's side: open the data, answer on a socket, end with the parent.

use crate::clients::{Clients, Said, listen_to};
use crate::data::{self, Lock};
use crate::protocol::Line;
use crate::wire;
use crate::{extensions, protocol};
use driftless_diagnostic::{Diagnostic, Result};
use oliphaunt_wasix::DatabaseStorage;
use oliphaunt_wasix::session::{
    PostgresConfig, PreparedDatabase, PreparedRuntime, ProtocolSession, StartupConfig,
    default_catalog_profile, postgres_config_with_extension_startup, resolve_extension_set,
};
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the helper is told by its parent.
pub struct ServeOptions {
    /// Directory of the data; created when it is missing.
    pub data: PathBuf,
    /// Socket to listen on.
    pub socket: PathBuf,
    /// Extensions to have at hand, besides those that the data was opened with before.
    pub extensions: Vec<String>,
    /// The parent holds the other end: at its end the helper ends.
    pub stdin: Box<dyn Read + Send>,
    /// Lines for the parent.
    pub stdout: Box<dyn Write + Send>,
    /// Ends the process at once; called when a statement still runs some seconds after the parent
    /// has gone.
    pub exit: fn() -> !,
}

/// Settings of the engine.
const SETTINGS: &[(&str, &str)] = &[
    // A power cut may cost the data of a development database, a killed process does not: what is
    // written is in the system's hands.
    ("fsync", "off"),
    // Nothing in a single-user backend would write the log later, not even at its end.
    ("synchronous_commit", "on"),
    // Many objects in one transaction need many locks.
    ("max_locks_per_transaction", "4096"),
    // The engine comes with `public` alone.
    ("search_path", "\"$user\", public"),
    // And with the right to change system tables.
    ("allow_system_table_mods", "off"),
];

/// How long a running statement may go on when the parent has gone.
const GRACE: Duration = Duration::from_secs(5);

/// Serves clients until the parent goes away: they take turns in one session.
pub fn serve(options: ServeOptions) -> Result<()> {
    let ServeOptions {
        data,
        socket,
        extensions,
        stdin,
        stdout,
        exit,
    } = options;
    let parent = Parent(Arc::new(Mutex::new(stdout)));
    let result = std::thread::Builder::new()
        .name("engine".to_owned())
        // The engine wants a thread that no async runtime knows of, and deep recursion.
        .stack_size(64 << 20)
        .spawn({
            let parent = parent.clone();
            move || engine(&data, &socket, &extensions, stdin, &parent, exit)
        })
        .map_err(|error| crashed(&error.to_string()))?
        .join()
        .unwrap_or_else(|panic| Err(crashed(&panic_text(&*panic)).into()));
    if let Err(failure) = &result {
        let first = &failure.diagnostics()[0];
        parent.tell(&Line::Failed(
            first.code.to_owned(),
            first.message.clone(),
            first.help.join("; "),
        ));
    }
    result
}

fn engine(
    data: &std::path::Path,
    socket: &std::path::Path,
    wanted: &[String],
    stdin: Box<dyn Read + Send>,
    parent: &Parent,
    exit: fn() -> !,
) -> Result<()> {
    let (tell, told) = channel();
    watch_parent(stdin, tell.clone(), exit);
    let _lock = Lock::acquire(data, &mut |holder| parent.tell(&Line::Waiting(holder)))?;
    data::check_version(data)?;
    let names = data::remember_extensions(data, wanted);
    let mut prepared = PreparedDatabase::prepare(
        DatabaseStorage::Directory(data.to_owned()),
        default_catalog_profile(),
        crate::USER,
    )
    .map_err(|error| unprepared(data, &format!("{error:#}")))?;
    let listener = UnixListener::bind(socket).map_err(|error| data::unusable(socket, &error))?;
    let mut server = Server::new(&prepared, &names)?;
    // The first session is opened before anybody asks: it recovers the data or says why not.
    let first = server
        .open(crate::USER, crate::DATABASE)
        .map_err(|error| unprepared(data, &error))?;
    server.first = Some(first);
    parent.tell(&Line::Ready);
    std::thread::spawn(move || {
        for (id, stream) in (0..).zip(listener.incoming().flatten()) {
            let tell = tell.clone();
            std::thread::spawn(move || listen_to(stream, id, &tell));
        }
    });
    let mut clients = Clients::default();
    while let Ok(said) = told.recv() {
        if matches!(said, Said::Over) {
            break;
        }
        clients.hear(said);
        // What a client does wrong is its own loss; the next one is served.
        while clients.serve_one(&mut server) {}
    }
    clients.end();
    if let Some(unused) = server.first.take() {
        end(unused);
    }
    drop(server);
    prepared
        .release()
        .map_err(|error| crashed(&format!("{error:#}")).into())
}

/// Ends everything when the parent's end of standard input closes, however the parent ended.
fn watch_parent(mut stdin: Box<dyn Read + Send>, tell: Sender<Said>, exit: fn() -> !) {
    std::thread::spawn(move || {
        let mut byte = [0];
        while matches!(stdin.read(&mut byte), Ok(1)) {}
        let _ = tell.send(Said::Over);
        std::thread::sleep(GRACE);
        exit();
    });
}

/// Opens sessions of the engine.
pub(crate) struct Server {
    runtime: PreparedRuntime,
    extensions: Vec<oliphaunt_wasix::Extension>,
    config: PostgresConfig,
    /// Open already, as the superuser in the first database.
    first: Option<ProtocolSession>,
}

impl Server {
    fn new(prepared: &PreparedDatabase, names: &[String]) -> Result<Self> {
        let failed = |error| crashed(&format!("{error:#}"));
        let extensions = resolve_extension_set(&extensions::resolve(names)).map_err(failed)?;
        let mut config = PostgresConfig::default();
        for (name, value) in SETTINGS {
            config.insert(*name, *value);
        }
        let config = postgres_config_with_extension_startup(config, &extensions).map_err(failed)?;
        Ok(Self {
            runtime: prepared.runtime().map_err(failed)?,
            extensions,
            config,
            first: None,
        })
    }

    fn open(&self, user: &str, database: &str) -> std::result::Result<ProtocolSession, String> {
        self.runtime
            .open_with_extensions(
                self.config.clone(),
                StartupConfig {
                    username: user.to_owned(),
                    database: database.to_owned(),
                },
                &self.extensions,
            )
            .map_err(|error| format!("{error:#}"))
    }

    /// A session of this user, the one that is open already where it fits.
    pub(crate) fn session(
        &mut self,
        user: &str,
        database: &str,
    ) -> std::result::Result<ProtocolSession, String> {
        let is_first = user == crate::USER && database == crate::DATABASE;
        match self.first.take() {
            Some(session) if is_first => Ok(session),
            Some(session) => {
                end(session);
                self.open(user, database)
            }
            None => self.open(user, database),
        }
    }
}

/// Ends a session so that the next one need not replay its log: a single-user backend writes no
/// checkpoint by itself when it is told to go. Whatever fails here costs time, not data.
pub(crate) fn end(mut session: ProtocolSession) {
    for sql in [
        "ROLLBACK",
        "SET SESSION AUTHORIZATION postgres",
        "CHECKPOINT",
    ] {
        let _ = session.send_buffered(&wire::query(sql));
    }
    let _ = session.shutdown();
}

/// Lines to the parent; one that does not listen is no reason to stop.
#[derive(Clone)]
struct Parent(Arc<Mutex<Box<dyn Write + Send>>>);

impl Parent {
    fn tell(&self, line: &protocol::Line) {
        let mut stdout = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = stdout.write_all(line.write().as_bytes());
        let _ = stdout.flush();
    }
}

fn unprepared(data: &std::path::Path, error: &dyn std::fmt::Display) -> Diagnostic {
    let said = format!("{error:#}");
    let diagnostic = Diagnostic::error(
        "embedded-not-started",
        format!("the embedded Postgres does not start: {}", reason(&said)),
    );
    if said.contains("cache") {
        diagnostic.help("it unpacks itself into the user's cache directory: make that writable, set XDG_CACHE_HOME to one that is, or give a database URL")
    } else {
        diagnostic.help(format!(
            "if `{}` is damaged, delete it and migrate again; or give a database URL",
            data.display()
        ))
    }
}

/// The server's own FATAL out of everything that was around it; else the text, said once.
fn reason(said: &str) -> String {
    if let Some((_, fatal)) = said.split_once("FATAL:") {
        return fatal.lines().next().unwrap_or_default().trim().to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in said.split(": ") {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(": ").replace('\n', " ")
}

fn crashed(why: &str) -> Diagnostic {
    Diagnostic::error(
        "embedded-crashed",
        format!("the embedded Postgres has crashed: {why}"),
    )
    .help("try again; what was committed is kept. A database URL uses a Postgres of your own")
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "for no reason that it gives".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_servers_own_word_or_what_was_said_once() {
        for (said, expected) in [
            (
                "start: stderr tail: 2026 UTC [1] FATAL:  files are incompatible\n2026 DETAIL: x",
                "files are incompatible",
            ),
            (
                "open root: no entry: open root: no entry",
                "open root: no entry",
            ),
        ] {
            assert_eq!(reason(said), expected);
        }
    }
}
