//! The bad and the good example of every rule, tried on a real Postgres.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: what is not as expected ends the test, what is skipped is said"
)]

use std::fmt::Write;

use driftless_catalog::Catalog;
use driftless_diagnostic::{Diagnostic, Severity, SourceFile};
use driftless_lint::{BEFORE, Level, Levels, RULES, Rule, Script, lint, scripts};
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::run::{MeasuredFile, measure};
use driftless_postgres::{ConnectOptions, Scope, Session, connect, read};
use driftless_testing::Cluster;

/// A server with a database that every example starts from.
struct Bench {
    cluster: Cluster,
    base: String,
    before: Catalog,
}

impl Bench {
    /// Roles belong to a server: each test has its own.
    async fn new() -> Option<Self> {
        let Some(cluster) = Cluster::start() else {
            println!("skipped: no Postgres on this machine");
            return None;
        };
        let base = cluster.new_database();
        cluster.databases().run(&base, BEFORE).unwrap();
        let mut session = session(&cluster, &base).await;
        let before = read(&mut session, &Scope::default()).await.unwrap().catalog;
        session.close().await;
        Some(Self {
            cluster,
            base,
            before,
        })
    }

    /// Runs the files of an example one after the other: what was there before each, and what was
    /// measured of it.
    async fn run(&self, name: &str, example: &str) -> Vec<(SourceFile, Catalog, MeasuredFile)> {
        let sql = format!("CREATE DATABASE {name} TEMPLATE {}", self.base);
        self.cluster.databases().run("postgres", &sql).unwrap();
        let mut session = session(&self.cluster, name).await;
        let mut run = Vec::new();
        for (number, script) in scripts(example).into_iter().enumerate() {
            let source = SourceFile::new("0001_example.sql", script);
            let before = match number {
                0 => self.before.clone(),
                _ => read(&mut session, &Scope::default()).await.unwrap().catalog,
            };
            let measured = measured(&mut session, &source, name).await;
            run.push((source, before, measured));
        }
        session.close().await;
        run
    }
}

async fn session(cluster: &Cluster, database: &str) -> Session {
    let options = ConnectOptions::from_url(&cluster.url(database)).unwrap();
    connect(&options).await.unwrap()
}

async fn measured(session: &mut Session, source: &SourceFile, name: &str) -> MeasuredFile {
    let file = MigrationFile {
        tag: "0001_example".to_owned(),
        when: 0,
        source: source.clone(),
        recorded: None,
    };
    match measure(session, &[file]).await {
        Ok(mut measured) => measured.remove(0),
        Err(failure) => panic!("{name}: {failure}\n{}", source.text()),
    }
}

/// What one rule says of files that were run.
fn said(rule: &Rule, run: &[(SourceFile, Catalog, MeasuredFile)], tried: bool) -> Vec<Diagnostic> {
    let mut levels = Levels::default();
    levels.choose(rule.name, rule.level.max(Level::Info));
    let scripts: Vec<Script<'_>> = run
        .iter()
        .map(|(source, before, measured)| Script {
            source,
            before,
            measured: tried.then_some(measured.statements.as_slice()),
        })
        .collect();
    let mut found = lint(&scripts, &levels).findings;
    found.retain(|one| one.code == rule.name);
    found
}

fn spelled(found: &[Diagnostic]) -> String {
    let mut text = String::new();
    for one in found {
        let _ = writeln!(text, "{:?} {}: {}", one.severity, one.code, one.message);
        for note in &one.notes {
            let _ = writeln!(text, "  note: {note}");
        }
        for help in &one.help {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    text
}

/// Examples that Postgres refuses, or that it has no say in.
const NOT_RUN: [&str; 2] = ["not-understood", "ban-duplicate-column-assignments"];

#[tokio::test]
async fn every_rule_objects_to_its_bad_example_alone() {
    let Some(bench) = Bench::new().await else {
        return;
    };
    let (mut with, mut without, mut wrong) = (String::new(), String::new(), String::new());
    for (number, rule) in RULES.iter().enumerate() {
        let good = bench.run(&format!("good_{number}"), rule.good).await;
        for tried in [true, false] {
            let mut found = said(rule, &good, tried);
            // What only says that something was not measured is nothing against an example.
            found.retain(|one| tried || !one.message.ends_with("was not measured"));
            wrong += &spelled(&found);
        }
        let bad = if NOT_RUN.contains(&rule.name) {
            let (source, before, _) = &good[0];
            let script = Script {
                source: &SourceFile::new(source.path(), rule.bad),
                before,
                measured: None,
            };
            let found = lint(&[script], &Levels::default()).findings;
            without += &spelled(&found);
            assert!(
                found.iter().any(|one| one.code == rule.name),
                "{}",
                rule.name
            );
            continue;
        } else {
            bench.run(&format!("bad_{number}"), rule.bad).await
        };
        let found = said(rule, &bad, true);
        let unmeasured = said(rule, &bad, false);
        assert!(
            !found.is_empty() || !unmeasured.is_empty(),
            "{} has nothing against its bad example",
            rule.name
        );
        with += &spelled(&found);
        if spelled(&unmeasured) != spelled(&found) {
            let _ = writeln!(without, "{}", spelled(&unmeasured).trim_end());
        }
    }
    assert_eq!(wrong, "", "good examples");
    insta::assert_snapshot!(with, @"
    Warning index-not-concurrent: nobody writes users while index users_email is built
      help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that
    Warning drop-index-not-concurrent: nobody reads or writes users while index users_age is dropped
      help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that
    Warning reindex-not-concurrent: nobody writes users while it is indexed anew
      help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`
    Warning unique-without-index: nobody reads or writes users while the index of unique constraint users_email is built
      help: build a unique index CONCURRENTLY first, then add the constraint USING INDEX; `driftless generate --online` writes both
    Warning exclusion-constraint: nobody reads or writes users while the index of exclusion constraint one_age is built
      help: there is no other form: run it while the table is not needed, and waive this with the reason
    Warning foreign-key-without-not-valid: nobody writes orders while foreign key of_user looks up every row
      help: add it NOT VALID, and VALIDATE CONSTRAINT in a later migration; `driftless generate --online` writes both
    Warning check-without-not-valid: nobody reads or writes users while check grown reads every row
      help: add it NOT VALID, and VALIDATE CONSTRAINT in a later migration; `driftless generate --online` writes both
    Warning validate-same-transaction: nobody reads or writes users while the rows are read for grown: the lock that added it is still held
      help: move VALIDATE CONSTRAINT to a later migration
    Warning set-not-null: nobody reads or writes users while every row is read for a NULL in email
      help: add CHECK (email IS NOT NULL) NOT VALID, validate it in a later migration, then SET NOT NULL; `driftless generate --online` writes all of it
    Warning column-type-change: nobody reads or writes users while every row is written anew for age as bigint
      help: add a new column, copy in portions, and let the code move over; for a small table waive this with the reason
    Warning volatile-default: nobody reads or writes users while every row is written anew for the default of token
      help: add the column without the default, set it afterwards, and fill old rows in portions; `driftless generate --online` writes these steps
    Warning table-rewrite: nobody reads or writes users while every row is written anew
      help: run it while the table is not needed, and waive this with the reason
    Warning attach-partition-scan: nobody reads or writes events_2026 while its rows are compared with its bounds
      help: add a check constraint with the same bounds NOT VALID, validate it in a later migration, then attach
    Warning detach-not-concurrent: nobody reads or writes events while partition events_2025 is detached
      help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`
    Warning refresh-not-concurrent: nobody reads or writes totals while its query runs
      help: add CONCURRENTLY; the view needs a unique index over all its rows for that
    Warning vacuum-full-or-cluster: nobody reads or writes users while every row is written anew
      help: use VACUUM alone, or pg_repack outside of migrations
    Warning rows-beside-ddl: nobody reads or writes users while rows of users are changed
      note: statements before it in the same transaction hold ACCESS EXCLUSIVE
      help: move it to a migration of its own, in portions where there are many rows
    Warning several-exclusive-locks: queries that use several of users, orders may deadlock with this transaction
      note: it takes each of them in ACCESS EXCLUSIVE and holds them to its end
      help: make one migration a table
    Error lock-timeout-off: statements after it wait for locks without end, and everybody else behind them
      help: leave lock_timeout as `migrate` sets it, or set another limit
    Error add-not-null-column: this fails as soon as users holds a row: phone is NOT NULL and has no default
      help: give it a default, or add it without NOT NULL and fill it first; `driftless generate --online` writes these steps
    Warning rename-table: code that runs meanwhile asks for users and fails: it becomes people
      help: leave a view users behind in the same migration, or waive this with the reason
    Warning rename-column: code that runs meanwhile asks for users.nick and fails: it becomes nickname
      help: add a new column and let the code move over, or waive this with the reason
    Warning enum-value-gone: code that runs meanwhile reads and writes 'void' of status and fails
      help: add the new value beside it, and leave the old one until nothing uses it
    Warning drop-table: the rows of accounts are lost, and code that asks for accounts fails
      help: deploy code that does not use it first, then waive this with the reason
    Warning drop-column: the values of users.nick are lost, and code that asks for it fails
      help: deploy code that does not use it first, then waive this with the reason
    Error drop-cascade: policy users.own is dropped as well: DROP FUNCTION current_account_id() CASCADE
      help: drop each thing by its name, without CASCADE
    Error truncate: every row of orders is lost
      help: delete by a condition, or waive this with the reason
    Error rows-without-where: every row of users is changed
      help: add WHERE, or waive this with the reason
    Error trigger-disabled: trigger touch of users does not fire any longer
      help: leave it on; let its function look at a setting of the migration
    Error session-replication-role: no trigger fires and no foreign key is checked for the statements after it
      help: load rows in an order that the foreign keys allow, or make these DEFERRABLE
    Error security-definer-search-path: whoever may call all_emails can make it run code with its owner's rights: it has no search_path of its own
      help: add SET search_path = '' and write every name with its schema
    Error grant-to-public: everybody gets SELECT ON users
      help: grant it to the roles that need it
    Error row-security-off: no policy guards the rows of users any longer
      help: leave it on; a role that has to see all rows gets a policy of its own
    Warning policy-always-true: policy readable shows every row, whatever other policies say
      help: write the condition that is meant, or waive this with the reason
    Warning ban-alter-domain-with-add-constraint: Domains with constraints have poor support for online migrations. Use table and column constraints instead
    Info ban-char-field: Using `character` is likely a mistake and should almost always be replaced by `text` or `varchar`
    Info ban-create-domain-with-constraint: Domains with constraints have poor support for online migrations. Use table and column constraints instead
    Info ban-drop-not-null: Dropping a `NOT NULL` constraint may break existing clients
    Warning ban-set-schema: Moving an object to another schema may break existing clients
    Warning identifier-too-long: `users_by_account_and_age_and_nick_and_email_and_everything_else_there_is` is too long and will be truncated to 63 bytes
    Info prefer-bigint-over-int: Using 32-bit integer fields can result in hitting the max `int` limit
      help: Use 64-bit integer values instead to prevent hitting this limit
    Info prefer-identity: Serial types make schema, dependency, and permission management difficult
      help: Use an `IDENTITY` column instead
    Info prefer-text-field: Changing the size of a `varchar` field requires an `ACCESS EXCLUSIVE` lock, that will prevent all reads and writes to the table
      help: Use a `TEXT` field with a `CHECK` constraint
    Info prefer-timestamp-tz: When Postgres stores a datetime in a `timestamp` field, Postgres drops the UTC offset. This means 2019-10-11 21:11:24+02 and 2019-10-11 21:11:24-06 will both be stored as 2019-10-11 21:11:24 in the database, even though they are eight hours apart in time
      help: Use `timestamptz` instead of `timestamp` for your column type
    Info renaming-object: Renaming a function may break existing clients
    Info require-enum-value-ordering: ADD VALUE without BEFORE or AFTER appends the value to the end of the enum, which may result in unexpected ordering
      help: Add `BEFORE` or `AFTER` to specify the position of the new enum value
    Info require-table-schema: Table name is not schema-qualified. Use schema.table (e.g., public.my_table)
    ");
    insta::assert_snapshot!(without, @"
    Warning not-understood: no rule knows what this statement does: its syntax is not understood
      note: the parser says: expected command, found TEXT_KW
      help: look at it yourself, then waive it with a reason
    Info dynamic-sql: no rule looks into the body of this block
      note: not measured: what it locks and writes
      help: write its statements themselves, or run `driftless lint --measure`
    Warning index-not-concurrent: index users_email of users is built without CONCURRENTLY
      note: not measured: who waits for it meanwhile
      help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that
    Warning drop-index-not-concurrent: index users_age of users is dropped without CONCURRENTLY
      note: not measured: who waits for it meanwhile
      help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that
    Warning reindex-not-concurrent: users is indexed anew without CONCURRENTLY
      note: not measured: who waits for it meanwhile
      help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`
    Warning unique-without-index: unique constraint users_email of users builds its own index
      note: not measured: who waits for it meanwhile
      help: build a unique index CONCURRENTLY first, then add the constraint USING INDEX; `driftless generate --online` writes both
    Warning exclusion-constraint: exclusion constraint one_age of users builds its index at once
      note: not measured: who waits for it meanwhile
      help: there is no other form: run it while the table is not needed, and waive this with the reason
    Warning foreign-key-without-not-valid: foreign key of_user of orders is added without NOT VALID
      note: not measured: who waits for it meanwhile
      help: add it NOT VALID, and VALIDATE CONSTRAINT in a later migration; `driftless generate --online` writes both
    Warning check-without-not-valid: check grown of users is added without NOT VALID
      note: not measured: who waits for it meanwhile
      help: add it NOT VALID, and VALIDATE CONSTRAINT in a later migration; `driftless generate --online` writes both
    Warning validate-same-transaction: grown of users is validated in the transaction that adds it
      help: move VALIDATE CONSTRAINT to a later migration
    Warning set-not-null: no checked constraint shows that users.email holds no NULL
      note: not measured: who waits for it meanwhile
      help: add CHECK (email IS NOT NULL) NOT VALID, validate it in a later migration, then SET NOT NULL; `driftless generate --online` writes all of it
    Info column-type-change: whether every row of users is written anew for age as bigint was not measured
      help: run `driftless lint --measure`, which tries it in a throwaway Postgres
    Info volatile-default: whether every row of users is written anew for the default of token was not measured
      help: run `driftless lint --measure`, which tries it in a throwaway Postgres
    Info table-rewrite: whether every row of users is written anew was not measured
      help: run `driftless lint --measure`, which tries it in a throwaway Postgres

    Warning detach-not-concurrent: partition events_2025 of events is detached without CONCURRENTLY
      note: not measured: who waits for it meanwhile
      help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`
    Warning refresh-not-concurrent: totals is refreshed without CONCURRENTLY
      note: not measured: who waits for it meanwhile
      help: add CONCURRENTLY; the view needs a unique index over all its rows for that
    Warning vacuum-full-or-cluster: CLUSTER writes users anew
      note: not measured: who waits for it meanwhile
      help: use VACUUM alone, or pg_repack outside of migrations


    Error ban-duplicate-column-assignments: Multiple assignments to the same column `age`
    Error ban-duplicate-column-assignments: Multiple assignments to the same column `age`
    ");
}

/// Codes of the findings, but for what is only worth knowing, of files that are only read.
fn codes(before: &Catalog, sql: &str) -> String {
    let source = SourceFile::new("0001_example.sql", sql);
    let script = Script {
        source: &source,
        before,
        measured: None,
    };
    let found = lint(&[script], &Levels::default()).findings;
    let told = found.iter().filter(|one| one.severity > Severity::Info);
    told.map(|one| one.code).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn statements_are_understood_however_they_are_written() {
    let Some(bench) = Bench::new().await else {
        return;
    };
    let mut wrong = String::new();
    for (sql, expected) in [
        // Settings.
        ("SET lock_timeout TO DEFAULT", "lock-timeout-off"),
        ("SET LOCAL lock_timeout = '0ms'", "lock-timeout-off"),
        ("RESET ALL", "lock-timeout-off"),
        (
            "SELECT set_config('lock_timeout', '0', true)",
            "lock-timeout-off",
        ),
        ("SET LOCAL lock_timeout = '2s'", ""),
        (
            "SELECT pg_catalog.set_config('session_replication_role', 'replica', false)",
            "session-replication-role",
        ),
        ("SET session_replication_role = 'origin'", ""),
        // Names.
        (
            "TRUNCATE ONLY public.\"users\", Accounts CASCADE",
            "truncate truncate",
        ),
        ("TRUNCATE \"Users\"", ""),
        ("CREATE TEMP TABLE users (id int); DELETE FROM users", ""),
        (
            "CREATE TABLE IF NOT EXISTS users (id int); TRUNCATE users",
            "truncate",
        ),
        (
            "DROP TABLE accounts; CREATE TABLE accounts (id int); TRUNCATE accounts",
            "drop-table",
        ),
        (
            "ALTER SCHEMA public RENAME TO old; TRUNCATE old.users",
            "truncate",
        ),
        (
            "ALTER TABLE IF EXISTS nothing ADD COLUMN x int NOT NULL",
            "",
        ),
        // Rows.
        (
            "WITH gone AS (DELETE FROM orders RETURNING *) SELECT 1",
            "rows-without-where",
        ),
        (
            "UPDATE users u SET age = 1 FROM orders o",
            "rows-without-where",
        ),
        ("UPDATE users SET age = 1 WHERE true", ""),
        // Indexes and keys.
        ("CREATE INDEX ON events (id)", "index-not-concurrent"),
        ("CREATE INDEX ON ONLY events (id)", ""),
        (
            "CREATE UNIQUE INDEX IF NOT EXISTS x ON totals (total)",
            "index-not-concurrent",
        ),
        (
            "DROP INDEX IF EXISTS users_age, nothing",
            "drop-index-not-concurrent",
        ),
        (
            "ALTER TABLE users ADD COLUMN x int UNIQUE",
            "unique-without-index",
        ),
        (
            "ALTER TABLE users ADD PRIMARY KEY USING INDEX users_age",
            "",
        ),
        ("REINDEX (CONCURRENTLY) TABLE users", ""),
        ("REINDEX SCHEMA public", "reindex-not-concurrent"),
        ("VACUUM (FULL) users", "vacuum-full-or-cluster"),
        ("VACUUM (FULL false) users", ""),
        ("VACUUM FULL", "vacuum-full-or-cluster"),
        // Constraints.
        (
            "ALTER TABLE users ADD COLUMN x int CHECK (x > 0)",
            "check-without-not-valid",
        ),
        ("ALTER TABLE users ADD COLUMN x int REFERENCES accounts", ""),
        (
            "ALTER TABLE users ADD COLUMN x int DEFAULT 1 REFERENCES accounts",
            "foreign-key-without-not-valid",
        ),
        ("ALTER TABLE orders ALTER note SET NOT NULL", ""),
        (
            "ALTER TABLE orders DROP CONSTRAINT noted; ALTER TABLE orders ALTER note SET NOT NULL",
            "set-not-null",
        ),
        ("ALTER TABLE users ADD COLUMN x serial NOT NULL", ""),
        (
            "ALTER TABLE users ADD COLUMN x int GENERATED ALWAYS AS IDENTITY NOT NULL",
            "",
        ),
        (
            "ALTER TABLE users ADD COLUMN x int PRIMARY KEY",
            "add-not-null-column unique-without-index",
        ),
        // What goes.
        ("DROP SCHEMA public CASCADE", "drop-cascade"),
        (
            "ALTER TABLE users DROP COLUMN account_id CASCADE",
            "drop-column drop-cascade",
        ),
        ("ALTER TABLE users DROP COLUMN IF EXISTS nothing", ""),
        (
            "DROP TYPE status CASCADE; CREATE TYPE status AS ENUM ('open', 'paid')",
            "drop-cascade enum-value-gone",
        ),
        ("CREATE SCHEMA s; CREATE TYPE s.status AS ENUM ('open')", ""),
        // Who may do what.
        (
            "CREATE POLICY p ON users USING ((1 = 1))",
            "policy-always-true",
        ),
        (
            "CREATE POLICY p ON users USING (account_id = 1 OR true) WITH CHECK (true)",
            "policy-always-true policy-always-true",
        ),
        ("CREATE POLICY p ON users AS RESTRICTIVE USING (true)", ""),
        (
            "ALTER POLICY own ON users WITH CHECK (true)",
            "policy-always-true",
        ),
        ("ALTER POLICY own ON users RENAME TO mine", ""),
        (
            "ALTER FUNCTION current_account_id() SECURITY DEFINER",
            "security-definer-search-path",
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; ALTER FUNCTION f() SET search_path = ''",
            "",
        ),
        (
            "CREATE PROCEDURE f() LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            "security-definer-search-path",
        ),
        (
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO public",
            "grant-to-public",
        ),
        ("GRANT app_user TO CURRENT_USER", ""),
        ("REVOKE ALL ON users FROM PUBLIC", ""),
        (
            "ALTER TABLE ONLY users DISABLE TRIGGER ALL, NO FORCE ROW LEVEL SECURITY",
            "trigger-disabled row-security-off",
        ),
        (
            "ALTER TABLE users ENABLE REPLICA TRIGGER touch",
            "trigger-disabled",
        ),
        // Blocks.
        ("DO $$ BEGIN PERFORM 1; END $$", ""),
        ("ALTER VIEW nothing RENAME TO something", ""),
    ] {
        let found = codes(&bench.before, sql);
        if found != expected {
            wrong += &format!("{sql}: {found}\n");
        }
    }
    assert_eq!(wrong, "");
}
