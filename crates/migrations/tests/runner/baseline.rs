//! Recording without running.

use crate::support::{block_on, database, files, run, shown};
use driftless_migrations::run::{Event, MigrateOptions, baseline, is_recorded};

const ONE: &str = "create table one (a int);\n";
const TWO: &str = "create table two (a int);\nselect 1;\n";
const THREE: &str = "create table three (a int);\n";

#[test]
fn rows_are_those_of_a_run_and_nothing_is_run() {
    let (Some(db), Some(migrated)) = (database(), database()) else {
        return;
    };
    block_on(async {
        let (all, options) = (files(&[ONE, TWO, THREE]), MigrateOptions::default());
        let mut session = db.session().await;
        let dry = MigrateOptions {
            dry_run: true,
            ..options.clone()
        };
        let recorded = baseline(&mut session, &all[..2], &dry, &mut |_| {}).await;
        assert_eq!(recorded.unwrap(), ["0000_file", "0001_file"]);
        assert_eq!(db.rows("select to_regnamespace('drizzle')").await, "null");

        let recorded = baseline(&mut session, &all[..2], &options, &mut |_| {}).await;
        assert_eq!(recorded.unwrap(), ["0000_file", "0001_file"]);
        run(&mut migrated.session().await, &all[..2]).await.tags();
        assert_eq!(db.ledger().await, migrated.ledger().await);
        assert_eq!(
            db.rows("select migration, statement, done, statements, finished_at is not null, note from drizzle.__driftless_runs").await,
            "0000_file|0|0|1|t|baseline\n0001_file|0|0|2|t|baseline"
        );
        assert_eq!(db.rows("select to_regclass('one')").await, "null");

        let again = baseline(&mut session, &all[..2], &options, &mut |_| {}).await;
        assert_eq!(again.unwrap(), [""; 0]);
        assert_eq!(run(&mut session, &all).await.tags(), ["0002_file"]);
        let later = baseline(&mut session, &all[..2], &options, &mut |_| {}).await;
        assert!(shown(&later.unwrap_err()).contains("holds 3 rows already"));
    });
}

#[test]
fn all_or_nothing_is_recorded() {
    let Some(db) = database() else { return };
    block_on(async {
        let all = files(&[ONE, TWO]);
        let options = MigrateOptions::default();
        db.sql(
            "create schema drizzle; create table drizzle.__drizzle_migrations \
             (id serial primary key, hash text not null, created_at bigint check (created_at < 1001))",
        )
        .await;
        let mut session = db.session().await;
        let refused = baseline(&mut session, &all, &options, &mut |_| {}).await;
        assert!(shown(&refused.unwrap_err()).contains("recording the migrations"));
        assert_eq!(db.ledger().await, "");
        assert_eq!(
            db.rows("select to_regclass('drizzle.__driftless_runs')")
                .await,
            "null"
        );
        assert!(!is_recorded(&session, &all, &options.ledger).await.unwrap());
        // The lock is free again.
        db.sql("drop schema drizzle cascade").await;
        let recorded = baseline(&mut session, &all, &options, &mut |_| {}).await;
        assert_eq!(recorded.unwrap().len(), 2);
    });
}

#[test]
fn two_at_a_time_record_once() {
    let Some(db) = database() else { return };
    block_on(async {
        let all = files(&[ONE, TWO]);
        let options = MigrateOptions::default();
        let (mut a, mut b) = (db.session().await, db.session().await);
        let (mut none, mut other) = (|_: Event| {}, |_: Event| {});
        let (first, second) = tokio::join!(
            baseline(&mut a, &all, &options, &mut none),
            baseline(&mut b, &all, &options, &mut other)
        );
        let mut numbers = [first.unwrap().len(), second.unwrap().len()];
        numbers.sort_unstable();
        assert!(numbers == [0, 2], "{numbers:?}");
        assert_eq!(
            db.rows("select count(*) from drizzle.__drizzle_migrations")
                .await,
            "2"
        );
    });
}

/// Who may write the ledger and nothing else records all the same.
#[test]
fn a_record_of_runs_that_cannot_be_made_is_told() {
    let Some(db) = database() else { return };
    block_on(async {
        db.sql(
            "create role writer login; create schema drizzle; \
             create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint); \
             grant usage on schema drizzle to writer; \
             grant select, insert on drizzle.__drizzle_migrations to writer; \
             grant usage on all sequences in schema drizzle to writer",
        )
        .await;
        let mut session = db.session_as("writer").await;
        let mut told = Vec::new();
        let options = MigrateOptions::default();
        let recorded = baseline(&mut session, &files(&[ONE]), &options, &mut |event| {
            told.push(event);
        })
        .await;
        assert_eq!(recorded.unwrap(), ["0000_file"]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(
            db.rows("select count(*) from drizzle.__drizzle_migrations")
                .await,
            "1"
        );
    });
}
