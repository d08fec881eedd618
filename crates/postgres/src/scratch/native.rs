//! A private cluster from binaries that are on the machine: in memory where there is room, reached
//! through a Unix socket alone, gone when it is dropped and when this process dies.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use driftless_diagnostic::{Diagnostic, Result};

use super::NativeOptions;
use super::template;
use crate::options::ConnectOptions;

/// For a server whose data nobody will miss.
const SETTINGS: [&str; 13] = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=logical",
    "max_wal_senders=0",
    "max_locks_per_transaction=4096",
    "max_connections=20",
    "shared_buffers=32MB",
    "jit=off",
    "unix_socket_permissions=0700",
    "logging_collector=off",
];

/// Ends the server and its folder when standard input closes, however this process ended.
const GUARD: &str = r#"
"$@" >log 2>&1 </dev/null &
server=$!
read -r never
kill -QUIT $server
wait $server
cd / && rm -rf "$FOLDER"
"#;

/// Time for a server to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running cluster.
pub(super) struct Native {
    folder: PathBuf,
    guard: Child,
}

/// Who runs the server: it refuses to run as root.
pub(crate) type Owner = Option<(u32, u32)>;

/// Binaries of a server on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// Folder of `initdb` and `postgres`.
    pub folder: PathBuf,
    /// Major version, as `postgres --version` says it.
    pub major: u32,
}

impl Binaries {
    /// Names of the extensions that are installed for it, sorted: of their `.control` files.
    pub fn extensions(&self) -> Vec<String> {
        let near = ["../share/postgresql/extension", "../share/extension"];
        let packaged = format!("/usr/share/postgresql/{}/extension", self.major);
        let folders = near.iter().map(|near| self.folder.join(near));
        let mut names: Vec<String> = folders
            .chain([packaged.into()])
            .filter_map(|folder| std::fs::read_dir(folder).ok())
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                name.strip_suffix(".control").map(str::to_owned)
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

/// Servers on this machine: those of packages, the newest first, then that of `PATH`.
pub fn find_binaries(path: Option<&OsStr>) -> Vec<Binaries> {
    const PACKAGED: [&str; 5] = [
        "/usr/lib/postgresql",
        "/usr/pgsql",
        "/opt/homebrew/opt",
        "/usr/local/opt",
        "/Applications/Postgres.app/Contents/Versions",
    ];
    let packaged = PACKAGED
        .iter()
        .flat_map(|place| std::fs::read_dir(place).into_iter().flatten().flatten())
        .map(|entry| entry.path().join("bin"));
    let on_path = path.into_iter().flat_map(std::env::split_paths);
    let mut found: Vec<Binaries> = packaged.filter_map(binaries).collect();
    found.sort_by(|a, b| (b.major, &b.folder).cmp(&(a.major, &a.folder)));
    for place in on_path.filter_map(binaries) {
        if !found.contains(&place) {
            found.push(place);
        }
    }
    found
}

fn binaries(folder: PathBuf) -> Option<Binaries> {
    if !folder.join("initdb").is_file() || !folder.join("postgres").is_file() {
        return None;
    }
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    // `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`
    let said = String::from_utf8_lossy(&output.stdout);
    let version = said.split_whitespace().nth(2)?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    Some(Binaries {
        major: digits.parse().ok()?,
        folder,
    })
}

impl Native {
    /// Starts one.
    pub(super) async fn start(options: &NativeOptions) -> Result<Self> {
        let owner = owner()?;
        let folder = new_folder(owner)?;
        template::copy(options, &folder, owner).inspect_err(|_| {
            let _ = std::fs::remove_dir_all(&folder);
        })?;
        let mut command = as_owner(Path::new("/bin/sh"), owner);
        command
            .current_dir(&folder)
            .env("FOLDER", &folder)
            .args(["-c", GUARD, "sh"])
            .arg(options.binaries.join("postgres"))
            .arg("-D")
            .arg(folder.join("data"))
            .arg("-k")
            .arg(&folder);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let guard = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| not_started(options, &error.to_string()))?;
        let mut native = Self { folder, guard };
        native.wait(options).await?;
        Ok(native)
    }

    /// A URL for its superuser.
    pub(super) fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@/{database}?host={}",
            self.folder.display()
        )
    }

    async fn wait(&mut self, options: &NativeOptions) -> Result<()> {
        let connection = ConnectOptions::from_url(&self.url("postgres"))?;
        let socket = self.folder.join(".s.PGSQL.5432");
        let started = Instant::now();
        loop {
            // The socket is there a moment before the server answers.
            if socket.exists()
                && let Ok(session) = crate::connect::connect(&connection).await
            {
                session.close().await;
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(not_started(options, log.trim()).into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A folder in memory where there is some; short, as the path of a socket has at most 107 bytes.
fn new_folder(owner: Owner) -> Result<PathBuf> {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() {
        memory.to_path_buf()
    } else {
        std::env::temp_dir()
    };
    let mut number = 0;
    loop {
        let folder = base.join(format!("driftless-{}-{number}", std::process::id()));
        match std::fs::create_dir(&folder) {
            Ok(()) => {
                give(&folder, owner).map_err(|error| no_folder(&folder, &error))?;
                return Ok(folder);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < 1000 => {
                number += 1;
            }
            Err(error) => return Err(no_folder(&folder, &error).into()),
        }
    }
}

fn no_folder(folder: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "scratch-not-started",
        format!(
            "no scratch Postgres: {} cannot be used: {error}",
            folder.display()
        ),
    )
    .help("make room there, or give a server with --scratch-url")
}

/// Makes a file or folder the server's.
pub(crate) fn give(path: &Path, owner: Owner) -> std::io::Result<()> {
    match owner {
        Some((user, group)) => std::os::unix::fs::chown(path, Some(user), Some(group)),
        None => Ok(()),
    }
}

/// A program run by the server's owner.
pub(crate) fn as_owner(program: &Path, owner: Owner) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(program);
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    for name in HEEDED {
        command.env_remove(name);
    }
    command
}

/// What a server takes from the environment: meant for others, it would answer at another port.
const HEEDED: [&str; 4] = ["PGPORT", "PGDATA", "PGDATESTYLE", "PGCLIENTENCODING"];

/// `postgres` or `nobody` where we are root, which the server refuses to run as.
pub(crate) fn owner() -> Result<Owner> {
    use std::os::unix::fs::MetadataExt;
    if !std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let found = ["postgres", "nobody"].into_iter().find_map(|name| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    match found {
        Some(found) => Ok(Some(found)),
        None => Err(Diagnostic::error(
            "scratch-not-started",
            "no scratch Postgres: the server refuses to run as root, and there is neither a user `postgres` nor `nobody`",
        )
        .help("run as another user, or give a server with --scratch-url")
        .into()),
    }
}

pub(super) fn not_started(options: &NativeOptions, why: &str) -> Diagnostic {
    Diagnostic::error(
        "scratch-not-started",
        format!(
            "no scratch Postgres: that in {} does not start",
            options.binaries.display()
        ),
    )
    .note(why.to_owned())
    .help("give a server with --scratch-url")
}
