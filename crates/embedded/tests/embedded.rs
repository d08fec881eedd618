//! The engine in a helper process, which is this very test binary run again.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::exit,
    reason = "helpers of tests, one of which is a program"
)]

use driftless_diagnostic::SourceFile;
use driftless_embedded::{Embedded, ServeOptions, StartOptions, serve, start};
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::run::{MigrateOptions, migrate};
use driftless_postgres::{ConnectOptions, Session, connect};
use std::path::Path;
use std::time::Duration;

/// Not a test of its own: the helper that the others start.
#[test]
fn helper() {
    let Some(arguments) = std::env::var_os("EMBEDDED_HELPER").map(|_| std::env::args().skip(4))
    else {
        return;
    };
    let mut arguments = arguments.collect::<Vec<_>>().into_iter();
    let (Some(data), Some(socket)) = (arguments.next(), arguments.next()) else {
        return;
    };
    let _ = serve(ServeOptions {
        data: data.into(),
        socket: socket.into(),
        extensions: arguments.collect(),
        stdin: Box::new(std::io::stdin()),
        stdout: Box::new(std::io::stdout()),
        exit: || std::process::exit(3),
    });
}

fn options(data: &Path) -> StartOptions {
    // The variable goes through `env`, for the parent's own environment stays as it is.
    StartOptions {
        program: "/usr/bin/env".into(),
        arguments: vec![
            "EMBEDDED_HELPER=1".into(),
            std::env::current_exe().unwrap().into(),
            "helper".into(),
            "--exact".into(),
            "--nocapture".into(),
        ],
        data: data.to_owned(),
        extensions: Vec::new(),
        cache: None,
        deadline: Duration::from_mins(2),
        wait: None,
    }
}

fn started(data: &Path) -> Embedded {
    start(&options(data), &mut |_| {}).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

async fn session(embedded: &Embedded) -> Session {
    connect(&ConnectOptions::from_url(&embedded.url()).unwrap())
        .await
        .unwrap()
}

async fn value(session: &Session, sql: &str) -> String {
    session.texts(sql).await.unwrap()[0][0]
        .clone()
        .unwrap_or_default()
}

fn kill(embedded: &Embedded) {
    let pid = embedded.pid().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-9", &pid])
        .status();
    assert!(killed.unwrap().success());
}

#[test]
fn what_was_committed_is_there_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join(".driftless/postgres");
    let embedded = started(&data);
    block_on(async {
        let mut session = session(&embedded).await;
        let sql = "create table t (a int); insert into t values (42)";
        session.execute(sql).await.unwrap();
        assert!(!session.is_pooled());
        assert_eq!(
            value(&session, "show search_path").await,
            "\"$user\", public"
        );
        assert_eq!(session.server().major(), 18);
        session.close().await;
    });
    embedded.stop();
    assert_eq!(
        std::fs::read_to_string(dir.path().join(".driftless/.gitignore")).unwrap(),
        "*\n"
    );
    let embedded = started(&data);
    block_on(async {
        let first = session(&embedded).await;
        assert_eq!(value(&first, "select a from t").await, "42");
        first.close().await;
        let second = session(&embedded).await;
        assert_eq!(value(&second, "select a + 1 from t").await, "43");
    });
}

#[test]
fn a_killed_helper_loses_nothing_that_was_committed_and_keeps_nothing_that_was_not() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("postgres");
    let embedded = started(&data);
    block_on(async {
        let mut session = session(&embedded).await;
        session
            .execute("create table t (a int); insert into t select generate_series(1, 1000)")
            .await
            .unwrap();
        let open = "begin; insert into t select generate_series(1, 5000); create table u (a int)";
        session.execute(open).await.unwrap();
        kill(&embedded);
        assert!(session.execute("commit").await.unwrap_err().is_lost());
    });
    drop(embedded);
    let embedded = started(&data);
    block_on(async {
        let mut session = session(&embedded).await;
        assert_eq!(value(&session, "select count(*) from t").await, "1000");
        assert_eq!(
            value(&session, "select to_regclass('u') is null").await,
            "t"
        );
        session.execute("create table u (a int)").await.unwrap();
    });
}

#[test]
fn a_second_command_waits_and_says_for_whom() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("postgres");
    let first = started(&data);
    let mut events = Vec::new();
    let impatient = StartOptions {
        wait: Some(Duration::ZERO),
        ..options(&data)
    };
    let failure = start(&impatient, &mut |_| {}).unwrap_err();
    let diagnostic = &failure.diagnostics()[0];
    assert_eq!(diagnostic.code, "embedded-in-use");
    let expected = format!(
        "the embedded Postgres in `{}` is in use by process {}; waited 0 s",
        data.display(),
        first.pid()
    );
    assert_eq!(diagnostic.message, expected);

    // The other one ends as soon as we have been told to wait.
    let mut first = Some(first);
    let second = start(&options(&data), &mut |event| {
        events.push(event);
        first = None;
    });
    assert!(second.is_ok());
    assert!(!events.is_empty());
}

#[test]
fn roles_and_row_level_security_hold() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = started(&dir.path().join("postgres"));
    block_on(async {
        let mut session = session(&embedded).await;
        session
            .execute(
                "create role app; create table t (account int); insert into t values (1), (2); \
                 alter table t enable row level security, force row level security; \
                 create policy p on t using (account = current_setting('app.account')::int); \
                 grant select on t to app; set app.account = '1'; set role app",
            )
            .await
            .unwrap();
        assert_eq!(
            value(&session, "select string_agg(account::text, ',') from t").await,
            "1"
        );
        let refused = session
            .execute("insert into t values (1)")
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Some("42501"));
    });
}

#[test]
fn extensions_that_are_asked_for_can_be_created_and_stay() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("postgres");
    let asked = StartOptions {
        extensions: vec!["citext".into(), "vector".into()],
        ..options(&data)
    };
    let embedded = start(&asked, &mut |_| {}).unwrap();
    block_on(async {
        let mut session = session(&embedded).await;
        session
            .execute("create extension citext; create extension vector; create table t (a citext, v vector(2)); insert into t values ('A', '[1,2]')")
            .await
            .unwrap();
        session.close().await;
    });
    embedded.stop();
    let embedded = started(&data);
    block_on(async {
        let session = session(&embedded).await;
        let sql = "select v <-> '[1,3]' from t where a = 'a'";
        assert_eq!(value(&session, sql).await, "1");
    });
}

#[test]
fn a_procedure_with_an_exception_block_works() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = started(&dir.path().join("postgres"));
    block_on(async {
        let mut session = session(&embedded).await;
        session
            .execute("create type e as enum ('a'); do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$")
            .await
            .unwrap();
        assert_eq!(value(&session, "select 'a'::e").await, "a");
    });
}

#[test]
fn what_keeps_it_from_starting_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("postgres");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("notes.txt"), "mine").unwrap();
    let failure = start(&options(&data), &mut |_| {}).unwrap_err();
    let diagnostic = &failure.diagnostics()[0];
    assert_eq!(diagnostic.code, "embedded-not-started");
    assert_eq!(
        diagnostic.message,
        format!(
            "the embedded Postgres does not start: database root {} contains unexpected entry \"notes.txt\"",
            data.display()
        )
    );
    assert!(data.join("notes.txt").exists());

    let broken = StartOptions {
        program: "/nowhere/driftless".into(),
        ..options(&data)
    };
    assert_eq!(
        start(&broken, &mut |_| {}).unwrap_err().to_string(),
        "the embedded Postgres does not start: `/nowhere/driftless` cannot be run: No such file or directory (os error 2)"
    );
    let silent = StartOptions {
        program: "/bin/false".into(),
        ..options(&data)
    };
    assert_eq!(
        start(&silent, &mut |_| {}).unwrap_err().to_string(),
        "the embedded Postgres ended before it was ready (exit status: 1)"
    );
}

#[test]
fn migrations_run_and_are_recorded_as_in_any_other_server() {
    let files: Vec<MigrationFile> = [
        "create role app; create table t (account int); alter table t enable row level security, force row level security;",
        "select pg_catalog.set_config('search_path', '', false); set role app",
        "create type mood as enum ('sad')",
        "alter type mood add value 'glad'",
        "set session authorization app",
        "create table u (m mood default 'glad');\ninsert into u default values",
        "-- driftless: no-transaction\ncreate index concurrently i on u (m);\nvacuum u;",
    ]
    .iter()
    .enumerate()
    .map(|(i, text)| MigrationFile {
        tag: format!("{i:04}_file"),
        when: 1000 + i64::try_from(i).unwrap(),
        source: SourceFile::new(format!("{i:04}_file.sql"), *text),
        recorded: None,
    })
    .collect();
    let dir = tempfile::tempdir().unwrap();
    let embedded = started(&dir.path().join("postgres"));
    let options = MigrateOptions::default();
    block_on(async {
        let mut session = session(&embedded).await;
        let done = migrate(&mut session, &files, &options, &mut |_| {}).await;
        assert_eq!(done.unwrap().applied.len(), 7);
        session.close().await;
        let mut session = self::session(&embedded).await;
        let again = migrate(&mut session, &files, &options, &mut |_| {}).await;
        assert_eq!(again.unwrap().already, 7);
        let owners = "select string_agg(distinct tableowner, ',') from pg_tables where schemaname in ('public', 'drizzle')";
        assert_eq!(value(&session, owners).await, "postgres");

        let mut broken = files.clone();
        broken.push(MigrationFile {
            tag: "0007_file".into(),
            when: 2000,
            source: SourceFile::new(
                "0007_file.sql",
                "create table v (a int);\ninsert into v values ('x');",
            ),
            recorded: None,
        });
        let failure = migrate(&mut session, &broken, &options, &mut |_| {})
            .await
            .unwrap_err();
        let diagnostic = &failure.diagnostics()[0];
        assert_eq!(
            diagnostic.message,
            "`0007_file` was rolled back: invalid input syntax for type integer: \"x\""
        );
        let label = &diagnostic.labels[0];
        assert_eq!(label.source.position(label.start).line, 2);
        assert_eq!(
            value(&session, "select to_regclass('v') is null").await,
            "t"
        );
    });
}

#[test]
fn two_clients_take_turns() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = started(&dir.path().join("postgres"));
    let login = |user: &str| {
        let url = embedded.url().replace("postgres@", &format!("{user}@"));
        async move { connect(&ConnectOptions::from_url(&url).unwrap()).await }
    };
    block_on(async {
        let mut owner = login("postgres").await.unwrap();
        owner
            .execute(
                "create table t (a int); create role app login; grant all on t to app;
                 alter table t enable row level security;
                 create policy p on t using (a < 10)",
            )
            .await
            .unwrap();
        let mut app = login("app").await.unwrap();
        // Each is who it is, and has its own settings.
        owner.execute("set lock_timeout = '7s'").await.unwrap();
        owner
            .execute("insert into t values (1), (11)")
            .await
            .unwrap();
        let who = "select current_user || ' ' || current_setting('lock_timeout')";
        assert_eq!(value(&app, who).await, "app 0");
        assert_eq!(value(&app, "select count(*) from t").await, "1");
        assert_eq!(value(&owner, who).await, "postgres 7s");
        assert_eq!(value(&owner, "select count(*) from t").await, "2");
        // A role that was set stays set.
        owner.execute("set role app").await.unwrap();
        assert_eq!(value(&app, who).await, "app 0");
        assert_eq!(value(&owner, who).await, "app 7s");
        owner.execute("reset role").await.unwrap();

        // A transaction is over before another client has its turn.
        owner.execute("begin").await.unwrap();
        owner.execute("insert into t values (2)").await.unwrap();
        let count = async {
            tokio::time::timeout(
                Duration::from_millis(300),
                value(&app, "select count(*) from t"),
            )
            .await
        };
        assert!(count.await.is_err());
        owner.execute("commit").await.unwrap();
        assert_eq!(value(&app, "select count(*) from t").await, "2");
        app.execute("begin").await.unwrap();
        assert!(app.execute("select 1/0").await.is_err());
        app.execute("rollback").await.unwrap();

        // Whoever goes away within one leaves nothing behind.
        owner.execute("begin").await.unwrap();
        owner.execute("insert into t values (3)").await.unwrap();
        drop(owner);
        assert_eq!(value(&app, "select count(*) from t").await, "2");
        assert!(login("nobody").await.is_err());
        let second = login("app").await.unwrap();
        assert_eq!(value(&second, "select count(*) from t").await, "2");
        assert_eq!(value(&app, "select count(*) from t").await, "2");
    });
    embedded.stop();
}
