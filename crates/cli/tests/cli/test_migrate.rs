//! `driftless migrate`.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::project::TestProject;
use crate::server::TestDatabase;

pub(crate) const USERS: &str =
    "export const users = pgTable('users', { id: serial().primaryKey(), name: text() });";

/// A project with one migration and a database of its own.
pub(crate) fn project() -> Option<(TestProject, TestDatabase)> {
    let database = TestDatabase::new()?;
    let project = TestProject::generated(USERS).env("DATABASE_URL", &database.url());
    Some((project, database))
}

/// Adds a hand-written migration.
pub(crate) fn custom(project: &TestProject, number: usize, name: &str, sql: &str) {
    project.succeeds(&["generate", "--custom", "--name", name]);
    project.write(&format!("drizzle/{number:04}_{name}.sql"), sql);
}

#[test]
fn pending_migrations_are_applied_once() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(
        &project,
        1,
        "seed",
        "INSERT INTO users (name) VALUES ('Ada');",
    );
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    applied 2 migrations in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0000_first done in [TIME]
    0001_seed done in [TIME]
    ");
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    nothing to do: both migrations are applied already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_eq!(database.sql("SELECT name FROM users"), "Ada\n");
    let ledger = "SELECT count(*) FROM drizzle.__drizzle_migrations";
    assert_eq!(database.sql(ledger), "2\n");
}

#[test]
fn json_tells_what_happens_and_what_was_applied() {
    let Some((project, _database)) = project() else {
        return;
    };
    let (code, lines) = project.json_lines(&["migrate"]);
    assert_eq!(code, 0);
    let events: Vec<_> = lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        events,
        [
            "verified",
            "migration-started",
            "statement-started",
            "statement-finished",
            "migration-finished",
            "finished"
        ]
    );
    let summary = lines[2]["summary"].as_str().unwrap();
    assert!(summary.starts_with("CREATE TABLE \"users\" ("), "{summary}");
    assert_eq!(lines[2]["line"], 1);
    let json = lines.last().unwrap();
    assert_eq!(json["applied"][0]["tag"], "0000_first");
    assert_eq!(json["applied"][0]["statements"], 1);
    let (_, lines) = project.json_lines(&["migrate"]);
    let json = lines.last().unwrap();
    assert_eq!(json["applied"], serde_json::json!([]));
    assert_eq!(json["already_applied"], 1);
}

#[test]
fn a_dry_run_changes_nothing() {
    let Some((project, database)) = project() else {
        return;
    };
    insta::assert_snapshot!(project.run(&["migrate", "--dry-run"]), @r"
    exit 0
    --- stdout
    would apply drizzle/0000_first.sql (1 statement)
    1 migration would be applied, nothing was changed
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'drizzle'";
    assert_eq!(database.sql(schemas), "0\n");
}

#[test]
fn up_to_a_tag() {
    let Some((project, _database)) = project() else {
        return;
    };
    custom(&project, 1, "second", "SELECT 2;");
    custom(&project, 2, "third", "SELECT 3;");
    insta::assert_snapshot!(project.run(&["migrate", "--to", "0001_second"]), @r"
    exit 0
    --- stdout
    applied 2 migrations in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0000_first done in [TIME]
    0001_second done in [TIME]
    ");
    insta::assert_snapshot!(project.run(&["migrate", "--to", "0001_second"]), @r"
    exit 0
    --- stdout
    nothing to do up to 0001_second: 1 later migration left
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    insta::assert_snapshot!(project.run(&["migrate", "--to", "0001_secnod"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[no-such-migration]: the folder has no migration `0001_secnod`
     |
     = help: `driftless status` lists them
    ");
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0002_third done in [TIME]
    ");
}

#[test]
fn unusual_files_are_run_as_they_are() {
    let Some((project, database)) = project() else {
        return;
    };
    let texts = [
        (
            "crlf",
            "CREATE TABLE crlf (\r\n  id int\r\n);\r\n--> statement-breakpoint\r\nSELECT 1;\r\n",
        ),
        ("bom", "\u{feff}CREATE TABLE bom (id int);"),
        ("bare", "CREATE TABLE bare (id int)"),
        (
            "marker",
            "CREATE TABLE marker AS SELECT 'a --> statement-breakpoint b' AS text;",
        ),
    ];
    for (at, (name, text)) in texts.iter().enumerate() {
        custom(&project, at + 1, name, text);
    }
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    applied 5 migrations in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    warning[hidden-breakpoint]: drizzle-orm's own migrator would cut a statement of `0004_marker` in two: there is a `--> statement-breakpoint` inside a string, a comment or a body
     --> drizzle/0004_marker.sql:1:34
      |
    1 | CREATE TABLE marker AS SELECT 'a --> statement-breakpoint b' AS text;
      |                                  ^^^^^^^^^^^^^^^^^^^^^^^^ Driftless leaves it alone

    0000_first done in [TIME]
    0001_crlf done in [TIME]
    0002_bom done in [TIME]
    0003_bare done in [TIME]
    0004_marker done in [TIME]
    ");
    assert_eq!(
        database.sql("SELECT text FROM marker"),
        "a --> statement-breakpoint b\n"
    );
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    nothing to do: all 5 migrations are applied already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
}

#[test]
fn ctrl_c_stops_the_statement_and_rolls_back() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(
        &project,
        1,
        "slow",
        "CREATE TABLE half (id int);\n--> statement-breakpoint\nSELECT pg_sleep(60);",
    );
    let child = project
        .command(&["migrate"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' \
                    AND state = 'active' AND pid <> pg_backend_pid()";
    wait_until(|| database.sql(sleeping) == "1\n");
    interrupt(child.id());
    insta::assert_snapshot!(project.told(&child.wait_with_output().unwrap()), @r"
    exit 130
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0000_first done in [TIME]
    error[interrupted]: interrupted after 1 migration: what ran after that was rolled back
     |
     = help: to go on, run `driftless migrate` again
    ");
    assert_eq!(database.sql(sleeping), "0\n");
    assert_eq!(database.sql("SELECT to_regclass('half')"), "\n");
    project.write("drizzle/0001_slow.sql", "CREATE TABLE half (id int);");
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0001_slow done in [TIME]
    ");
}

#[test]
fn two_at_a_time_take_turns() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(
        &project,
        1,
        "slow",
        "SELECT pg_sleep(2.5);\n--> statement-breakpoint\nINSERT INTO users (name) VALUES ('once');",
    );
    let start = || {
        project
            .command(&["migrate"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let first = start();
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(2.5)%' \
                    AND state = 'active' AND pid <> pg_backend_pid()";
    wait_until(|| database.sql(sleeping) == "1\n");
    let second = start();
    let second = project.told(&second.wait_with_output().unwrap());
    assert!(first.wait_with_output().unwrap().status.success());
    assert!(second.contains("waiting for another migrator"), "{second}");
    assert!(second.starts_with("exit 0\n"), "{second}");
    assert_eq!(database.sql("SELECT count(*) FROM users"), "1\n");
}

/// The state of the server is asked for until it is as expected.
fn wait_until(mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !done() {
        assert!(Instant::now() < deadline, "it does not come to that");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn interrupt(pid: u32) {
    let status = std::process::Command::new("sh")
        .args(["-c", &format!("kill -INT {pid}")])
        .status()
        .unwrap();
    assert!(status.success());
}

#[cfg(feature = "embedded")]
#[test]
fn without_a_url_there_is_a_postgres_all_the_same() {
    let project = TestProject::generated(USERS);
    insta::assert_snapshot!(project.run(&["status"]), @r"
    exit 0
    --- stdout
    migration   kind       applied  file
    0000_first  generated  pending  new

    the only migration is pending: run `driftless migrate`
    --- stderr
    database: none yet; `driftless migrate` makes one in .driftless/
    ");
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: the embedded Postgres in .driftless/postgres, because DATABASE_URL of drizzle.config.ts is not set (for another one set DATABASE_URL or pass --database-url)
    0000_first done in [TIME]
    ");
    insta::assert_snapshot!(project.run(&["migrate", "--embedded"]), @r"
    exit 0
    --- stdout
    nothing to do: the only migration is applied already
    --- stderr
    database: the embedded Postgres in .driftless/postgres
    ");
    insta::assert_snapshot!(project.run(&["status"]), @r"
    exit 0
    --- stdout
    migration   kind       applied                  file
    0000_first  generated  [WHEN]  as applied

    the only migration is applied
    --- stderr
    database: the embedded Postgres in .driftless/postgres, because DATABASE_URL of drizzle.config.ts is not set (for another one set DATABASE_URL or pass --database-url)
    ");
    assert_eq!(project.read(".driftless/.gitignore"), "*\n");
}
