//! Several migrators, killed ones, and locks that others hold.

use crate::support::{block_on, database, files, rows, run, run_with};
use driftless_migrations::run::{Event, MigrateOptions, migrate};
use std::time::Duration;

#[test]
fn of_many_migrators_at_once_each_file_is_run_by_one() {
    let Some(db) = database() else { return };
    block_on(async {
        let texts = files(&[
            "create table t (a int); select pg_sleep(0.1)",
            "insert into t values (1)",
            "-- driftless: no-transaction\ncreate index concurrently i on t (a)",
        ]);
        let options = MigrateOptions::default();
        let one = async || {
            let mut session = db.session().await;
            let summary = migrate(&mut session, &texts, &options, &mut |_| {})
                .await
                .unwrap();
            summary.applied.len()
        };
        let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
        assert_eq!(a + b + c + d, 3);
        assert_eq!(db.rows("select count(*) from t").await, "1");
        assert_eq!(
            db.rows("select count(*) from drizzle.__drizzle_migrations")
                .await,
            "3"
        );
        assert_eq!(
            db.rows("select indisvalid from pg_index where indexrelid = 'i'::regclass")
                .await,
            "t"
        );
    });
}

#[test]
fn a_killed_migrator_leaves_whole_files_and_the_next_one_goes_on() {
    let Some(db) = database() else { return };
    block_on(async {
        let texts = files(&[
            "create table a (x int)",
            "create table b (x int);\nselect pg_sleep(30);",
        ]);
        let mut session = db.session().await;
        let pid = session.server().pid;
        let options = MigrateOptions::default();
        let mut events = |_: Event| {};
        let (result, ()) = tokio::join!(
            migrate(&mut session, &texts, &options, &mut events),
            async {
                let other = db.session().await;
                let sleeping = format!(
                    "select count(*) from pg_stat_activity where pid = {pid} and query like 'select pg_sleep%'"
                );
                while rows(&other, &sleeping).await != "1" {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                other
                    .texts(&format!("select pg_terminate_backend({pid})"))
                    .await
                    .unwrap();
            }
        );
        let failure = crate::support::shown(&result.unwrap_err());
        assert_eq!(
            failure,
            "connection-lost: `0001_file` was rolled back: terminating connection due to administrator command while this statement ran\n  \
             at drizzle/0001_file.sql:2:1 [select pg_sleep(30)] \n  \
             note: SQLSTATE 57P01\n  \
             note: statement 2 of 2\n  \
             note: applied before it, and kept: `0000_file`\n"
        );
        assert_eq!(
            db.rows("select to_regclass('a'), to_regclass('b')").await,
            "a|null"
        );
        let mended = files(&["create table a (x int)", "create table b (x int);"]);
        let mut session = db.session().await;
        assert_eq!(run(&mut session, &mended).await.tags(), ["0001_file"]);
    });
}

#[test]
fn a_migrator_that_is_gone_gives_its_lock_back_with_its_statement() {
    let Some(db) = database() else { return };
    block_on(async {
        let texts = files(&["create table a (x int); select pg_sleep(30);"]);
        let mut session = db.session().await;
        let options = MigrateOptions::default();
        // The future is dropped in the middle of the statement, as when a program is killed.
        let mut events = |_: Event| {};
        let running = migrate(&mut session, &texts, &options, &mut events);
        let cut = tokio::time::timeout(Duration::from_millis(500), running).await;
        assert!(cut.is_err());
        drop(session);
        // The server looks after the client every second, so the next one need not wait for 30.
        let mut session = db.session().await;
        let patient = MigrateOptions {
            lock_wait: Some(Duration::from_secs(15)),
            ..MigrateOptions::default()
        };
        let mended = files(&["create table a (x int)"]);
        let ran = run_with(&mut session, &mended, &patient).await;
        assert_eq!(ran.tags(), ["0000_file"]);
        assert!(
            ran.events
                .iter()
                .any(|event| matches!(event, Event::Waiting(_)))
        );
    });
}

#[test]
fn a_lock_that_is_not_to_be_had_is_tried_for_again() {
    let Some(db) = database() else { return };
    block_on(async {
        db.sql("create table busy (a int)").await;
        let mut holder = db.session().await;
        holder.execute("begin; lock table busy").await.unwrap();
        let texts = files(&["create table side (a int);\nalter table busy add column b int;"]);
        let mut session = db.session().await;
        let impatient = MigrateOptions {
            lock_timeout: Some(Duration::from_millis(50)),
            lock_retries: 1,
            ..MigrateOptions::default()
        };
        assert_eq!(
            run_with(&mut session, &texts, &impatient).await.failure(),
            "statement-failed: `0000_file` was rolled back: canceling statement due to lock timeout\n  \
             at drizzle/0000_file.sql:2:1 [alter table busy add column b int] 55P03\n  \
             note: SQLSTATE 55P03\n  \
             note: statement 2 of 2\n  \
             note: tried 2 times\n  \
             help: something else holds a lock on the table: end it, try again when it is quiet, or wait longer for locks (`--lock-timeout`)\n"
        );
        let mut holder = Some(holder);
        let mut retries = 0;
        let patient = MigrateOptions {
            lock_retries: 5,
            ..impatient
        };
        let summary = migrate(&mut session, &texts, &patient, &mut |event| {
            if let Event::Retrying { attempt, .. } = event {
                retries = attempt;
                holder = None;
            }
        })
        .await
        .unwrap();
        assert_eq!((summary.applied.len(), retries), (1, 1));
        assert_eq!(
            db.rows("select count(*) from drizzle.__drizzle_migrations")
                .await,
            "1"
        );
    });
}
