//! Roles that may do less.

use crate::support::{block_on, database, files, run};

const ONE: &str = "create table one (a int);";

#[test]
fn without_the_right_to_create_nothing_is_begun() {
    let Some(db) = database() else { return };
    block_on(async {
        let role = format!("less_{}", db.name);
        db.sql(&format!("create role {role} login")).await;
        let mut session = db.session_as(&role).await;
        assert_eq!(
            run(&mut session, &files(&[ONE])).await.failure(),
            format!(
                "no-create-right: nothing was migrated: `{role}` may not create the schema \"drizzle\", where applied migrations are recorded\n  \
                 note: SQLSTATE 42501: permission denied for database {0}\n  \
                 help: as an owner: GRANT CREATE ON DATABASE \"{0}\" TO \"{role}\"\n",
                db.name
            )
        );
        db.sql(&format!(
            "create schema drizzle; grant usage on schema drizzle to {role}"
        ))
        .await;
        assert_eq!(
            run(&mut session, &files(&[ONE])).await.failure(),
            format!(
                "no-create-right: nothing was migrated: `{role}` may not create the table \"drizzle\".\"__drizzle_migrations\", where applied migrations are recorded\n  \
                 note: SQLSTATE 42501: permission denied for schema drizzle\n  \
                 help: as an owner: GRANT USAGE, CREATE ON SCHEMA \"drizzle\" TO \"{role}\"\n"
            )
        );
    });
}

#[test]
fn an_existing_ledger_needs_no_right_to_create() {
    let Some(db) = database() else { return };
    block_on(async {
        let role = format!("less_{}", db.name);
        db.sql(&format!(
            "create role {role} login; create schema drizzle; create schema app authorization {role}; \
             create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint); \
             grant usage on schema drizzle to {role}; \
             grant select, insert on drizzle.__drizzle_migrations to {role}; \
             grant usage on sequence drizzle.__drizzle_migrations_id_seq to {role}"
        )).await;
        let mut session = db.session_as(&role).await;
        let texts = files(&[
            "create table app.one (a int);",
            "create table app.two (a int);",
        ]);
        let ran = run(&mut session, &texts).await;
        assert_eq!(ran.tags(), ["0000_file", "0001_file"]);
        assert_eq!(
            ran.warnings(),
            [format!(
                "how far each migration gets is not recorded: `{role}` may not create \"drizzle\".\"__driftless_runs\""
            )]
        );
        let alone = files(&[
            "create table app.one (a int);",
            "create table app.two (a int);",
            "-- driftless: no-transaction\nvacuum",
        ]);
        let text = run(&mut session, &alone).await.failure();
        assert!(
            text.starts_with("runs-not-recorded: `0002_file` was not begun: "),
            "{text}"
        );
    });
}

#[test]
fn an_unreadable_ledger_is_said_to_be_that() {
    let Some(db) = database() else { return };
    block_on(async {
        let role = format!("less_{}", db.name);
        db.sql(&format!("create role {role} login; create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)")).await;
        let mut session = db.session_as(&role).await;
        assert_eq!(
            run(&mut session, &files(&[ONE])).await.failure(),
            format!(
                "query-failed: reading the ledger \"drizzle\".\"__drizzle_migrations\" as `{role}` failed: permission denied for schema drizzle\n  \
                 note: SQLSTATE 42501\n  \
                 help: GRANT USAGE ON SCHEMA \"drizzle\" TO {role}; GRANT SELECT, INSERT ON \"drizzle\".\"__drizzle_migrations\" TO {role}\n"
            )
        );
    });
}

#[test]
fn under_forced_row_security_a_backfill_fails_instead_of_doing_nothing() {
    let Some(db) = database() else { return };
    block_on(async {
        let role = format!("owner_{}", db.name);
        db.sql(&format!("create role {role} login; grant create on database {} to {role}; create schema app authorization {role}", db.name)).await;
        let mut session = db.session_as(&role).await;
        let texts = files(&[
            "create table app.t (a int); insert into app.t values (1); alter table app.t enable row level security, force row level security",
            "update app.t set a = 2",
        ]);
        let text = run(&mut session, &texts).await.failure();
        assert!(
            text.starts_with("statement-failed: `0001_file` was rolled back: query would be affected by row-level security policy for table \"t\"\n")
                && text.contains("  help: migrate as a role with BYPASSRLS: under FORCE ROW LEVEL SECURITY this statement would have seen only some rows, or none\n"),
            "{text}"
        );
    });
}

#[test]
fn a_missing_role_is_shown_where_it_is_named() {
    let Some(db) = database() else { return };
    block_on(async {
        let mut session = db.session().await;
        let texts = files(&["create table t (a int);\ngrant select on t to nobody_here;"]);
        assert_eq!(
            run(&mut session, &texts).await.failure(),
            "statement-failed: `0000_file` was rolled back: role \"nobody_here\" does not exist\n  \
             at drizzle/0000_file.sql:2:1 [grant select on t to nobody_here] 42704\n  \
             note: SQLSTATE 42704\n  \
             note: statement 2 of 2\n"
        );
    });
}

#[test]
fn a_server_that_only_reads_is_refused() {
    let Some(db) = database() else { return };
    block_on(async {
        let role = format!("reads_{}", db.name);
        db.sql(&format!("create role {role} superuser login; alter role {role} set default_transaction_read_only = on")).await;
        let mut session = db.session_as(&role).await;
        assert_eq!(
            run(&mut session, &files(&[ONE])).await.failure(),
            format!(
                "read-only-server: `{role}` only reads: `default_transaction_read_only` is on\n  help: migrate as a role that writes\n"
            )
        );
    });
}
