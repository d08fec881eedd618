//! What a session is: whose, where from, and who stands in its way.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::project::TestProject;
use crate::server::TestDatabase;

const USERS: &str = "export const users = pgTable('users', { name: text() });";

#[test]
fn variables_and_services_name_the_database() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = TestProject::generated(USERS)
        .env("PGHOST", &database.socket())
        .env("PGDATABASE", &database.name)
        .env("PGUSER", "postgres");
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from PGHOST)
    0000_first done in [TIME]
    ");
    let service = format!(
        "[here]\nhost={}\ndbname={}\nuser=postgres\n",
        database.socket(),
        database.name
    );
    let project = TestProject::new(USERS);
    project.write("services", &service);
    let file = project.path().join("services");
    let project = project
        .env("PGSERVICEFILE", file.to_str().unwrap())
        .env("PGSERVICE", "here");
    insta::assert_snapshot!(project.run(&["status"]), @r"
    exit 0
    --- stdout
    the folder holds no migration: run `driftless generate`
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from PGSERVICE)
    warning[unknown-in-folder]: the database has 1 migration that the folder does not have
     |
     = note: ledger rows, by created_at and hash: [MILLISECONDS] ([SHA256]...)
     = help: a newer version of the project may have been deployed, or files are missing here
    ");
    let missing = ["status", "--database-url", "postgres://?service=there"];
    insta::assert_snapshot!(project.run(&missing), @r"
    exit 1
    --- stderr
    error[unknown-database-service]: no service file has a service `there`
     |
     = note: looked into [DIR]/services
     = note: the URL is from --database-url
     = help: add `[there]` with its `host`, `dbname` and `user`, or give the database's URL
    ");
}

#[test]
fn a_role_of_the_config_owns_what_is_made() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let (owner, login) = (
        format!("owner_{}", database.name),
        format!("login_{}", database.name),
    );
    database.sql(&format!(
        "CREATE ROLE {owner}; CREATE ROLE {login} LOGIN NOINHERIT; \
         GRANT CREATE ON DATABASE {name} TO {owner}; GRANT CREATE ON SCHEMA public TO {owner};",
        name = database.name
    ));
    let project = TestProject::generated(USERS).env("DATABASE_URL", &database.url_as(&login));
    project.write(
        "driftless.toml",
        &format!("[database]\nrole = \"{owner}\"\n"),
    );
    let refused = project.run(&["migrate"]);
    let refused = refused.replace(&database.name, "[DATABASE]");
    insta::assert_snapshot!(refused, @r#"
    exit 1
    --- stderr
    database: postgres://login_[DATABASE]@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[query-failed]: becoming the role `owner_[DATABASE]` failed: permission denied to set role "owner_[DATABASE]"
     |
     = note: SQLSTATE 42501
     = help: GRANT "owner_[DATABASE]" TO "login_[DATABASE]"
    "#);
    database.sql(&format!("GRANT {owner} TO {login};"));
    project.succeeds(&["migrate"]);
    project.succeeds(&["generate", "--custom", "--name", "alone"]);
    project.write(
        "drizzle/0001_alone.sql",
        "-- driftless: no-transaction\nRESET ROLE;\nCREATE INDEX CONCURRENTLY i ON users (name);\n",
    );
    project.run(&["record"]);
    let refused = project.run(&["migrate"]);
    assert!(
        refused.contains("must be owner of table users"),
        "{refused}"
    );
    let owners = "SELECT DISTINCT relowner::regrole FROM pg_class WHERE relname IN \
                  ('users', '__drizzle_migrations', '__driftless_runs')";
    assert_eq!(database.sql(owners), format!("{owner}\n"));
    let by = "SELECT DISTINCT by_whom FROM drizzle.__driftless_runs";
    assert_eq!(database.sql(by), format!("{login}\n"));
    database.sql(&format!(
        "DROP OWNED BY {owner}; DROP ROLE {login}, {owner};"
    ));
}

#[test]
fn who_holds_the_lock_is_told_while_a_statement_waits() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = TestProject::generated(USERS).env("DATABASE_URL", &database.url());
    project.succeeds(&["migrate"]);
    project.schema("export const users = pgTable('users', { name: text(), age: integer() });");
    project.succeeds(&["generate", "--name", "age"]);
    let mut other = database
        .databases()
        .psql(&database.name)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = other.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"BEGIN; LOCK users;\n").unwrap();
    let locked = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'";
    let started = Instant::now();
    while database.sql(locked) == "0\n" {
        assert!(started.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(20));
    }
    let args = ["migrate", "--lock-timeout", "1500ms", "--lock-retries", "0"];
    insta::assert_snapshot!(project.run(&args), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0001_age: waiting for a lock held by pid [PID], user postgres, application psql, connected since [WHEN], idle in transaction: 1 s so far
    error[statement-failed]: `0001_age` was rolled back: canceling statement due to lock timeout
     --> drizzle/0001_age.sql:1:1
      |
    1 | ALTER TABLE "users" ADD COLUMN "age" integer;
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 55P03
      |
      = note: SQLSTATE 55P03
      = note: the lock is held by pid [PID], user postgres, application psql, connected since [WHEN], idle in transaction
      = note: statement 1 of 1
      = help: something else holds a lock on the table: end it, try again when it is quiet, or wait longer for locks (`--lock-timeout`)
    "#);
    drop(input);
    other.wait().unwrap();
    project.succeeds(&["migrate"]);
}

#[test]
fn a_signal_ends_what_only_reads() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = TestProject::generated(USERS).env("DATABASE_URL", &database.url());
    project.succeeds(&["migrate"]);
    database.sql("DROP SCHEMA drizzle CASCADE;");
    // A server that never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let scratch = format!("postgres://u@127.0.0.1:{port}/x?connect_timeout=60");
    for command in ["baseline", "plan", "diff"] {
        let mut args = vec![command, "--scratch-url", &scratch];
        if command == "diff" {
            args.extend(["migrations", "schema"]);
        }
        let child = project
            .command(&args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (_held, _) = silent.accept().unwrap();
        terminate(child.id());
        let said = project.told(&child.wait_with_output().unwrap());
        assert!(said.starts_with("exit 130\n"), "{command}: {said}");
        let word = "error[interrupted]: interrupted: nothing was changed";
        assert!(said.contains(word), "{command}: {said}");
    }
}

fn terminate(pid: u32) {
    let status = std::process::Command::new("kill")
        .args(["-TERM", &pid.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}
