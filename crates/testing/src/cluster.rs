//! A private cluster in memory where there is some, reached through a Unix socket alone.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::corpus::Databases;

/// Folder of other binaries than those found on the machine, e.g. of another major version.
const BIN_VARIABLE: &str = "DRIFTLESS_TEST_PG_BIN";

/// Settings for a server whose data may be lost.
const SETTINGS: [&str; 8] = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_locks_per_transaction=4096",
    "shared_buffers=32MB",
    "max_connections=40",
];

/// Ends the server when its standard input closes: when a test is killed, and for statics, which
/// are never dropped.
const GUARD: &str = r#"
"$@" >log 2>&1 </dev/null &
server=$!
read -r never
kill -QUIT $server
wait $server
cd / && rm -rf "$FOLDER"
"#;

/// A running server that ends when this is dropped, or when this process does.
pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    server: Child,
    /// Held so that a later drop cannot outlive the folder's lock.
    user: &'static str,
    settings: Vec<String>,
    /// The servers that came after a crash.
    later: Mutex<Vec<Child>>,
}

/// Where `postgres`, `initdb`, `psql` and `pg_dump` are: `DRIFTLESS_TEST_PG_BIN`, the packages'
/// places, `PATH`. The newest packaged major comes first.
pub fn binaries() -> Option<PathBuf> {
    let mut places: Vec<PathBuf> = std::env::var_os(BIN_VARIABLE)
        .map(PathBuf::from)
        .into_iter()
        .collect();
    let mut packaged: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    packaged.sort();
    places.extend(packaged.into_iter().rev());
    places.extend(std::env::split_paths(&std::env::var_os("PATH")?));
    places
        .into_iter()
        .find(|place| place.join("initdb").is_file() && place.join("postgres").is_file())
}

impl Cluster {
    /// Starts a server, or nothing where no binaries are found.
    ///
    /// # Panics
    /// When the binaries are there and the server does not come up.
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// A server that the tests of one program share: it starts with the first that needs it, and
    /// ends with the last.
    ///
    /// # Panics
    /// As [`Cluster::start`].
    pub fn shared() -> Option<Arc<Self>> {
        static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cluster) = shared.upgrade() {
            return Some(cluster);
        }
        let cluster = Arc::new(Self::start()?);
        *shared = Arc::downgrade(&cluster);
        Some(cluster)
    }

    /// Starts a server with more settings, as `name=value`.
    ///
    /// # Panics
    /// When the binaries are there and the server does not come up.
    pub fn start_with(settings: &[&str]) -> Option<Self> {
        Self::start_prepared(settings, &|_| {})
    }

    /// Starts a server whose data directory is changed before: `pg_hba.conf`, certificates.
    ///
    /// # Panics
    /// When the binaries are there and the server does not come up.
    pub fn start_prepared(settings: &[&str], prepare: &dyn Fn(&Path)) -> Option<Self> {
        let bin = binaries()?;
        let folder = new_folder();
        let user = "postgres";
        let data = folder.join("data");
        let mut initdb = as_server(&bin.join("initdb"), &folder);
        initdb
            .args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"])
            .args(["-U", user, "-D"])
            .arg(&data);
        let output = initdb.output().expect("initdb starts");
        assert!(
            output.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        prepare(&data);
        give_to_server(&data);
        let settings: Vec<String> = SETTINGS
            .iter()
            .chain(settings)
            .map(|&setting| setting.to_owned())
            .collect();
        let server = serve(&bin, &folder, &settings);
        let cluster = Self {
            folder,
            bin,
            server,
            user,
            settings,
            later: Mutex::default(),
        };
        cluster.wait();
        Some(cluster)
    }

    /// Folder of the server's Unix socket, its data and its log.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Folder of the binaries.
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    /// A URL for a superuser.
    pub fn url(&self, database: &str) -> String {
        self.databases().url(database)
    }

    /// Its databases, through `psql` and `pg_dump`.
    pub fn databases(&self) -> Databases {
        Databases {
            bin: self.bin.clone(),
            socket: self.folder.clone(),
            user: self.user.to_owned(),
        }
    }

    /// Makes a database of its own for a test and gives its URL.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn database(&self) -> String {
        self.url(&self.new_database())
    }

    /// The same, and gives its name.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn new_database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.databases().create(&name).expect("CREATE DATABASE")
    }

    /// Stops the server at once, as a crash would, and starts it again: every connection is lost,
    /// and the server recovers from its log.
    ///
    /// # Panics
    /// When it does not come up again.
    pub fn crash(&self) {
        let file = self.folder.join("data/postmaster.pid");
        let text = std::fs::read_to_string(&file).expect("the server runs");
        let pid = text.lines().next().unwrap_or_default().to_owned();
        let killed = Command::new("kill").args(["-QUIT", &pid]).status();
        assert!(
            killed.is_ok_and(|status| status.success()),
            "the server is not ended"
        );
        let deadline = Instant::now() + Duration::from_secs(30);
        while file.exists() {
            assert!(Instant::now() < deadline, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
        let again = serve(&self.bin, &self.folder, &self.settings);
        self.later.lock().expect("nobody panicked").push(again);
        self.wait();
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.databases().run("postgres", "SELECT 1;").is_err() {
            let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(
                Instant::now() < deadline,
                "the server does not answer: {}",
                log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let later = self.later.get_mut().ok();
        for server in later.into_iter().flatten().rev().chain([&mut self.server]) {
            drop(server.stdin.take());
            let _ = server.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn serve(bin: &Path, folder: &Path, settings: &[String]) -> Child {
    let mut postgres = as_server(Path::new("/bin/sh"), folder);
    postgres.args(["-c", GUARD, "sh"]).arg(bin.join("postgres"));
    postgres
        .env("FOLDER", folder)
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder);
    for setting in settings {
        postgres.args(["-c", setting]);
    }
    postgres
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("postgres starts")
}

/// A folder of our own in memory where there is room, owned by whoever runs the server.
fn new_folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() {
        memory.to_path_buf()
    } else {
        std::env::temp_dir()
    };
    // Short: the path of a Unix socket has at most 107 bytes.
    let folder = base.join(format!(
        "dl{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    ));
    std::fs::create_dir_all(&folder).expect("a folder for the cluster");
    if let Some((uid, gid)) = other_user() {
        std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).expect("root may chown");
    }
    folder
}

/// Files put beside the server's own belong to it, and to it alone: it insists on that for keys.
fn give_to_server(data: &Path) {
    use std::os::unix::fs::{PermissionsExt, chown};
    for entry in std::fs::read_dir(data).into_iter().flatten().flatten() {
        let path = entry.path();
        if !path.is_file() {
            continue;
        }
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, private).expect("the file is ours");
        if let Some((uid, gid)) = other_user() {
            chown(&path, Some(uid), Some(gid)).expect("root may chown");
        }
    }
}

/// A program of Postgres refuses to run as root: then it runs as `postgres` or `nobody`.
pub fn as_server(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_remove("PGPORT");
    if let Some((uid, gid)) = other_user() {
        command.uid(uid).gid(gid);
    }
    command
}

fn other_user() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    if !root {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].into_iter().find_map(|name| {
        let line = passwd
            .lines()
            .find(|line| line.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}
