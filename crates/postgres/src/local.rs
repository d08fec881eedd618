//! A cluster that stays: binaries of the machine, data in a folder of the project, reached from this
//! machine alone. It runs as long as the process that started it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use driftless_diagnostic::{Diagnostic, Result};

use crate::connect::connect;
use crate::options::ConnectOptions;
use crate::scratch::native::{Owner, as_owner, give, owner};

/// For data that people make while they try things: it survives a killed process.
const SETTINGS: [&str; 6] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "synchronous_commit=off",
    "shared_buffers=64MB",
    "max_locks_per_transaction=1024",
    "logging_collector=off",
];

/// Ends the server in order when standard input closes, however this process ended.
const GUARD: &str = r#"
"$@" >log 2>&1 </dev/null &
server=$!
read -r never
kill -INT $server
wait $server
"#;

/// Time for a server to answer; one that was killed first reads its log again.
const PATIENCE: Duration = Duration::from_mins(1);

/// What to start, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalOptions {
    /// Folder of `initdb` and `postgres`.
    pub binaries: PathBuf,
    /// Folder of the data; made when it is missing.
    pub data: PathBuf,
    /// Port on 127.0.0.1.
    pub port: u16,
}

/// A running server. Dropping it ends it; the data stays.
#[derive(Debug)]
pub struct Local {
    guard: Child,
    port: u16,
}

impl Local {
    /// Starts it and waits until it answers. Its superuser `postgres` needs no password.
    ///
    /// # Errors
    /// `local-not-started`, with what the server said.
    pub async fn start(options: &LocalOptions) -> Result<Self> {
        let owner = owner().map_err(|_| {
            not_started(
                options,
                "the server refuses to run as root, and there is neither a user `postgres` nor `nobody`",
            )
        })?;
        if !options.data.join("PG_VERSION").is_file() {
            make(options, owner)?;
        }
        let mut command = as_owner(Path::new("/bin/sh"), owner);
        command
            .current_dir(&options.data)
            .args(["-c", GUARD, "sh"])
            .arg(options.binaries.join("postgres"))
            .arg("-D")
            .arg(&options.data)
            .arg("-p")
            .arg(options.port.to_string());
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let guard = apart(&mut command)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| not_started(options, &error.to_string()))?;
        let local = Self {
            guard,
            port: options.port,
        };
        local.wait(options).await?;
        Ok(local)
    }

    /// A URL for its superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    async fn wait(&self, options: &LocalOptions) -> Result<()> {
        let connection = ConnectOptions::from_url(&self.url())?;
        let started = Instant::now();
        loop {
            if let Ok(session) = connect(&connection).await {
                session.close().await;
                return Ok(());
            }
            // It makes the file first of all, and takes it away when it ends.
            let ended = !options.data.join("postmaster.pid").exists();
            let waited = started.elapsed();
            if ended && waited > Duration::from_secs(2) || waited > PATIENCE {
                let log = std::fs::read_to_string(options.data.join("log")).unwrap_or_default();
                let last: Vec<&str> = log.lines().rev().take(5).collect();
                let last: Vec<&str> = last.into_iter().rev().collect();
                return Err(not_started(options, &last.join("\n")).into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// Makes the cluster beside its place, so that a half-made one is never taken for one.
fn make(options: &LocalOptions, owner: Owner) -> Result<()> {
    let failed = |error: &dyn std::fmt::Display| not_started(options, &error.to_string());
    let new = options.data.with_extension("new");
    let _ = std::fs::remove_dir_all(&new);
    std::fs::create_dir_all(&new).map_err(|error| failed(&error))?;
    give(&new, owner).map_err(|error| failed(&error))?;
    let mut initdb = as_owner(&options.binaries.join("initdb"), owner);
    let output = initdb
        .current_dir("/")
        .args(["--auth=trust", "--encoding=UTF8", "--locale=C"])
        .args(["-U", "postgres", "-D"])
        .arg(&new)
        .output()
        .map_err(|error| failed(&error))?;
    if !output.status.success() {
        let _ = std::fs::remove_dir_all(&new);
        return Err(failed(&String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    std::fs::rename(&new, &options.data).map_err(|error| failed(&error).into())
}

/// Ctrl-C in a terminal goes to every process of the group: the server ends with its parent, in order.
fn apart(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt;
    command.process_group(0)
}

fn not_started(options: &LocalOptions, why: &str) -> Diagnostic {
    Diagnostic::error(
        "local-not-started",
        format!(
            "the Postgres in {} does not start",
            options.binaries.display()
        ),
    )
    .note(why.to_owned())
    .help(format!(
        "its data is in {}: if that is damaged, delete it",
        options.data.display()
    ))
}
