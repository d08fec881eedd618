//! Through pgbouncer: refused where it changes the server process between transactions.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::project::TestProject;
use crate::server::TestDatabase;

/// pgbouncer before the test's server, ended with the test.
struct Pooler {
    process: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Pooler {
    /// Nothing where there is no pgbouncer, and says so.
    fn start(database: &TestDatabase, mode: &str) -> Option<Self> {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
        folders.push("/usr/sbin".into());
        let mut programs = folders.iter().map(|folder| folder.join("pgbouncer"));
        let Some(program) = programs.find(|program| program.is_file()) else {
            println!("skipped: no pgbouncer on this machine");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("dl").tempdir().unwrap();
        let port = free_port();
        let config = format!(
            "[databases]\n{name} = host={socket} user=postgres dbname={name}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = {mode}\nlogfile = {folder}/log\n",
            name = database.name,
            socket = database.socket(),
            folder = folder.path().display(),
        );
        std::fs::write(folder.path().join("pgbouncer.ini"), config).unwrap();
        let everybody = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(folder.path(), everybody).unwrap();
        let process = driftless_testing::as_server(&program, folder.path())
            .arg("pgbouncer.ini")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pooler = Self {
            process,
            folder,
            port,
        };
        pooler.wait();
        Some(pooler)
    }

    fn wait(&self) {
        let started = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = std::fs::read_to_string(self.folder.path().join("log"));
            assert!(started.elapsed() < Duration::from_secs(20), "{log:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn url(&self, database: &TestDatabase) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{}/{}",
            self.port, database.name
        )
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn project(pooler: &Pooler, database: &TestDatabase) -> TestProject {
    TestProject::generated("export const users = pgTable('users', { name: text() });")
        .env("DATABASE_URL", &pooler.url(database))
}

#[test]
fn one_that_pools_transactions_is_refused() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let Some(pooler) = Pooler::start(&database, "transaction") else {
        return;
    };
    let project = project(&pooler, &database);
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@127.0.0.1:[PORT]/[DATABASE] (from DATABASE_URL)
    error[pooled-connection]: this URL leads to a pooler, through which neither the migration lock nor settings hold
     |
     = note: at the login process [PID] was announced, but process [PID] answers
     = help: give the URL of the server itself: Neon without `-pooler` in the host, Supabase and PgBouncer by the server's own port
     = help: pass --allow-pooler if it keeps one server process for each client: PgBouncer in session mode
    ");
    assert_eq!(
        database.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
        "0\n"
    );
}

#[test]
fn one_that_pools_sessions_is_let_pass_when_asked_for() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let Some(pooler) = Pooler::start(&database, "session") else {
        return;
    };
    let project = project(&pooler, &database);
    let refused = project.run(&["migrate"]);
    assert!(refused.contains("--allow-pooler"), "{refused}");
    insta::assert_snapshot!(project.run(&["migrate", "--allow-pooler"]), @r"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@127.0.0.1:[PORT]/[DATABASE] (from DATABASE_URL)
    0000_first done in [TIME]
    ");
    insta::assert_snapshot!(project.run(&["migrate", "--allow-pooler"]), @r"
    exit 0
    --- stdout
    nothing to do: the only migration is applied already
    --- stderr
    database: postgres://postgres@127.0.0.1:[PORT]/[DATABASE] (from DATABASE_URL)
    ");
    assert_eq!(database.sql("SELECT count(*) FROM users"), "0\n");
    assert_eq!(
        database.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"),
        "0\n"
    );
}
