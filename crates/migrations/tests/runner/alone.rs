//! Files without a transaction: kept statement by statement, gone on with after a stop.

use crate::support::{block_on, database, files, run};

const HEADER: &str = "-- driftless: no-transaction\n";

fn alone(body: &str) -> String {
    format!("{HEADER}{body}")
}

#[test]
fn an_index_is_built_concurrently() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let text = alone(
            "create index concurrently i on t (a);\n--> statement-breakpoint\nvacuum t;\nreindex table concurrently t;",
        );
        let texts = files(&["create table t (a int)", &text]);
        assert_eq!(
            run(&mut session, &texts).await.tags(),
            ["0000_file", "0001_file"]
        );
        assert_eq!(
            db.rows("select statement, done, statements, finished_at is not null from drizzle.__driftless_runs order by id desc limit 1").await,
            "3|3|3|t"
        );
        assert!(run(&mut session, &texts).await.tags().is_empty());
    });
}

#[test]
fn what_is_done_stays_and_the_next_run_goes_on_behind_it() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        db.sql("create table t (a int); insert into t values (1), (1)")
            .await;
        let broken = alone(
            "insert into t values (7);\ncreate unique index concurrently u on t (a);\ninsert into t values (8);",
        );
        assert_eq!(
            run(&mut session, &files(&[&broken])).await.failure(),
            "statement-failed: `0000_file` stopped half way: could not create unique index \"u\"\n  \
             at drizzle/0000_file.sql:3:1 [create unique index concurrently u on t (a)] 23505\n  \
             note: SQLSTATE 23505, constraint `u`, table `t`, schema `public`\n  \
             note: detail: Key (a)=(1) is duplicated.\n  \
             note: statement 2 of 3, outside of a transaction\n  \
             note: the 1 before it are done and stay\n  \
             note: a failed CREATE INDEX CONCURRENTLY leaves an INVALID index; the next run drops it first\n  \
             help: correct this statement and those after it, not those before, and run `migrate` again: it goes on here\n"
        );
        assert_eq!(
            db.rows("select indisvalid from pg_index where indexrelid = 'u'::regclass")
                .await,
            "f"
        );
        assert_eq!(db.ledger().await, "");

        // The first statement is done: it may not be another one now.
        let changed = broken.replace("values (7)", "values (6)");
        let text = run(&mut session, &files(&[&changed])).await.failure();
        assert!(
            text.starts_with("half-run-migration-changed: `0000_file` cannot go on where it stopped: 1 statement is already done, and the text of what is done has changed since\n"),
            "{text}"
        );

        db.sql("delete from t where a = 1").await;
        let mended = broken.replace("values (8)", "values (9)");
        let ran = run(&mut session, &files(&[&mended])).await;
        assert_eq!(ran.tags(), ["0000_file"]);
        assert_eq!(
            ran.warnings(),
            ["`0000_file` was interrupted in an earlier run and goes on at statement 2 of 3"]
        );
        assert_eq!(
            db.rows("select string_agg(a::text, ',' order by a) from t")
                .await,
            "7,9"
        );
        assert_eq!(
            db.rows("select indisvalid from pg_index where indexrelid = 'u'::regclass")
                .await,
            "t"
        );
    });
}

#[test]
fn an_index_that_was_finished_when_the_migrator_died_is_not_built_again() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let text = alone("create index concurrently i on t (a)");
        let texts = files(&["create table t (a int)", &text]);
        run(&mut session, &texts).await.tags();
        // As if it had died between the statement and its record.
        db.sql("update drizzle.__driftless_runs set finished_at = null, done = 0, done_hash = null where migration = '0001_file'; delete from drizzle.__drizzle_migrations where created_at = 1001").await;
        let before = db.rows("select 'i'::regclass::oid").await;
        assert_eq!(run(&mut session, &texts).await.tags(), ["0001_file"]);
        assert_eq!(db.rows("select 'i'::regclass::oid").await, before);
    });
}

#[test]
fn a_role_set_in_the_file_holds_to_its_end_and_no_further() {
    let Some(db) = database() else { return };
    block_on(async {
        db.sql(&format!(
            "create role own_{0}; create schema s authorization own_{0}",
            db.name
        ))
        .await;
        let text = alone(&format!(
            "set role own_{}; create table s.t (a int); vacuum s.t; create table s.u (a int)",
            db.name
        ));
        let mut session = db.session().await;
        let failed = run(&mut session, &files(&[&text])).await;
        assert_eq!(failed.tags(), ["0000_file"]);
        assert_eq!(
            db.rows("select distinct tableowner from pg_tables where schemaname = 's'")
                .await,
            format!("own_{}", db.name)
        );
    });
}
