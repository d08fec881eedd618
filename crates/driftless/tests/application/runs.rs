//! Options, events and failures, with folders that are read at run time.

use crate::support::{Folder, block_on, database, listen};
use driftless::{Event, Migrator};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn two() -> Folder {
    Folder::of(&[
        ("0000_users", "CREATE TABLE users (id int);\n"),
        (
            "0001_names",
            "ALTER TABLE users ADD COLUMN name text;\n--> statement-breakpoint\n\
             DO $$ BEGIN RAISE NOTICE 'nobody is named'; END $$;\n",
        ),
    ])
}

/// The same, what is told first.
fn telling() -> Folder {
    Folder::of(&[
        ("0000_users", "CREATE TABLE users (id int);\n"),
        (
            "0001_names",
            "DO $$ BEGIN RAISE NOTICE 'nobody is named'; END $$;\n--> statement-breakpoint\n\
             ALTER TABLE users ADD COLUMN name text;\n",
        ),
    ])
}

#[test]
fn events_come_in_order() {
    let Some(db) = database() else { return };
    block_on(async {
        let (migrator, heard) = listen(&telling().migrator());
        migrator.run_url(&db.url).await.unwrap();
        insta::assert_snapshot!(heard.lock().unwrap().join("\n"), @r"
        0 applied before, 2 to apply
        0000_users (1 of 2)
        0000_users 1/1, line 1: CREATE TABLE users (id int)
        0000_users 1/1 took 0.0ns
        0000_users done in 0.0ns
        0001_names (2 of 2)
        0001_names 1/2, line 1: DO $$ BEGIN RAISE NOTICE 'nobody is named'; END $$
        notice: 0001_names: nobody is named
        0001_names 1/2 took 0.0ns
        0001_names 2/2, line 3: ALTER TABLE users ADD COLUMN name text
        0001_names 2/2 took 0.0ns
        0001_names done in 0.0ns
        ");
    });
}

#[test]
fn options_say_how_far_and_where() {
    let Some(db) = database() else { return };
    block_on(async {
        let migrator = two().migrator().ledger("app", "migrations");
        let tags = |applied: &[driftless::Applied]| {
            let tags = applied.iter().map(|one| one.tag.clone());
            tags.collect::<Vec<_>>().join(" ")
        };
        let dry = migrator.clone().dry_run(true).run_url(&db.url).await;
        assert_eq!(tags(&dry.unwrap().applied), "0000_users 0001_names");
        assert_eq!(
            db.rows("select to_regclass('app.migrations')").await,
            "null"
        );

        let first = migrator.clone().to("0000_users").run_url(&db.url).await;
        let first = first.unwrap();
        assert_eq!(
            (&*tags(&first.applied), first.left),
            ("0000_users", vec!["0001_names".to_owned()])
        );
        let rest = migrator.run_url(&db.url).await.unwrap();
        assert_eq!(tags(&rest.applied), "0001_names");
        assert_eq!(db.rows("select count(*) from app.migrations").await, "2");
    });
}

#[test]
fn a_role_owns_what_is_made_and_one_that_is_not_granted_is_named() {
    let Some(db) = database() else { return };
    block_on(async {
        // Roles are the server's, which other tests use as well.
        db.rows("drop role if exists runs_owner").await;
        db.rows("create role runs_owner").await;
        db.rows("grant create on schema public to runs_owner").await;
        db.rows(
            "do $$ begin execute format('grant create on database %I to runs_owner', current_database()); end $$",
        )
        .await;
        let migrator = two().migrator().role("runs_owner");
        migrator.run_url(&db.url).await.unwrap();
        assert_eq!(
            db.rows(
                "select tableowner from pg_tables where tablename in ('users', '__drizzle_migrations')"
            )
            .await,
            "runs_owner\nruns_owner"
        );
        let status = migrator.status_url(&db.url).await.unwrap();
        assert!(status.ledger_exists && status.unknown.is_empty());

        let error = migrator.role("nobody").run_url(&db.url).await.unwrap_err();
        insta::assert_snapshot!(error, @r#"becoming the role `nobody` failed: role "nobody" does not exist"#);
        db.rows("drop owned by runs_owner; drop role runs_owner")
            .await;
    });
}

#[test]
fn a_statement_that_fails_is_shown_in_its_file_and_the_next_run_goes_on() {
    let Some(db) = database() else { return };
    block_on(async {
        let folder = two();
        folder.edit("0001_names.sql", "ALTER TABLE users", "ALTER TABLE user_s");
        let error = folder.migrator().run_url(&db.url).await.unwrap_err();
        insta::assert_snapshot!(folder.shown(&error), @r#"
        error[statement-failed]: `0001_names` was rolled back: relation "user_s" does not exist
         --> drizzle/0001_names.sql:1:1
          |
        1 | ALTER TABLE user_s ADD COLUMN name text;
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 42P01
          |
          = note: SQLSTATE 42P01
          = note: statement 1 of 2
          = note: applied before it, and kept: `0000_users`
          = help: correct the file, then start again: it goes on with this migration
        "#);
        folder.edit("0001_names.sql", "user_s", "users");
        let summary = folder.migrator().run_url(&db.url).await.unwrap();
        assert_eq!((summary.applied.len(), summary.already), (1, 1));
    });
}

#[test]
fn another_migrator_is_waited_for_as_long_as_is_said() {
    let Some(db) = database() else { return };
    block_on(async {
        let slow = Folder::of(&[("0000_slow", "SELECT pg_sleep(2);\n")]);
        let started = Arc::new(tokio::sync::Notify::new());
        let notify = Arc::clone(&started);
        let first = slow.migrator().on_event(move |event| {
            if let Event::StatementStarted { .. } = event {
                notify.notify_one();
            }
        });
        let waited = Arc::new(Mutex::new(0));
        let count = Arc::clone(&waited);
        let second = slow
            .migrator()
            .lock_wait(Duration::ZERO)
            .on_event(move |event| {
                if let Event::Waiting(_) = event {
                    *count.lock().unwrap() += 1;
                }
            });
        let url = db.url.clone();
        let first = tokio::spawn(async move { first.run_url(&url).await });
        started.notified().await;
        let refused = second.run_url(&db.url).await.unwrap_err();
        assert!(refused.has_code("locked"), "{refused:?}");
        assert_eq!(*waited.lock().unwrap(), 0);
        let patient = second.lock_wait(None).run_url(&db.url).await.unwrap();
        assert_eq!(patient.already, 1);
        assert!(*waited.lock().unwrap() > 0);
        assert_eq!(first.await.unwrap().unwrap().applied.len(), 1);
    });
}

#[test]
fn a_statement_is_stopped_from_outside() {
    let Some(db) = database() else { return };
    block_on(async {
        let folder = Folder::of(&[(
            "0000_slow",
            "CREATE TABLE a (b int);\nSELECT pg_sleep(60);\n",
        )]);
        let mut session = db.session().await;
        let canceller = session.canceller();
        let migrator = folder.migrator().on_event(move |event| {
            if let Event::StatementStarted { number: 2, .. } = event {
                let canceller = canceller.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    canceller.cancel().await.unwrap();
                });
            }
        });
        let error = migrator.run(&mut session).await.unwrap_err();
        insta::assert_snapshot!(error, @"`0000_slow` was rolled back: canceling statement due to user request");
        assert_eq!(db.rows("select to_regclass('a')").await, "null");
    });
}

#[test]
fn what_is_only_told_is_told_first() {
    let Some(db) = database() else { return };
    block_on(async {
        let folder = two();
        folder.write("0002_late.sql", "SELECT 1;");
        let (migrator, heard) = listen(&folder.migrator().dry_run(true));
        migrator.run_url(&db.url).await.unwrap();
        let heard = heard.lock().unwrap().join("\n");
        insta::assert_snapshot!(heard.replace(folder.dir.as_str(), "drizzle"), @r"
        warning: drizzle/0002_late.sql never runs, the journal does not list it
        0 applied before, 2 to apply
        ");
    });
}

#[test]
fn without_a_server_the_error_says_so() {
    let url = "postgres://app:secret@127.0.0.1:1/app";
    let error = block_on(two().migrator().run_url(url)).unwrap_err();
    insta::assert_snapshot!(format!("{error:?}"), @r"
    error[database-unreachable]: no Postgres listens at 127.0.0.1:1
     |
     = help: start Postgres, or correct host and port in the database URL
    ");
}

#[test]
fn a_folder_that_is_not_there_is_no_empty_one() {
    let error = Migrator::from_folder("no/such/folder").unwrap_err();
    insta::assert_snapshot!(format!("{error:?}"), @r"
    error[migrations-not-found]: there is no migrations folder no/such/folder
     |
     = help: name the folder that holds meta/_journal.json
    ");
}
