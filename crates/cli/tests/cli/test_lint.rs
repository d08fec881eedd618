//! `driftless lint` and `driftless explain`.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::test_migrate::custom;

const SCHEMA: &str = "export const users = pgTable('users', { id: serial().primaryKey(), name: text(), age: integer() });
export const posts = pgTable('posts', { id: serial().primaryKey(), user: integer() });";

/// A project whose last migration holds this.
fn with(sql: &str) -> TestProject {
    let project = TestProject::generated(SCHEMA);
    custom(&project, 1, "mine", sql);
    project
}

/// The same, where a Postgres can try it.
fn measured(sql: &str) -> Option<TestProject> {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return None;
    }
    Some(with(sql))
}

#[test]
fn what_is_measured_is_claimed() {
    let Some(project) = measured(
        "CREATE INDEX by_name ON users (name);
ALTER TABLE users ALTER COLUMN age TYPE bigint;
ALTER TABLE users ALTER COLUMN name TYPE varchar;
ALTER TABLE posts ADD COLUMN made timestamptz DEFAULT now();
CREATE TABLE tags (id int);
CREATE INDEX of_tags ON tags (id);",
    ) else {
        return;
    };
    assert_snapshot!(project.run(&["lint", "--measure"]), @"
    exit 0
    --- stdout
    1 file: 3 warnings
    --- stderr
    warning[index-not-concurrent]: nobody writes users while index by_name is built
     --> drizzle/0001_mine.sql:1:1
      |
    1 | CREATE INDEX by_name ON users (name);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that

    warning[column-type-change]: nobody reads or writes users while every row is written anew for age as bigint
     --> drizzle/0001_mine.sql:2:19
      |
    2 | ALTER TABLE users ALTER COLUMN age TYPE bigint;
      |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a new column, copy in portions, and let the code move over; for a small table waive this with the reason

    warning[several-exclusive-locks]: queries that use several of users, posts may deadlock with this transaction
     --> drizzle/0001_mine.sql:4:1
      |
    4 | ALTER TABLE posts ADD COLUMN made timestamptz DEFAULT now();
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: it takes each of them in ACCESS EXCLUSIVE and holds them to its end
      = help: make one migration a table

    hint: `driftless explain index-not-concurrent` says more
    ");
}

#[test]
fn what_is_not_measured_is_said_to_be_open() {
    let project = with(
        "CREATE INDEX by_name ON users (name);
ALTER TABLE users ALTER COLUMN age TYPE bigint;
ALTER TABLE posts ADD COLUMN made timestamptz DEFAULT now();
CREATE TABLE tags (id int);
CREATE INDEX of_tags ON tags (id);
DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$;",
    );
    assert_snapshot!(project.run(&["lint"]), @"
    exit 0
    --- stdout
    1 file: 1 warning, 3 pieces of information
    --- stderr
    warning[index-not-concurrent]: index by_name of users is built without CONCURRENTLY
     --> drizzle/0001_mine.sql:1:1
      |
    1 | CREATE INDEX by_name ON users (name);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: not measured: who waits for it meanwhile
      = help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that

    info[column-type-change]: whether every row of users is written anew for age as bigint was not measured
     --> drizzle/0001_mine.sql:2:19
      |
    2 | ALTER TABLE users ALTER COLUMN age TYPE bigint;
      |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: run `driftless lint --measure`, which tries it in a throwaway Postgres

    info[volatile-default]: whether every row of posts is written anew for the default of made was not measured
     --> drizzle/0001_mine.sql:3:55
      |
    3 | ALTER TABLE posts ADD COLUMN made timestamptz DEFAULT now();
      |                                                       ^^^^^
      |
      = help: run `driftless lint --measure`, which tries it in a throwaway Postgres

    info[dynamic-sql]: no rule looks into the body of this block
     --> drizzle/0001_mine.sql:6:1
      |
    6 | DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$;
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: not measured: what it locks and writes
      = help: write its statements themselves, or run `driftless lint --measure`

    hint: `driftless explain index-not-concurrent` says more
    ");
}

#[test]
fn what_exists_is_known_from_the_catalog_and_the_statements_before() {
    let project = with(
        "CREATE SCHEMA other;
CREATE TABLE other.users (id int);
CREATE INDEX a ON other.users (id);
CREATE INDEX b ON public.users (id);
ALTER TABLE posts RENAME TO articles;
CREATE INDEX c ON articles (id);
CREATE TABLE posts (id int);
CREATE INDEX d ON posts (id);
DROP INDEX d;
DROP TABLE users;
CREATE TABLE users (id int);
TRUNCATE users;",
    );
    assert_snapshot!(project.run(&["lint", "--format", "concise"]), @"
    exit 0
    --- stdout
    1 file: 4 warnings
    --- stderr
    drizzle/0001_mine.sql:4:1: warning[index-not-concurrent]: index b of users is built without CONCURRENTLY
    drizzle/0001_mine.sql:5:19: warning[rename-table]: code that runs meanwhile asks for posts and fails: it becomes articles
    drizzle/0001_mine.sql:6:1: warning[index-not-concurrent]: index c of articles is built without CONCURRENTLY
    drizzle/0001_mine.sql:10:12: warning[drop-table]: the rows of users are lost, and code that asks for users fails
    hint: `driftless explain index-not-concurrent` says more
    ");
}

#[test]
fn a_waiver_needs_a_rule_a_reason_and_a_statement() {
    let project = with(
        "-- driftless: allow index-not-concurrent: because the table holds ten rows
CREATE INDEX a ON users (name);
-- What follows is about the whole table.
-- driftless: allow rows-without-where, add-not-null-column: it is a lookup table
UPDATE users SET name = '';
DROP TABLE posts; -- driftless: allow truncate: because it is behind its statement
TRUNCATE users;
-- driftless: allow drop-tabel: because of a slip of the pen
-- driftless: allow index-not-concurrent: because
CREATE INDEX b ON users (age);
-- driftless: alow drop-table: because of another slip
-- driftless: allow drop-table: because nothing follows
",
    );
    assert_snapshot!(project.run(&["lint", "--format", "concise"]), @"
    exit 1
    --- stdout
    1 file: 4 errors, 4 warnings, 3 waived
    --- stderr
    drizzle/0001_mine.sql:4:1: warning[unused-waiver]: the statement after it does not break `add-not-null-column`
    drizzle/0001_mine.sql:6:12: warning[drop-table]: the rows of posts are lost, and code that asks for posts fails
    drizzle/0001_mine.sql:6:19: warning[unused-waiver]: the statement after it does not break `truncate`
    drizzle/0001_mine.sql:7:10: error[truncate]: every row of users is lost
    drizzle/0001_mine.sql:8:1: error[unknown-rule]: no lint rule is called `drop-tabel`
    drizzle/0001_mine.sql:9:1: error[waiver-without-reason]: nobody knows why `index-not-concurrent` does not count here
    drizzle/0001_mine.sql:11:1: error[unknown-header]: `alow` is nothing that Driftless knows
    drizzle/0001_mine.sql:12:1: warning[unused-waiver]: the statement after it does not break `drop-table`
    hint: `driftless explain drop-table` says more
    ");
}

#[test]
fn levels_are_chosen_in_driftless_toml() {
    let project = with(
        "CREATE INDEX a ON users (name);\nDROP TABLE posts;\nGRANT SELECT ON users TO PUBLIC;",
    );
    let lint = |levels: &str| {
        project.write("driftless.toml", &format!("[lint]\n{levels}\n"));
        project.run(&["lint", "--format", "concise"])
    };
    assert_snapshot!(lint("index-not-concurrent = 'error'\ndrop-table = 'off'\ngrant-to-public = 'info'"), @"
    exit 1
    --- stdout
    1 file: 1 error, 1 piece of information
    --- stderr
    drizzle/0001_mine.sql:1:1: error[index-not-concurrent]: index a of users is built without CONCURRENTLY
    drizzle/0001_mine.sql:3:26: info[grant-to-public]: everybody gets SELECT ON users
    hint: `driftless explain index-not-concurrent` says more
    ");
    assert_snapshot!(lint("index-not-concurent = 'error'\nxyz = 'off'\ndrop-table = 'fatal'\ntruncate = 1"), @r#"
    exit 1
    --- stderr
    driftless.toml:5:12: error[config-type]: `lint.truncate` must be "off", "info", "warning" or "error", here it is a number
    "#);
    assert_snapshot!(lint("index-not-concurent = 'error'\nxyz = 'off'\ndrop-table = 'fatal'"), @r#"
    exit 1
    --- stderr
    driftless.toml:2:1: error[unknown-rule]: no lint rule is called `index-not-concurent`
    driftless.toml:3:1: error[unknown-rule]: no lint rule is called `xyz`
    driftless.toml:4:14: error[config-type]: `lint.drop-table` must be "off", "info", "warning" or "error", it is "fatal"
    "#);
}

#[test]
fn which_migrations_are_looked_at() {
    let project = with("TRUNCATE users;");
    custom(&project, 2, "last", "TRUNCATE posts;");
    project.write("scripts/other.sql", "TRUNCATE users, posts;");
    let lint = |args: &[&str]| {
        let args: Vec<&str> = [&["lint", "--format", "concise"], args].concat();
        project.run(&args)
    };
    assert_snapshot!(lint(&[]), @"
    exit 1
    --- stdout
    1 file: 1 error
    --- stderr
    drizzle/0002_last.sql:1:10: error[truncate]: every row of posts is lost
    hint: `driftless explain truncate` says more
    ");
    assert_snapshot!(lint(&["--all"]), @"
    exit 1
    --- stdout
    3 files: 2 errors
    --- stderr
    drizzle/0001_mine.sql:1:10: error[truncate]: every row of users is lost
    drizzle/0002_last.sql:1:10: error[truncate]: every row of posts is lost
    hint: `driftless explain truncate` says more
    ");
    assert_snapshot!(lint(&["--since", "0001_mine"]), @"
    exit 1
    --- stdout
    1 file: 1 error
    --- stderr
    drizzle/0002_last.sql:1:10: error[truncate]: every row of posts is lost
    hint: `driftless explain truncate` says more
    ");
    assert_snapshot!(lint(&["0001_mine", "scripts/other.sql"]), @"
    exit 1
    --- stdout
    2 files: 3 errors
    --- stderr
    drizzle/0001_mine.sql:1:10: error[truncate]: every row of users is lost
    scripts/other.sql:1:10: error[truncate]: every row of users is lost
    scripts/other.sql:1:17: error[truncate]: every row of posts is lost
    hint: `driftless explain truncate` says more
    ");
    assert_eq!(lint(&["drizzle/0001_mine.sql"]), lint(&["0001_mine"]));
    assert_snapshot!(lint(&["0009_none"]), @"
    exit 64
    --- stderr
    error[unknown-migration]: the folder drizzle has no migration 0009_none, and there is no such .sql file
    ");
    assert_snapshot!(lint(&["--since", "0002_last"]), @"
    exit 0
    --- stdout
    nothing to lint: there is no such migration
    ");
}

#[test]
fn programs_get_findings_and_rules() {
    let project = with("TRUNCATE users;");
    let (code, json) = project.json(&["lint"]);
    assert_eq!(code, 1);
    assert_eq!(json["measured"], false);
    assert_eq!(json["files"][0], "drizzle/0001_mine.sql");
    assert_eq!(json["diagnostics"][0]["code"], "truncate");
    let (code, json) = project.json(&["explain"]);
    assert_eq!(code, 0);
    let rules = json["rules"].as_array().unwrap();
    let rule = |name: &str| rules.iter().find(|rule| rule["name"] == name).unwrap();
    assert_eq!(rule("truncate")["level"], "error");
    assert_eq!(rule("index-order")["codes"][0], "journal-index-gap");
}

#[test]
fn rules_are_explained() {
    let project = TestProject::empty();
    assert_snapshot!(project.run(&["explain", "index-not-concurrent"]), @"
    exit 0
    --- stdout
    index-not-concurrent (warning unless driftless.toml says otherwise)

    What it does
      Finds `CREATE INDEX` without `CONCURRENTLY` on a table that was there before.

    Why
      While the index is built nobody writes the table. On a large one that is minutes.

    What to do
      Build it with `CONCURRENTLY`, in a file of its own that begins with
      `-- driftless: no-transaction`. `driftless generate --online` writes that. A partitioned
      table has no such form: create the index `ON ONLY` it, build one concurrently on each
      partition and attach them.

    Bad
        CREATE INDEX users_email ON users (email);

    Good
        -- driftless: no-transaction
        CREATE INDEX CONCURRENTLY users_email ON users (email);
    ");
    assert_snapshot!(project.run(&["explain", "migration-not-in-journal"]), @"
    exit 0
    --- stdout
    migration-not-in-journal

    What it does
      Finds `.sql` files in the folder that the journal does not list.

    Why
      They look like migrations and never run. Usually the file was committed and the journal was
      not, or a merge kept the wrong side of the journal.

    What to do
      Restore the journal's entry from the branch that made the migration. Where another migration
      has the same number, run `driftless rebase`. For SQL that you wrote
      yourself, run `driftless generate --custom` and put it into the file that it makes. Scripts
      that are no migrations belong into another folder.
    ");
    assert_snapshot!(project.run(&["explain", "index-not-concurently"]), @"
    exit 64
    --- stderr
    error[unknown-rule]: no rule and no finding of a rule is called `index-not-concurently`
     |
     = help: did you mean `index-not-concurrent`?
    ");
    let list = project.succeeds(&["explain"]);
    for name in [
        "index-not-concurrent",
        "unlisted-files",
        "policy-always-true",
    ] {
        assert!(list.contains(name), "{list}");
    }
}

#[test]
fn check_looks_at_what_a_database_does_not_have_yet() {
    let Some(database) = crate::server::TestDatabase::new() else {
        return;
    };
    let project = TestProject::generated(SCHEMA).env("DATABASE_URL", &database.url());
    custom(&project, 1, "applied", "TRUNCATE posts;");
    project.succeeds(&["migrate"]);
    custom(
        &project,
        2,
        "pending",
        "CREATE INDEX by_name ON users (name);\nDROP INDEX by_name;\nTRUNCATE users;",
    );
    let url = database.url();
    assert_snapshot!(project.run(&["check", "--database-url", &url, "--format", "concise"]), @"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from --database-url)
    drizzle/meta/_journal.json:23:7: info[migration-not-recorded]: 0002_pending is not recorded yet, an edit of it would not be noticed offline
    info[migrations-pending]: the database is compared with the migrations it has: 1 migration pending
    drizzle/0002_pending.sql:1:1: warning[index-not-concurrent]: nobody writes users while index by_name is built
    drizzle/0002_pending.sql:3:10: error[truncate]: every row of users is lost
    ");
    project.write("driftless.toml", "[lint]\nrows-without-were = 'off'\n");
    assert_snapshot!(project.run(&["check", "--format", "concise"]), @"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    driftless.toml:2:1: error[unknown-rule]: no lint rule is called `rows-without-were`
    drizzle/meta/_journal.json:23:7: info[migration-not-recorded]: 0002_pending is not recorded yet, an edit of it would not be noticed offline
    ");
}
