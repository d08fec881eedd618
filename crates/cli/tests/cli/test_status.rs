//! `driftless status`.

use crate::project::TestProject;
use crate::server::TestDatabase;

const USERS: &str = "export const users = pgTable('users', { id: serial().primaryKey() });";

#[test]
fn the_history_of_a_project() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = TestProject::new(USERS).env("DATABASE_URL", &database.url());
    insta::assert_snapshot!(project.run(&["status"]), @r"
    exit 0
    --- stdout
    the folder holds no migration: run `driftless generate`
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    project.succeeds(&["generate", "--name", "first"]);
    insta::assert_snapshot!(project.run(&["status"]), @r"
    exit 0
    --- stdout
    migration   kind       applied  file
    0000_first  generated  pending  new

    the only migration is pending: run `driftless migrate`
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    project.succeeds(&["migrate"]);
    insta::assert_snapshot!(project.run(&["status"]), @r"
    exit 0
    --- stdout
    migration   kind       applied                  file
    0000_first  generated  [WHEN]  as applied

    the only migration is applied
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    project.succeeds(&["generate", "--custom", "--name", "by_hand"]);
    project.write("drizzle/0001_by_hand.sql", "SELECT 1;");
    insta::assert_snapshot!(project.run(&["status"]), @r"
    exit 0
    --- stdout
    migration     kind          applied                  file
    0000_first    generated     [WHEN]  as applied
    0001_by_hand  hand-written  pending                  new

    1 of 2 migrations pending: run `driftless migrate`
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    insta::assert_snapshot!(project.run(&["status", "--format", "json"]), @r#"
    exit 0
    --- stdout
    {
      "command": "status",
      "database": "postgres://postgres@/[DATABASE]?host=[SOCKET]",
      "diagnostics": [],
      "exit_code": 0,
      "ledger_exists": true,
      "migrations": [
        {
          "applied": "[WHEN]",
          "hash": "same",
          "origin": "generated",
          "pending": false,
          "tag": "0000_first"
        },
        {
          "applied": null,
          "hash": "new",
          "origin": "hand-written",
          "pending": true,
          "tag": "0001_by_hand"
        }
      ],
      "outcome": "ok"
    }
    "#);
    project.write("drizzle/0002_stray.sql", "SELECT 1;");
    project.remove("drizzle/0001_by_hand.sql");
    insta::assert_snapshot!(project.run(&["status"]), @r#"
    exit 1
    --- stdout
    migration     kind          applied                  file
    0000_first    generated     [WHEN]  as applied
    0001_by_hand  hand-written  pending                  missing

    1 finding to settle before `driftless migrate` goes on
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[migration-file-missing]: drizzle/0001_by_hand.sql is missing, the journal lists it as index 1
      --> drizzle/meta/_journal.json:16:7
       |
    16 |       "tag": "0001_by_hand",
       |       ^^^^^^^^^^^^^^^^^^^^^ listed here
       |
       = help: restore the file: git checkout -- drizzle/0001_by_hand.sql
       = help: if it was never committed, ask whoever made it to push it

    warning[migration-not-in-journal]: drizzle/0002_stray.sql never runs, the journal does not list it
     |
     = help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git
     = help: if you wrote it by hand, run `driftless generate --custom --name stray` and move the SQL into the file that it makes
    "#);
}

#[test]
fn rows_of_another_project() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let other = TestProject::generated(USERS).env("DATABASE_URL", &database.url());
    other.succeeds(&["migrate"]);
    let project = TestProject::new(USERS).env("DATABASE_URL", &database.url());
    insta::assert_snapshot!(project.run(&["status"]), @r"
    exit 0
    --- stdout
    the folder holds no migration: run `driftless generate`
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    warning[unknown-in-folder]: the database has 1 migration that the folder does not have
     |
     = note: ledger rows, by created_at and hash: [MILLISECONDS] ([SHA256]...)
     = help: a newer version of the project may have been deployed, or files are missing here
    ");
}
