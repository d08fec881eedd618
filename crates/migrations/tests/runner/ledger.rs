//! What the ledger knows, and what speaks against a run.

use crate::support::{Database, block_on, database, file, files, run, run_with, shown_one};
use driftless_migrations::ledger::{Edit, LedgerNames, Recorded, State};
use driftless_migrations::run::{Event, MigrateOptions, status};
use driftless_migrations::sha256;
use driftless_migrations::tokens::token_hash;

const ONE: &str = "create table one (a int);\n";
const TWO: &str = "create table two (a int);\n";

async fn applied(db: &Database, texts: &[&str]) {
    let mut session = db.session().await;
    assert_eq!(
        run(&mut session, &files(texts)).await.tags().len(),
        texts.len()
    );
}

#[test]
fn each_file_is_run_once_and_recorded_as_drizzle_orm_does() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let texts = files(&[ONE, TWO]);
        assert_eq!(
            run(&mut session, &texts).await.tags(),
            ["0000_file", "0001_file"]
        );
        let expected = format!(
            "1000|{}\n1001|{}",
            &sha256(ONE.as_bytes())[..8],
            &sha256(TWO.as_bytes())[..8]
        );
        assert_eq!(db.ledger().await, expected);
        assert_eq!(
            db.rows("select column_name, data_type, is_nullable from information_schema.columns where table_name = '__drizzle_migrations' order by ordinal_position").await,
            "id|integer|NO\nhash|text|NO\ncreated_at|bigint|YES"
        );
        assert_eq!(
            db.rows("select migration, statement, done, statements, finished_at is not null, error, by_whom from drizzle.__driftless_runs").await,
            "0000_file|1|1|1|t|null|postgres\n0001_file|1|1|1|t|null|postgres"
        );
    });
}

#[test]
fn with_nothing_pending_nothing_is_written() {
    let Some(db) = database() else { return };
    block_on(async {
        applied(&db, &[ONE]).await;
        // A session that may not write at all would fail at the first write.
        let mut session = db.session().await;
        session
            .execute("set default_transaction_read_only = on")
            .await
            .unwrap();
        let ran = run(&mut session, &files(&[ONE])).await;
        assert!(ran.tags().is_empty());
        assert_eq!(ran.result.unwrap().already, 1);
        assert_eq!(
            ran.events,
            [Event::Verified {
                applied: 1,
                pending: 0
            }]
        );
    });
}

#[test]
fn an_edited_file_stops_everything_before_it_begins() {
    let Some(db) = database() else { return };
    block_on(async {
        applied(&db, &[ONE]).await;
        let recorded = |text: &str| {
            Some(Recorded {
                hash: sha256(text.as_bytes()),
                tokens: token_hash(text),
                replaces: Vec::new(),
            })
        };
        let statement = "create table one (a bigint);\n";
        let comment = "-- why\ncreate table one (a int);\n";
        for (now, remembered, nature) in [
            (statement, recorded(ONE), "its statements differ"),
            (comment, recorded(ONE), "only comments or whitespace differ"),
            (
                comment,
                None,
                "nobody remembers the old text, so its statements may differ",
            ),
        ] {
            let mut edited = files(&[now, TWO]);
            edited[0].recorded = remembered;
            let mut session = db.session().await;
            let first_line = now.lines().next().unwrap();
            assert_eq!(
                run(&mut session, &edited).await.failure(),
                format!(
                    "applied-migration-edited: `0000_file` was edited after it was applied to this database\n  \
                     at drizzle/0000_file.sql:1:1 [{first_line}] \n  \
                     note: applied: sha256 {}\n  \
                     note: now:     sha256 {}\n  \
                     note: {nature}\n  \
                     help: restore the file (`git checkout`), and write the change as a new migration\n",
                    sha256(ONE.as_bytes()),
                    sha256(now.as_bytes()),
                )
            );
        }
        assert_eq!(db.rows("select to_regclass('two')").await, "null");
    });
}

#[test]
fn other_line_endings_are_told_and_passed() {
    let Some(db) = database() else { return };
    block_on(async {
        applied(&db, &[ONE]).await;
        let bom = format!("\u{feff}{ONE}");
        for text in [
            "create table one (a int);\r\n",
            "create table one (a int);",
            &bom,
        ] {
            let mut session = db.session().await;
            let ran = run(&mut session, &files(&[text])).await;
            assert!(ran.tags().is_empty());
            assert_eq!(
                ran.warnings(),
                [
                    "the line endings of `0000_file` are not those that were applied; the statements are the same"
                ],
                "{text:?}"
            );
        }
    });
}

#[test]
fn a_file_older_than_what_was_applied_is_refused_by_name() {
    let Some(db) = database() else { return };
    block_on(async {
        let all = files(&[ONE, TWO, "create table three (a int);"]);
        let without_second = [all[0].clone(), all[2].clone()];
        let mut session = db.session().await;
        run(&mut session, &without_second).await.tags();
        assert_eq!(
            run(&mut session, &all).await.failure(),
            "older-than-applied: `0001_file` was never applied, and `0002_file`, which is younger, was\n  \
             note: journal: `when` is 1001, the youngest applied is 1002\n  \
             note: drizzle-orm's own migrator skips such a migration for ever, and says nothing\n  \
             help: if nobody else has applied it yet, generate it again so that it comes last\n  \
             help: where it does not matter, `driftless migrate --allow-out-of-order` runs it now\n"
        );
        assert_eq!(db.rows("select to_regclass('two')").await, "null");
    });
}

#[test]
fn what_only_the_database_knows_is_told() {
    let Some(db) = database() else { return };
    block_on(async {
        applied(&db, &[ONE, TWO]).await;
        db.sql("insert into drizzle.__drizzle_migrations (hash, created_at) select hash, created_at from drizzle.__drizzle_migrations where created_at = 1000").await;
        let mut session = db.session().await;
        let ran = run(&mut session, &files(&[ONE])).await;
        assert_eq!(
            ran.warnings(),
            [
                "the database has 1 migration that the folder does not have",
                "`0000_file` was applied more than once, says the ledger",
            ]
        );
    });
}

#[test]
fn a_file_whose_time_was_rewritten_is_recognised_by_its_text() {
    let Some(db) = database() else { return };
    block_on(async {
        applied(&db, &[ONE]).await;
        let mut moved = files(&[ONE]);
        moved[0].when = 5000;
        let mut session = db.session().await;
        let ran = run(&mut session, &moved).await;
        assert!(ran.tags().is_empty());
        assert_eq!(
            ran.warnings(),
            ["`0000_file` is applied, but the journal dates it otherwise than the ledger"]
        );
    });
}

#[test]
fn the_newer_ledger_of_drizzle_orm_is_kept_as_it_is() {
    let Some(db) = database() else { return };
    block_on(async {
        db.sql("create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint, name text, applied_at timestamptz default now())").await;
        let hash = sha256(ONE.as_bytes());
        db.sql(&format!("insert into drizzle.__drizzle_migrations (hash, created_at, name) values ('{hash}', 0, '0000_file')")).await;
        let mut session = db.session().await;
        assert_eq!(
            run(&mut session, &files(&[ONE, TWO])).await.tags(),
            ["0001_file"]
        );
        assert_eq!(
            db.rows("select created_at, name, applied_at is not null from drizzle.__drizzle_migrations order by id").await,
            "0|0000_file|t\n1001|0001_file|t"
        );
    });
}

#[test]
fn a_table_that_is_no_ledger_is_left_alone() {
    let Some(db) = database() else { return };
    block_on(async {
        db.sql("create schema drizzle; create table drizzle.__drizzle_migrations (version int)")
            .await;
        let mut session = db.session().await;
        assert_eq!(
            run(&mut session, &files(&[ONE])).await.failure(),
            "foreign-ledger: \"drizzle\".\"__drizzle_migrations\" is not a ledger of migrations: it has no column `id`\n  \
             help: name another table with `migrations.table` and `migrations.schema` in the configuration\n"
        );
    });
}

#[test]
fn a_target_and_a_dry_run_go_no_further() {
    let Some(db) = database() else { return };
    block_on(async {
        let all = files(&[ONE, TWO]);
        let mut session = db.session().await;
        let dry = MigrateOptions {
            dry_run: true,
            ..MigrateOptions::default()
        };
        assert_eq!(
            run_with(&mut session, &all, &dry).await.tags(),
            ["0000_file", "0001_file"]
        );
        assert_eq!(db.rows("select to_regnamespace('drizzle')").await, "null");

        let to = |tag: &str| MigrateOptions {
            to: Some(tag.to_owned()),
            ..MigrateOptions::default()
        };
        let ran = run_with(&mut session, &all, &to("0000_file")).await;
        assert_eq!(ran.tags(), ["0000_file"]);
        assert_eq!(ran.result.unwrap().left, ["0001_file"]);
        assert_eq!(
            run_with(&mut session, &all, &to("0001")).await.failure(),
            "no-such-migration: the folder has no migration `0001`\n  help: did you mean `0001_file`?\n"
        );
    });
}

#[test]
fn names_of_the_ledger_are_the_configured_ones() {
    let Some(db) = database() else { return };
    block_on(async {
        let ledger = LedgerNames {
            schema: "My Ledger".into(),
            table: "it's \"odd\"".into(),
        };
        let options = MigrateOptions {
            ledger,
            ..MigrateOptions::default()
        };
        let mut session = db.session().await;
        assert_eq!(
            run_with(&mut session, &files(&[ONE]), &options)
                .await
                .tags(),
            ["0000_file"]
        );
        assert!(
            run_with(&mut session, &files(&[ONE]), &options)
                .await
                .tags()
                .is_empty()
        );
        assert_eq!(
            db.rows("select count(*) from \"My Ledger\".\"it's \"\"odd\"\"\"")
                .await,
            "1"
        );
        assert_eq!(
            db.rows("select count(*) from \"My Ledger\".__driftless_runs")
                .await,
            "1"
        );
    });
}

#[test]
fn status_reads_without_rights_and_without_a_ledger() {
    let Some(db) = database() else { return };
    block_on(async {
        db.sql(&format!("create role reader_{} login", db.name))
            .await;
        let reader = format!("reader_{}", db.name);
        let all = files(&[ONE, TWO, "select 3"]);
        let names = LedgerNames::default();
        let session = db.session_as(&reader).await;
        let found = status(&session, &all, &names).await.unwrap();
        assert!(!found.ledger_exists);
        assert!(
            found
                .migrations
                .iter()
                .all(|one| one.state == State::Pending)
        );

        applied(&db, &[ONE, TWO]).await;
        db.sql(&format!("grant usage on schema drizzle to {reader}; grant select on drizzle.__drizzle_migrations to {reader}")).await;
        let edited = files(&[ONE, "create table two (a bigint)", "select 3"]);
        let found = status(&session, &edited, &names).await.unwrap();
        let states: Vec<_> = found.migrations.iter().map(|one| &one.state).collect();
        assert!(matches!(
            states[..],
            [
                State::Applied(_),
                State::Edited(_, Edit::Unknown),
                State::Pending
            ]
        ));
        assert_eq!(
            found.migrations[0].applied_at, None,
            "the runs are not theirs to read"
        );
        assert_eq!(found.findings.len(), 1, "{}", shown_one(&found.findings[0]));
        let found = status(&db.session().await, &edited, &names).await.unwrap();
        assert!(found.migrations[0].applied_at.is_some());
    });
}

#[test]
fn an_empty_file_is_applied_too() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let texts = [
            file(0, "-- Custom SQL migration file, put your code below! --"),
            file(1, ""),
        ];
        assert_eq!(
            run(&mut session, &texts).await.tags(),
            ["0000_file", "0001_file"]
        );
        assert!(run(&mut session, &texts).await.tags().is_empty());
    });
}
