//! Errors of the server at their place in the file.

use crate::support::{block_on, database, files, run};

#[test]
fn a_statement_that_fails_is_shown_where_it_stands_and_leaves_nothing() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let texts = files(&[
            "create table kept (a int);",
            "create table gone (a int);\n--> statement-breakpoint\ncreate table \"é\" (b int);\n  alter table gone add column c integr;\n",
        ]);
        assert_eq!(
            run(&mut session, &texts).await.failure(),
            "statement-failed: `0001_file` was rolled back: type \"integr\" does not exist\n  \
             at drizzle/0001_file.sql:4:33 [integr] 42704\n  \
             note: SQLSTATE 42704\n  \
             note: statement 3 of 3\n  \
             note: applied before it, and kept: `0000_file`\n"
        );
        assert_eq!(
            db.rows("select to_regclass('kept'), to_regclass('gone')")
                .await,
            "kept|null"
        );
        assert_eq!(
            db.rows("select migration, statement, done, error, finished_at is null from drizzle.__driftless_runs order by id desc limit 1").await,
            "0001_file|3|0|type \"integr\" does not exist|t"
        );
        // The session is as good as new.
        let mended = files(&["create table kept (a int);", "create table gone (a int);"]);
        assert_eq!(run(&mut session, &mended).await.tags(), ["0001_file"]);
    });
}

#[test]
fn details_hints_and_names_come_along() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let texts = files(&[
            "create table t (a int constraint only_one unique);\ninsert into t values (1);\ninsert into t values (1);",
        ]);
        assert_eq!(
            run(&mut session, &texts).await.failure(),
            "statement-failed: `0000_file` was rolled back: duplicate key value violates unique constraint \"only_one\"\n  \
             at drizzle/0000_file.sql:3:1 [insert into t values (1)] 23505\n  \
             note: SQLSTATE 23505, constraint `only_one`, table `t`, schema `public`\n  \
             note: detail: Key (a)=(1) already exists.\n  \
             note: statement 3 of 3\n"
        );
        let texts = files(&["create table t (amount int);\nselect amuont from t;"]);
        assert_eq!(
            run(&mut session, &texts).await.failure(),
            "statement-failed: `0000_file` was rolled back: column \"amuont\" does not exist\n  \
             at drizzle/0000_file.sql:2:8 [amuont] 42703\n  \
             note: SQLSTATE 42703\n  \
             note: statement 2 of 2\n  \
             help: Perhaps you meant to reference the column \"t.amount\".\n"
        );
    });
}

#[test]
fn an_error_inside_a_do_block_is_shown_at_its_line() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let texts = files(&[
            "-- first\ndo $$\nbegin\n  raise exception 'no such luck'\n    using hint = 'try less';\nend $$;",
        ]);
        assert_eq!(
            run(&mut session, &texts).await.failure(),
            "statement-failed: `0000_file` was rolled back: no such luck\n  \
             at drizzle/0000_file.sql:4:3 [raise] P0001\n  \
             note: SQLSTATE P0001\n  \
             note: context: PL/pgSQL function inline_code_block line 3 at RAISE\n  \
             note: statement 1 of 1\n  \
             help: try less\n"
        );
        let texts =
            files(&["do $$\nbegin\n  perform 1;\n  insert into nowhere values (1);\nend $$;"]);
        assert_eq!(
            run(&mut session, &texts).await.failure(),
            "statement-failed: `0000_file` was rolled back: relation \"nowhere\" does not exist\n  \
             at drizzle/0000_file.sql:4:15 [nowhere] 42P01\n  \
             note: SQLSTATE 42P01\n  \
             note: context: PL/pgSQL function inline_code_block line 4 at SQL statement\n  \
             note: inside: insert into nowhere values (1)\n  \
             note: statement 1 of 1\n"
        );
    });
}

#[test]
fn a_deferred_constraint_fails_before_the_ledger_is_written() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let texts = files(&[
            "create table p (a int primary key); create table c (a int references p deferrable initially deferred); insert into c values (1)",
        ]);
        assert_eq!(
            run(&mut session, &texts).await.failure(),
            "query-failed: `0000_file` was rolled back: checking deferred constraints failed: insert or update on table \"c\" violates foreign key constraint \"c_a_fkey\"\n  \
             note: SQLSTATE 23503, constraint `c_a_fkey`, table `c`, schema `public`\n  \
             note: detail: Key (a)=(1) is not present in table \"p\".\n"
        );
        assert_eq!(db.ledger().await, "");
    });
}

#[test]
fn line_endings_marks_and_markers_in_strings_are_read_right() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let texts = files(&[
            "\u{feff}create table a (x text);\r\n--> statement-breakpoint\r\ncreate table b (x text)",
            "insert into a values ('one --> statement-breakpoint two; three')",
            "create function f() returns int language sql begin atomic select case when true then 1 else 2 end; select 3; end;\ncreate table c (x int); /* ; /* nested ; */ */ create table d (x int)",
            "create table e (x int);--> statement-breakpoint create table g (x int);",
        ]);
        let ran = run(&mut session, &texts).await;
        let summary = ran.result.as_ref().unwrap();
        let statements: Vec<_> = summary.applied.iter().map(|one| one.statements).collect();
        assert_eq!(statements, [2, 1, 3, 2]);
        assert_eq!(
            ran.warnings(),
            [
                "drizzle-orm's own migrator would cut a statement of `0001_file` in two: there is a `--> statement-breakpoint` inside a string, a comment or a body"
            ]
        );
        assert_eq!(
            db.rows("select x from a").await,
            "one --> statement-breakpoint two; three"
        );
        assert_eq!(
            db.rows("select string_agg(relname, ',' order by relname) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace").await,
            "a,b,c,d,e,g"
        );
        assert!(db.ledger().await.starts_with(&format!(
            "1000|{}\n",
            &driftless_migrations::sha256(texts[0].source.text().as_bytes())[..8]
        )));
    });
}
