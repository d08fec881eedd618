//! The parent's side: run the helper, wait until it answers, end it.

use crate::protocol::Line;
use driftless_diagnostic::{Diagnostic, Result};
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How to start one.
#[derive(Debug, Clone)]
pub struct StartOptions {
    /// The program that calls [`crate::serve`]: usually this one.
    pub program: PathBuf,
    /// Its arguments before data directory, socket and extensions.
    pub arguments: Vec<OsString>,
    /// Directory of the data, e.g. `.driftless/postgres`.
    pub data: PathBuf,
    /// Extensions that will be created.
    pub extensions: Vec<String>,
    /// Where the engine unpacks itself, when the user's own cache directory will not do.
    pub cache: Option<PathBuf>,
    /// Time to start in, waiting for others not counted. The first start unpacks the engine.
    pub deadline: Duration,
    /// Time to wait for another process that uses the data; for ever when missing.
    pub wait: Option<Duration>,
}

/// What happens while it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Another process uses the data: told once a second.
    Waiting {
        /// Words about it, e.g. `process 4711`.
        holder: String,
        /// How long we have waited.
        waited: Duration,
    },
}

/// A running helper. Dropping it ends it; what was committed is kept.
#[derive(Debug)]
pub struct Embedded {
    child: Child,
    directory: TempDir,
    /// Keeps reading what the helper says, so that it never blocks.
    lines: Receiver<Line>,
}

/// Starts a Postgres on this data and waits until it answers.
pub fn start(options: &StartOptions, on_event: &mut dyn FnMut(Event)) -> Result<Embedded> {
    let directory = socket_directory()?;
    let mut command = Command::new(&options.program);
    command
        .args(&options.arguments)
        .arg(absolute(&options.data))
        .arg(directory.path().join(SOCKET))
        .args(&options.extensions)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // Ctrl-C in a terminal goes to every process of the group: the helper ends with its
        // parent, in order.
        .process_group(0);
    if let Some(cache) = &options.cache {
        command.env("XDG_CACHE_HOME", absolute(cache));
    }
    let mut child = command.spawn().map_err(|error| {
        Diagnostic::error(
            "embedded-not-started",
            format!(
                "the embedded Postgres does not start: `{}` cannot be run: {error}",
                options.program.display()
            ),
        )
        .help("give a database URL")
    })?;
    let (sender, lines) = channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(stdout)
                .lines()
                .map_while(std::io::Result::ok)
            {
                if let Some(line) = Line::read(&line) {
                    let _ = sender.send(line);
                }
            }
        });
    }
    let complaints = last_words(child.stderr.take());
    let embedded = Embedded {
        child,
        directory,
        lines,
    };
    embedded.wait_until_ready(options, &complaints, on_event)
}

const SOCKET: &str = ".s.PGSQL.5432";

impl Embedded {
    /// Directory of the socket: `host` of a connection, at port 5432, without password.
    pub fn socket_directory(&self) -> &Path {
        self.directory.path()
    }

    /// The helper's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A URL for it.
    pub fn url(&self) -> String {
        format!(
            "postgres://{}@/{}?host={}&connect_timeout=60",
            crate::USER,
            crate::DATABASE,
            self.directory.path().display()
        )
    }

    /// Ends it in order, and waits for that.
    pub fn stop(mut self) {
        self.end();
    }

    fn wait_until_ready(
        mut self,
        options: &StartOptions,
        complaints: &Receiver<String>,
        on_event: &mut dyn FnMut(Event),
    ) -> Result<Self> {
        let started = Instant::now();
        let mut waited = Duration::ZERO;
        loop {
            let left = (options.deadline + waited).saturating_sub(started.elapsed());
            match self.lines.recv_timeout(left) {
                Ok(Line::Ready) => return Ok(self),
                Ok(Line::Waiting(holder)) => {
                    waited = started.elapsed();
                    if options.wait.is_some_and(|limit| waited >= limit) {
                        return Err(in_use(options, &holder, waited).into());
                    }
                    on_event(Event::Waiting { holder, waited });
                }
                Ok(Line::Failed(code, message, help)) => {
                    return Err(failed(&code, message, help).into());
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(too_slow(options.deadline).into());
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self
                        .child
                        .wait()
                        .map_or_else(|error| error.to_string(), |status| status.to_string());
                    let said = complaints.recv_timeout(Duration::from_secs(1)).ok();
                    return Err(died(&status, said).into());
                }
            }
        }
    }

    fn end(&mut self) {
        const PATIENCE: Duration = Duration::from_secs(10);
        drop(self.child.stdin.take());
        let started = Instant::now();
        let mut pause = Duration::from_millis(1);
        while started.elapsed() < PATIENCE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.end();
    }
}

/// A private directory whose path is short enough for a socket.
fn socket_directory() -> Result<TempDir> {
    /// Of the 108 bytes that `sun_path` has, with room for the socket's name.
    const LONGEST: usize = 90;
    let mut builder = tempfile::Builder::new();
    builder.prefix("driftless-");
    let made = match builder.tempdir() {
        Ok(dir) if dir.path().as_os_str().len() > LONGEST => builder.tempdir_in("/tmp"),
        other => other,
    };
    made.map_err(|error| {
        Diagnostic::error(
            "embedded-not-started",
            format!("the embedded Postgres does not start: no directory for its socket: {error}"),
        )
        .help("make the system's directory for temporary files writable, or give a database URL")
        .into()
    })
}

/// The helper may not have our working directory.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The end of what the helper wrote to standard error, sent when it closes it.
fn last_words(stderr: Option<std::process::ChildStderr>) -> Receiver<String> {
    const KEPT: usize = 5;
    let (sender, receiver) = channel();
    if let Some(stderr) = stderr {
        std::thread::spawn(move || {
            let mut last = std::collections::VecDeque::new();
            for line in BufReader::new(stderr)
                .lines()
                .map_while(std::io::Result::ok)
            {
                if last.len() == KEPT {
                    last.pop_front();
                }
                last.push_back(line);
            }
            let _ = sender.send(Vec::from(last).join("\n"));
        });
    }
    receiver
}

fn failed(code: &str, message: String, help: String) -> Diagnostic {
    const CODES: &[&str] = &[
        "embedded-data-version",
        "embedded-data-unusable",
        "embedded-crashed",
    ];
    let code = CODES
        .iter()
        .find(|known| **known == code)
        .copied()
        .unwrap_or("embedded-not-started");
    let diagnostic = Diagnostic::error(code, message);
    if help.is_empty() {
        diagnostic
    } else {
        diagnostic.help(help)
    }
}

fn in_use(options: &StartOptions, holder: &str, waited: Duration) -> Diagnostic {
    Diagnostic::error(
        "embedded-in-use",
        format!(
            "the embedded Postgres in `{}` is in use by {holder}; waited {} s",
            options.data.display(),
            waited.as_secs()
        ),
    )
    .help("wait for the other command, or end it")
}

fn too_slow(deadline: Duration) -> Diagnostic {
    Diagnostic::error(
        "embedded-timeout",
        format!(
            "the embedded Postgres has not started within {} s",
            deadline.as_secs()
        ),
    )
    .help("try again when the machine is less busy, or give a database URL")
}

fn died(status: &str, said: Option<String>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "embedded-crashed",
        format!("the embedded Postgres ended before it was ready ({status})"),
    )
    .help("try again, or give a database URL");
    match said.filter(|said| !said.trim().is_empty()) {
        Some(said) => diagnostic.note(format!("its last words: {said}")),
        None => diagnostic,
    }
}
