//! `driftless migrate` where it has to stop: the whole message for each reason.

use std::time::{Duration, Instant};

use crate::project::TestProject;
use crate::server::TestDatabase;
use crate::test_migrate::{USERS, custom, project};

#[test]
fn a_statement_that_fails_is_shown_in_its_file() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(
        &project,
        1,
        "broken",
        "CREATE TABLE a (id int);\n--> statement-breakpoint\nALTER TABLE a\n  ADD COLUMN b int REFERENCES nothing (id);\n",
    );
    insta::assert_snapshot!(project.run(&["migrate"]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0000_first done in [TIME]
    error[statement-failed]: `0001_broken` was rolled back: relation "nothing" does not exist
     --> drizzle/0001_broken.sql:3:1
      |
    3 | ALTER TABLE a
      | ^^^^^^^^^^^^^ 42P01
      |
      = note: SQLSTATE 42P01
      = note: statement 2 of 2
      = note: applied before it, and kept: `0000_first`
      = help: correct the file, then run `driftless migrate` again: it goes on with this migration
    "#);
    // The first migration stays, of the second nothing does.
    let tables = "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class \
                  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    assert_eq!(database.sql(tables), "users\n");
    project.write("drizzle/0001_broken.sql", "CREATE TABLE a (id int);\n");
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0001_broken done in [TIME]
    ");
}

#[test]
fn an_applied_migration_was_edited() {
    let Some((project, _database)) = project() else {
        return;
    };
    project.succeeds(&["migrate"]);
    let text = project.read("drizzle/0000_first.sql");
    project.write("drizzle/0000_first.sql", &format!("-- looked at\n{text}"));
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[applied-migration-edited]: `0000_first` was edited after it was applied to this database
     --> drizzle/0000_first.sql:1:1
      |
    1 | -- looked at
      | ^^^^^^^^^^^^
      |
      = note: applied: sha256 [SHA256]
      = note: now:     sha256 [SHA256]
      = note: only comments or whitespace differ
      = help: restore the file (`git checkout`), and write the change as a new migration
    ");
    project.write(
        "drizzle/0000_first.sql",
        &text.replace("text", "varchar(9)"),
    );
    insta::assert_snapshot!(project.run(&["migrate"]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[applied-migration-edited]: `0000_first` was edited after it was applied to this database
     --> drizzle/0000_first.sql:1:1
      |
    1 | CREATE TABLE "users" (
      | ^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: applied: sha256 [SHA256]
      = note: now:     sha256 [SHA256]
      = note: its statements differ
      = help: restore the file (`git checkout`), and write the change as a new migration
    "#);
    insta::assert_snapshot!(project.run(&["status"]), @r#"
    exit 1
    --- stdout
    migration   kind       applied                  file
    0000_first  generated  [WHEN]  edited

    1 finding to settle before `driftless migrate` goes on
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[applied-migration-edited]: `0000_first` was edited after it was applied to this database
     --> drizzle/0000_first.sql:1:1
      |
    1 | CREATE TABLE "users" (
      | ^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: applied: sha256 [SHA256]
      = note: now:     sha256 [SHA256]
      = note: its statements differ
      = help: restore the file (`git checkout`), and write the change as a new migration
    "#);
}

#[test]
fn a_migration_older_than_what_is_applied() {
    let Some((project, _database)) = project() else {
        return;
    };
    project.succeeds(&["migrate"]);
    // As a merge leaves it: another branch's migration in front.
    let journal = project.read("drizzle/meta/_journal.json");
    let mut journal: serde_json::Value = serde_json::from_str(&journal).unwrap();
    let mut older = journal["entries"][0].clone();
    let when = older["when"].as_i64().unwrap() - 1000;
    older["when"] = when.into();
    older["tag"] = "0000_older".into();
    let entries = journal["entries"].as_array_mut().unwrap();
    entries[0]["idx"] = 1.into();
    entries.insert(0, older);
    project.write("drizzle/meta/_journal.json", &journal.to_string());
    project.write("drizzle/0000_older.sql", "SELECT 1;");
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[older-than-applied]: `0000_older` was never applied, and `0000_first`, which is younger, was
     |
     = note: journal: `when` is [MILLISECONDS], the youngest applied is [MILLISECONDS]
     = note: drizzle-orm's own migrator skips such a migration for ever, and says nothing
     = help: if nobody else has applied it yet, generate it again so that it comes last
     = help: where it does not matter, `driftless migrate --allow-out-of-order` runs it now
    ");
}

#[test]
fn files_that_are_missing_or_not_listed_are_named() {
    let Some((project, _database)) = project() else {
        return;
    };
    project.write("drizzle/0001_mine.sql", "SELECT 1;");
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    warning[migration-not-in-journal]: drizzle/0001_mine.sql never runs, the journal does not list it
     |
     = help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git
     = help: if you wrote it by hand, run `driftless generate --custom --name mine` and move the SQL into the file that it makes

    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0000_first done in [TIME]
    ");
    project.remove("drizzle/0000_first.sql");
    insta::assert_snapshot!(project.run(&["migrate"]), @r#"
    exit 1
    --- stderr
    warning[migration-not-in-journal]: drizzle/0001_mine.sql never runs, the journal does not list it
     |
     = help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git
     = help: if you wrote it by hand, run `driftless generate --custom --name mine` and move the SQL into the file that it makes

    error[migration-file-missing]: drizzle/0000_first.sql is missing, the journal lists it as index 0
     --> drizzle/meta/_journal.json:9:7
      |
    9 |       "tag": "0000_first",
      |       ^^^^^^^^^^^^^^^^^^^ listed here
      |
      = help: restore the file: git checkout -- drizzle/0000_first.sql
      = help: if it was never committed, ask whoever made it to push it
    "#);
}

#[test]
fn a_database_that_is_not_there() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = TestProject::generated(USERS);
    let no_server = project.run(&["migrate", "--database-url", "postgres://me@127.0.0.1:1/app"]);
    insta::assert_snapshot!(no_server, @r"
    exit 1
    --- stderr
    database: postgres://me@127.0.0.1:1/app (from --database-url)
    error[database-unreachable]: no Postgres listens at 127.0.0.1:1
     |
     = help: start Postgres, or correct host and port in the database URL
    ");
    let url = database.url().replace(&database.name, "nowhere");
    insta::assert_snapshot!(project.run(&["migrate", "--database-url", &url]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/nowhere?host=[SOCKET] (from --database-url)
    error[database-missing]: the server at [SOCKET]/.s.PGSQL.5432 has no database `nowhere`
     |
     = note: SQLSTATE 3D000: database "nowhere" does not exist
     = help: create it with `createdb nowhere`, or correct the name in the database URL
    "#);
}

#[test]
fn a_role_without_rights() {
    let Some((project, database)) = project() else {
        return;
    };
    database.sql(&format!("CREATE ROLE weak_{} LOGIN", database.name));
    let url = database.url_as(&format!("weak_{}", database.name));
    insta::assert_snapshot!(
        project.run(&["migrate", "--database-url", &url]).replace(&database.name, "[NAME]"),
        @r#"
    exit 1
    --- stderr
    database: postgres://weak_[NAME]@/[DATABASE]?host=[SOCKET] (from --database-url)
    error[no-create-right]: nothing was migrated: `weak_[NAME]` may not create the schema "drizzle", where applied migrations are recorded
     |
     = note: SQLSTATE 42501: permission denied for database [NAME]
     = help: as an owner: GRANT CREATE ON DATABASE "[NAME]" TO "weak_[NAME]"
    "#
    );
}

#[test]
fn a_wrong_password() {
    let Some((project, database)) = project() else {
        return;
    };
    // The rule for this role comes first; everybody else is trusted as before.
    database.sql("CREATE ROLE guarded LOGIN PASSWORD 'right'");
    let rules = database.sql("SHOW hba_file").trim().to_owned();
    let before = std::fs::read_to_string(&rules).unwrap();
    std::fs::write(&rules, format!("local all guarded scram-sha-256\n{before}")).unwrap();
    database.sql("SELECT pg_reload_conf()");
    let url = |password| database.url_as(&format!("guarded:{password}"));
    let deadline = Instant::now() + Duration::from_secs(10);
    let said = loop {
        let said = project.run(&["migrate", "--database-url", &url("wrong")]);
        if said.contains("password") || Instant::now() > deadline {
            break said;
        }
    };
    insta::assert_snapshot!(said, @r#"
    exit 1
    --- stderr
    database: postgres://guarded@/[DATABASE]?host=[SOCKET] (from --database-url)
    error[password-refused]: the server at [SOCKET]/.s.PGSQL.5432 refuses the password of `guarded`
     |
     = note: SQLSTATE 28P01: password authentication failed for user "guarded"
     = help: check user and password in the database URL; special characters in it are written as %XX
    "#);
}

#[test]
fn the_ledger_of_another_folder_is_left_alone() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let url = database.url();
    let one = TestProject::generated("export const ones = pgTable('ones', { id: integer() });");
    one.succeeds(&["migrate", "--database-url", &url]);
    let other =
        TestProject::generated("export const others = pgTable('others', { id: integer() });");
    insta::assert_snapshot!(other.run(&["migrate", "--database-url", &url]), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from --database-url)
    error[ledger-of-another-folder]: the database has 1 migration, and none of them is in this folder: it seems to be another project's
     |
     = help: correct the database URL, or the migrations folder
     = help: where two projects share a database on purpose, give each a ledger of its own (`migrations.table` of the config), or pass --allow-out-of-order
    ");
    other.succeeds(&["migrate", "--database-url", &url, "--allow-out-of-order"]);
}
