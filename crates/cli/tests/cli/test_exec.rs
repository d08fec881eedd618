//! `driftless exec`.

use crate::project::TestProject;
use crate::server::TestDatabase;

const USERS: &str =
    "export const users = pgTable('users', { id: serial().primaryKey(), name: text() });";

fn migrated() -> Option<(TestProject, TestDatabase)> {
    let database = TestDatabase::new()?;
    let project = TestProject::generated(USERS).env("DATABASE_URL", &database.url());
    project.succeeds(&["migrate"]);
    Some((project, database))
}

#[test]
fn files_run_together_or_not_at_all() {
    let Some((project, database)) = migrated() else {
        return;
    };
    project.write("a.sql", "INSERT INTO users (name) VALUES ('Ada');\n");
    project.write(
        "b.sql",
        "INSERT INTO users (name) VALUES ('Bob');\nINSERT INTO userz (name) VALUES ('Eve');\n",
    );
    insta::assert_snapshot!(project.run(&["exec", "a.sql", "b.sql"]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    a.sql done in [TIME]
    error[statement-failed]: `b.sql` was rolled back: relation "userz" does not exist
     --> b.sql:2:13
      |
    2 | INSERT INTO userz (name) VALUES ('Eve');
      |             ^^^^^ 42P01
      |
      = note: SQLSTATE 42P01
      = note: statement 2 of 2
      = help: correct the file and run the command again: nothing took effect
    "#);
    assert_eq!(database.sql("SELECT count(*) FROM users"), "0\n");
    project.edit("b.sql", "userz", "users");
    insta::assert_snapshot!(project.run(&["exec", "a.sql", "b.sql"]), @r"
    exit 0
    --- stdout
    ran 3 statements of 2 files in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    a.sql done in [TIME]
    b.sql done in [TIME]
    ");
    assert_eq!(database.sql("SELECT count(*) FROM users"), "3\n");
    insta::assert_snapshot!(project.run(&["migrate"]), @r"
    exit 0
    --- stdout
    nothing to do: the only migration is applied already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
}

#[test]
fn stdin_is_a_file_too() {
    let Some((project, database)) = migrated() else {
        return;
    };
    let sql = "INSERT INTO users (name) VALUES ('Ada');";
    insta::assert_snapshot!(project.run_with_input(&["exec", "-"], sql), @r"
    exit 0
    --- stdout
    ran 1 statement of 1 file in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    stdin done in [TIME]
    ");
    assert_eq!(database.sql("SELECT name FROM users"), "Ada\n");
}

#[test]
fn what_does_not_belong_into_a_transaction_is_refused() {
    let Some((project, _database)) = migrated() else {
        return;
    };
    project.write("a.sql", "SELECT 1;\nCOMMIT;\n");
    insta::assert_snapshot!(project.run(&["exec", "a.sql"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[transaction-control]: `COMMIT` has no place in a migration: Driftless runs each file in a transaction of its own, together with its row in the ledger
     --> a.sql:2:1
      |
    2 | COMMIT;
      | ^^^^^^
      |
      = help: take it out; for statements that cannot run in a transaction begin the file with `-- driftless: no-transaction`
    ");
    project.write("a.sql", "VACUUM users;\n");
    insta::assert_snapshot!(project.run(&["exec", "a.sql"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[needs-no-transaction]: `VACUUM` cannot run inside a transaction, and each file runs in one
     --> a.sql:1:1
      |
    1 | VACUUM users;
      | ^^^^^^^^^^^^
      |
      = note: drizzle-orm's own migrator has no such header and cannot run this statement at all
      = help: move it to a file of its own that begins with the line `-- driftless: no-transaction`
    ");
}

#[test]
fn a_file_that_cannot_be_read() {
    let project = TestProject::generated(USERS);
    insta::assert_snapshot!(project.run(&["exec", "nowhere.sql"]), @r"
    exit 1
    --- stderr
    error[file-not-found]: there is no file nowhere.sql
     |
     = note: looked in [DIR]
     = help: correct the path; it is relative to the project's directory
    ");
    std::fs::write(project.path().join("latin1.sql"), b"SELECT 'caf\xe9';").unwrap();
    insta::assert_snapshot!(project.run(&["exec", "latin1.sql"]), @r"
    exit 1
    --- stderr
    error[not-utf8]: latin1.sql is not UTF-8 text: byte 12 is the first that does not fit
     |
     = help: save the file as UTF-8
    ");
}
