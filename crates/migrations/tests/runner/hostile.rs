//! Files that change the session, or would take the transaction away.

use crate::support::{block_on, database, files, run};
use driftless_migrations::run::Event;

#[test]
fn what_a_file_does_to_the_session_ends_with_it() {
    let Some(db) = database() else { return };
    block_on(async {
        db.sql(&format!(
            "create role other_{0}; create schema own_{0} authorization other_{0}",
            db.name
        ))
        .await;
        let role = format!("other_{}", db.name);
        let mut session = db.session().await;
        let texts = files(&[
            "select pg_catalog.set_config('search_path', '', false); create table public.a (x int)",
            &format!("set role {role}; create table own_{}.t (x int)", db.name),
            &format!(
                "set session authorization {role}; set lock_timeout = 1; set row_security = on"
            ),
            "create table b (x int); set constraints all deferred; set local statement_timeout = 1000",
        ]);
        assert_eq!(run(&mut session, &texts).await.tags().len(), 4);
        assert_eq!(
            db.rows("select string_agg(tableowner, ',' order by tablename) from pg_tables where tablename in ('a', 'b')").await,
            "postgres,postgres"
        );
        assert_eq!(
            crate::support::rows(&session, "select current_user, current_setting('lock_timeout'), current_setting('row_security'), current_setting('search_path')").await,
            "postgres|5s|off|\"$user\", public"
        );
    });
}

#[test]
fn a_failed_file_that_changed_the_role_is_recorded_all_the_same() {
    let Some(db) = database() else { return };
    block_on(async {
        db.sql(&format!("create role weak_{}", db.name)).await;
        let mut session = db.session().await;
        let texts = files(&[&format!(
            "set role weak_{}; create table no (x int)",
            db.name
        )]);
        let text = run(&mut session, &texts).await.failure();
        assert!(
            text.starts_with("statement-failed: `0000_file` was rolled back: permission denied for schema public\n"),
            "{text}"
        );
        assert_eq!(
            db.rows("select error from drizzle.__driftless_runs").await,
            "permission denied for schema public"
        );
    });
}

#[test]
fn what_cannot_be_run_is_refused_before_anything_is() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        for (text, expected) in [
            (
                "begin;\ncreate table t (a int);\ncommit;",
                "transaction-control: `BEGIN` has no place in a migration: Driftless runs each file in a transaction of its own, together with its row in the ledger\n  \
                 at drizzle/0001_file.sql:1:1 [begin] \n  \
                 help: take it out; for statements that cannot run in a transaction begin the file with `-- driftless: no-transaction`\n\
                 transaction-control: `COMMIT` has no place in a migration: Driftless runs each file in a transaction of its own, together with its row in the ledger\n  \
                 at drizzle/0001_file.sql:3:1 [commit] \n  \
                 help: take it out; for statements that cannot run in a transaction begin the file with `-- driftless: no-transaction`\n",
            ),
            (
                "copy t from stdin;\n1\n\\.\n",
                "copy-without-data: `COPY` from STDIN or to STDOUT cannot be run from a migration: its data would travel outside of SQL\n  \
                 at drizzle/0001_file.sql:1:1 [copy t from stdin] \n  \
                 help: write the rows as INSERT statements\n\
                 psql-command: `\\.` is a command of psql, which the server does not know\n  \
                 at drizzle/0001_file.sql:3:1 [\\.] \n  \
                 help: write it as SQL; data for COPY as INSERT statements\n",
            ),
            (
                "create index concurrently i on t (a);",
                "needs-no-transaction: `CREATE INDEX CONCURRENTLY` cannot run inside a transaction, and each file runs in one\n  \
                 at drizzle/0001_file.sql:1:1 [create index concurrently i on t (a)] \n  \
                 note: drizzle-orm's own migrator has no such header and cannot run this statement at all\n  \
                 help: move it to a file of its own that begins with the line `-- driftless: no-transaction`\n",
            ),
            (
                "select 'never ends;\n",
                "unterminated: this string never ends\n  at drizzle/0001_file.sql:1:8 ['never ends;] begins here\n",
            ),
            (
                "-- driftless: no transaction\nselect 1",
                "unknown-header: `no transaction` is not a header that Driftless knows\n  \
                 at drizzle/0001_file.sql:1:1 [-- driftless: no transaction] \n  \
                 help: write `-- driftless: no-transaction`\n",
            ),
        ] {
            let texts = files(&["create table t (a int);", text]);
            assert_eq!(run(&mut session, &texts).await.failure(), expected);
        }
        assert_eq!(
            db.rows("select to_regclass('t'), to_regnamespace('drizzle')")
                .await,
            "null|null"
        );
        let fine = files(&[
            "create table t (a int); savepoint s; insert into t values (1); rollback to savepoint s; insert into t values (2)",
        ]);
        assert_eq!(run(&mut session, &fine).await.tags().len(), 1);
        assert_eq!(db.rows("select a from t").await, "2");
    });
}

#[test]
fn a_new_enum_value_can_be_used_by_the_next_file() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let texts = files(&[
            "create type mood as enum ('sad')",
            "alter type mood add value 'glad'",
            "create table t (m mood default 'glad'); insert into t default values",
        ]);
        assert_eq!(run(&mut session, &texts).await.tags().len(), 3);
        let both = files(&[
            "create type mood as enum ('sad')",
            "alter type mood add value 'glad'",
            "create table t (m mood default 'glad'); insert into t default values",
            "alter type mood add value 'odd';\ninsert into t values ('odd')",
        ]);
        let text = run(&mut session, &both).await.failure();
        assert!(
            text.contains("unsafe use of new value \"odd\" of enum type mood\n")
                && text.contains("  help: use the new enum value in the next migration: Postgres allows it only after a commit\n"),
            "{text}"
        );
    });
}

#[test]
fn what_the_server_says_meanwhile_is_passed_on() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let ran = run(
            &mut session,
            &files(&["do $$ begin raise notice 'half'; raise warning 'done'; end $$"]),
        )
        .await;
        let said: Vec<_> = ran
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Notice { notice, .. } => {
                    Some(format!("{} {}", notice.severity, notice.message))
                }
                _ => None,
            })
            .collect();
        assert_eq!(said, ["NOTICE half", "WARNING done"]);
    });
}
