//! `driftless dev`: a database of one's own, and the plan on each save.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use driftless_postgres::{ConnectOptions, Session, connect};

use crate::project::TestProject;

const USERS: &str = "export const users = pgTable('users', { id: serial(), name: text() });";

/// Everything here ends sooner, or not at all.
const PATIENCE: Duration = Duration::from_mins(1);

/// A project whose folder the server's own user can go through.
fn project() -> Option<TestProject> {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return None;
    }
    let project = TestProject::generated(USERS);
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(project.path(), open).unwrap();
    Some(project)
}

/// One that runs, and the lines that it has written.
struct Dev {
    child: Child,
    lines: Receiver<String>,
    said: String,
}

impl Dev {
    fn start(project: &TestProject, args: &[&str]) -> Self {
        let plain = project.command(&[&["dev"], args].concat());
        // One stream, so that lines come in their order.
        let mut command = Command::new("sh");
        command
            .args(["-c", "exec \"$0\" \"$@\" 2>&1"])
            .arg(plain.get_program())
            .args(plain.get_args())
            .current_dir(plain.get_current_dir().unwrap())
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut child = command.spawn().unwrap();
        let (tell, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        Self {
            child,
            lines,
            said: String::new(),
        }
    }

    /// What it says up to a line that contains a text.
    #[track_caller]
    fn until(&mut self, text: &str) -> String {
        let mut part = String::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.said += &format!("{line}\n");
                    part += &format!("{line}\n");
                    if line.contains(text) {
                        return part;
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("it never says {text:?}:\n{}", self.said)
                }
            }
        }
    }

    fn url(&mut self) -> String {
        let part = self.until("postgres://");
        part.lines().last().unwrap().to_owned()
    }

    /// Ends it as a supervisor does.
    fn end(mut self) -> i32 {
        let pid = self.child.id().to_string();
        Command::new("kill").arg(pid).status().unwrap();
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that no other test uses.
fn port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

async fn client(url: &str) -> Session {
    connect(&ConnectOptions::from_url(url).unwrap())
        .await
        .unwrap()
}

async fn one(session: &Session, sql: &str) -> String {
    session.texts(sql).await.unwrap()[0][0].clone().unwrap()
}

/// Two clients at once; what one has not committed the other does not see.
fn serves_two(url: &str) {
    block_on(async {
        let (mut first, second) = (client(url).await, client(url).await);
        first.execute("BEGIN").await.unwrap();
        let insert = "INSERT INTO users (name) VALUES ('ann')";
        first.execute(insert).await.unwrap();
        first.execute("COMMIT").await.unwrap();
        let count = "SELECT count(*) FROM users";
        assert_eq!(one(&second, count).await, "1");
        assert_eq!(one(&first, count).await, "1");
        first.close().await;
        assert_eq!(one(&second, count).await, "1");
        second.close().await;
    });
}

#[test]
fn a_database_is_there_and_the_plan_follows_the_schema() {
    let Some(project) = project() else { return };
    project.write("seeds/ben.sql", "INSERT INTO users (name) VALUES ('ben');");
    project.write("driftless.toml", "[seed]\nfiles = [\"seeds/*.sql\"]\n");
    let mut dev = Dev::start(&project, &["--no-seed", "--port", &port()]);
    let url = dev.url();
    let said = dev.until("looked in");
    assert!(said.contains("applied 1 migration"), "{said}");
    assert!(said.contains("nothing to generate"), "{said}");
    serves_two(&url);

    project.schema(&USERS.replace("name: text()", "name: text(), age: integer()"));
    let said = dev.until("looked in");
    let sql = "ALTER TABLE \"users\" ADD COLUMN \"age\" integer;";
    assert!(said.contains(sql), "{said}");
    project.schema("export const users = pgTable('users', {");
    let said = dev.until("looked in");
    assert!(said.contains("error[syntax-error]"), "{said}");
    assert_eq!(project.files("drizzle").len(), 4);

    // Other commands of the project use it, and it uses what they write.
    project.schema(&USERS.replace("name: text()", "name: text(), age: integer()"));
    dev.until("looked in");
    project.succeeds(&["generate", "--name", "age"]);
    let said = dev.until("looked in");
    assert!(said.contains("1 migration to apply"), "{said}");
    let told = project.run(&["status"]);
    assert!(told.contains("(from driftless dev)"), "{told}");
    assert!(told.contains("1 of 2 migrations pending"), "{told}");
    project.succeeds(&["seed"]);
    let another = project.run(&["dev"]);
    assert!(another.contains("error[dev-running]"), "{another}");
    assert_eq!(dev.end(), 0);

    // The data stays, and nobody uses what has ended.
    let mut dev = Dev::start(&project, &["--port", &port()]);
    let url = dev.url();
    let said = dev.until("looked in");
    assert!(said.contains("applied 1 migration"), "{said}");
    assert!(said.contains("the only seed is run already"), "{said}");
    let rows = block_on(async {
        let session = client(&url).await;
        let rows = one(&session, "SELECT count(*) FROM users WHERE age IS NULL").await;
        session.close().await;
        rows
    });
    assert_eq!(rows, "2");
    assert_eq!(dev.end(), 0);
    let (_, status) = project.json(&["status", "--embedded"]);
    assert_eq!(status["outcome"], "ok");
}

#[test]
fn the_engine_inside_serves_as_well() {
    let project = TestProject::generated(USERS);
    let mut dev = Dev::start(&project, &["--embedded", "--port", &port()]);
    let url = dev.url();
    dev.until("looked in");
    serves_two(&url);
    // An application that stays connected is in nobody's way.
    block_on(async {
        let application = client(&url).await;
        assert_eq!(one(&application, "SELECT count(*) FROM users").await, "1");
        project.schema(&USERS.replace("name: text()", "name: text(), age: integer()"));
        dev.until("looked in");
        project.succeeds(&["generate", "--name", "age"]);
        project.succeeds(&["migrate"]);
        let none = "SELECT count(*) FROM users WHERE age IS NULL";
        assert_eq!(one(&application, none).await, "1");
        application.close().await;
    });
    assert_eq!(dev.end(), 0);
}

#[test]
fn plans_are_applied_as_they_come_when_asked_for() {
    let Some(project) = project() else { return };
    let mut dev = Dev::start(&project, &["--apply", "--port", &port()]);
    let url = dev.url();
    dev.until("looked in");
    project.schema(&USERS.replace("name: text()", "name: text(), age: integer()"));
    let said = dev.until("looked in");
    assert!(said.contains("applied 1 migration"), "{said}");
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'users'";
    let count = || {
        block_on(async {
            let session = client(&url).await;
            let count = one(&session, columns).await;
            session.close().await;
            count
        })
    };
    assert_eq!(count(), "3");
    // What has to be answered waits.
    project.schema(&USERS.replace("name: text()", "name: text(), years: integer()"));
    let said = dev.until("looked in");
    assert!(said.contains("error[rename-undecided]"), "{said}");
    project.schema(USERS);
    let said = dev.until("looked in");
    assert!(said.contains("error[hazard-not-allowed]"), "{said}");
    assert_eq!(count(), "3");
    dev.end();
}

#[test]
fn a_new_file_and_a_new_folder_count() {
    let Some(project) = project() else { return };
    project.write(
        "drizzle.config.ts",
        "export default { dialect: 'postgresql', schema: './src/**/*.ts', out: './drizzle' };",
    );
    let mut dev = Dev::start(&project, &["--port", &port()]);
    dev.until("looked in");
    project.write(
        "src/more/posts.ts",
        "import { pgTable, text } from 'drizzle-orm/pg-core';\n\
         export const posts = pgTable('posts', { title: text() });\n",
    );
    let said = dev.until("CREATE TABLE \"posts\"");
    assert!(!said.contains("error"), "{said}");
    dev.end();
}

#[test]
fn it_is_for_people_and_not_for_production() {
    let project = TestProject::generated(USERS);
    insta::assert_snapshot!(project.run(&["dev", "--format", "json"]), @r#"
    exit 64
    --- stdout
    {
      "command": "dev",
      "diagnostics": [
        {
          "code": "format-of-people",
          "help": [
            "for programs there are `driftless generate --dry-run --format json` and `driftless migrate --format json`"
          ],
          "message": "`driftless dev` speaks to people alone",
          "notes": [],
          "severity": "error"
        }
      ],
      "exit_code": 64,
      "outcome": "usage"
    }
    "#);
    let url = "postgres://app@db.example.com/app";
    insta::assert_snapshot!(project.run(&["dev", "--database-url", url]), @"
    exit 64
    --- stderr
    error[not-for-trying]: postgres://app@db.example.com:5432/app is none to try things on: db.example.com is another machine
     |
     = help: without --database-url, `driftless dev` makes a database of its own
    ");
}

/// What somebody does at the screen.
enum Act<'a> {
    Press(&'a str),
    Save(&'a str),
}

#[test]
fn keys_write_apply_and_end() {
    let Some(project) = project() else { return };
    let binary = env!("CARGO_BIN_EXE_driftless");
    let child = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!("'{binary}' dev --port {}", port()))
        .arg("/dev/null")
        .current_dir(project.path())
        .env("NO_COLOR", "1")
        .env("TERM", "xterm")
        .env_remove("DATABASE_URL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: `script` is not on this machine");
        return;
    };
    let renamed = USERS.replace("name:", "title:");
    let mut stdin = child.stdin.take().unwrap();
    // Each is done once the screen shows the text behind what was there before.
    let mut acts = [
        ("q quit", Act::Save(&renamed)),
        ("rename-undecided", Act::Press("")),
        ("q quit", Act::Press("a")),
        ("it was users.name", Act::Press("\u{1b}[B")),
        ("> it was users.name", Act::Press("\r")),
        ("applied 1 migration", Act::Press("")),
        ("q quit", Act::Press("r")),
        ("[y/n]", Act::Press("y")),
        ("applied 2 migrations", Act::Press("")),
        ("q quit", Act::Press("q")),
    ]
    .into_iter()
    .peekable();
    let mut stdout = child.stdout.take().unwrap();
    let (mut screen, mut chunk, mut seen) = (String::new(), [0; 4096], 0);
    while let Ok(length @ 1..) = stdout.read(&mut chunk) {
        screen += &String::from_utf8_lossy(&chunk[..length]);
        while let Some((text, act)) = acts.peek()
            && let Some(at) = screen[seen..].find(text)
        {
            seen += at + text.len();
            match act {
                Act::Press(keys) => stdin.write_all(keys.as_bytes()).unwrap(),
                Act::Save(schema) => project.schema(schema),
            }
            acts.next();
        }
    }
    let status = child.wait().unwrap();
    assert!(
        acts.peek().is_none(),
        "not every key was asked for: {screen}"
    );
    assert_eq!(status.code(), Some(0), "{screen}");
    let files = project.files("drizzle");
    let migrations = files
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|end| end == "sql"));
    assert_eq!(migrations.count(), 2, "{screen}");
}
