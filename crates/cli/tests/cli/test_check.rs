//! `driftless check`.

use crate::project::TestProject;

const USERS: &str = "export const users = pgTable('users', {
  id: serial().primaryKey(),
  name: text().notNull(),
});";

/// A folder in which one thing was changed, and what `check` says about it.
fn check_after(change: impl FnOnce(&TestProject)) -> String {
    let project = TestProject::generated(USERS);
    change(&project);
    let before = project.files("drizzle");
    let output = project.run(&["check"]);
    assert_eq!(project.files("drizzle"), before, "check changes nothing");
    output
}

/// The same with the text of the journal changed.
fn check_after_journal(old: &str, new: &str) -> String {
    check_after(|project| project.edit("drizzle/meta/_journal.json", old, new))
}

#[test]
fn all_is_well() {
    insta::assert_snapshot!(check_after(|_| {}), @r"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    ");
}

#[test]
fn the_schema_went_ahead() {
    let schema = USERS.replace("name: text()", "name: text().notNull(),\n  age: integer()");
    insta::assert_snapshot!(check_after(|project| project.schema(&schema)), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[schema-not-migrated]: the schema has changes that no migration holds: 1 statement missing
     |
     = note: the missing SQL:
             -- add-not-null: users.age is NOT NULL without a default: this fails unless users is empty
             ALTER TABLE "users" ADD COLUMN "age" integer NOT NULL;
     = help: run `driftless generate --name what_changed`, look at the SQL and commit it
    "#);
}

#[test]
fn the_schema_went_ahead_with_what_may_be_a_rename() {
    let schema = USERS.replace("name:", "title:");
    insta::assert_snapshot!(check_after(|project| project.schema(&schema)), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[schema-not-migrated]: the schema has changes that no migration holds
     |
     = note: column users.title is new, or users.name under a new name
     = help: run `driftless generate --name what_changed`, look at the SQL and commit it
    ");
}

#[test]
fn a_migration_is_missing() {
    insta::assert_snapshot!(check_after(|project| project.remove("drizzle/0000_first.sql")), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
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
fn a_file_is_not_in_the_journal() {
    insta::assert_snapshot!(
        check_after(|project| project.write("drizzle/0001_mine.sql", "SELECT 1;")),
        @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-not-in-journal]: drizzle/0001_mine.sql never runs, the journal does not list it
     |
     = help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git
     = help: if you wrote it by hand, run `driftless generate --custom --name mine` and move the SQL into the file that it makes
    "
    );
}

#[test]
fn a_migration_was_edited() {
    insta::assert_snapshot!(
        check_after(|project| project.edit("drizzle/0000_first.sql", "text", "varchar(9)")),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-edited]: drizzle/0000_first.sql was edited after it was recorded, its statements differ
     --> drizzle/meta/_driftless.json:2:3
      |
    2 |   "0000_first": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^^^ recorded here
      |
      = note: recorded as sha256 [SHA256]
      = note: now it is   sha256 [SHA256]
      = help: restore it (`git log -p -- drizzle/0000_first.sql` shows the edit) and put the change into a new migration
      = help: if no database has run it yet, `driftless record --edited 0000_first` takes its text as it is now
    "#
    );
}

#[test]
fn only_line_endings_were_edited() {
    insta::assert_snapshot!(
        check_after(|project| {
            let text = project.read("drizzle/0000_first.sql").replace('\n', "\r\n");
            project.write("drizzle/0000_first.sql", &text);
        }),
        @r#"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    --- stderr
    warning[migration-edited]: drizzle/0000_first.sql was edited after it was recorded, only line endings differ
     --> drizzle/meta/_driftless.json:2:3
      |
    2 |   "0000_first": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^^^ recorded here
      |
      = note: recorded as sha256 [SHA256]
      = note: now it is   sha256 [SHA256]
      = help: keep git from changing it: add `*.sql text eol=lf` to .gitattributes
    "#
    );
}

#[test]
fn a_snapshot_is_truncated() {
    insta::assert_snapshot!(
        check_after(|project| {
            let text = project.read("drizzle/meta/0000_snapshot.json");
            project.write("drizzle/meta/0000_snapshot.json", &text[..200]);
        }),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[snapshot-malformed]: drizzle/meta/0000_snapshot.json is cut off, the snapshot ends too early
     --> drizzle/meta/0000_snapshot.json:8:17
      |
    8 |       "name": "us
      |                 ^
      |
      = note: in field tables
      = help: restore the file from git: git checkout -- drizzle/meta/0000_snapshot.json
    "#
    );
}

#[test]
fn a_snapshot_is_of_an_unknown_version() {
    insta::assert_snapshot!(
        check_after(|project| project.edit(
            "drizzle/meta/0000_snapshot.json",
            "\"version\": \"7\"",
            "\"version\": \"9\""
        )),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[snapshot-unknown-version]: drizzle/meta/0000_snapshot.json cannot be read, its snapshot version is "9" and Driftless reads 5, 6 and 7
     --> drizzle/meta/0000_snapshot.json:4:14
      |
    4 |   "version": "9",
      |              ^^^
      |
      = note: versions 8 and 9 are written by drizzle-kit 1.x
      = help: go back to the folder as drizzle-kit 0.31 left it, before `drizzle-kit up`
    "#
    );
}

#[test]
fn the_journal_is_of_an_unknown_version() {
    insta::assert_snapshot!(
        check_after_journal("\"version\": \"7\",\n  \"dialect\"", "\"version\": \"8\",\n  \"dialect\""),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[journal-unknown-version]: drizzle/meta/_journal.json cannot be read, its version is "8" and Driftless reads 5, 6 and 7
     --> drizzle/meta/_journal.json:2:14
      |
    2 |   "version": "8",
      |              ^^^
      |
      = help: update Driftless, or restore the file from git
    "#
    );
}

#[test]
fn the_journal_has_a_gap() {
    insta::assert_snapshot!(check_after_journal("\"idx\": 0", "\"idx\": 3"), @r#"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    --- stderr
    warning[journal-index-gap]: indexes 0 to 2 are missing from the journal before 0000_first
     --> drizzle/meta/_journal.json:9:7
      |
    9 |       "tag": "0000_first",
      |       ^^^^^^^^^^^^^^^^^^^
      |
      = note: `drizzle-kit drop` leaves such a gap, and so does a merge that lost an entry
      = help: if a migration was lost in a merge, restore its file, snapshot and journal entry from git; otherwise leave it
    "#);
}

#[test]
fn the_journal_has_a_duplicate() {
    insta::assert_snapshot!(
        check_after(|project| {
            let journal = project.read("drizzle/meta/_journal.json");
            let mut journal: serde_json::Value = serde_json::from_str(&journal).unwrap();
            let again = journal["entries"][0].clone();
            journal["entries"].as_array_mut().unwrap().push(again);
            let text = serde_json::to_string_pretty(&journal).unwrap();
            project.write("drizzle/meta/_journal.json", &text);
        }),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[journal-duplicate-tag]: 0000_first is listed twice, so it would run twice
      --> drizzle/meta/_journal.json:14:7
       |
     7 |       "tag": "0000_first",
       |       ------------------- the other one
    ...
    14 |       "tag": "0000_first",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = help: delete one of the two entries from drizzle/meta/_journal.json
    "#
    );
}

#[test]
fn the_journal_is_not_json() {
    insta::assert_snapshot!(check_after_journal("\"entries\": [", "<<<<<<< HEAD\n  \"entries\": ["), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[journal-malformed]: drizzle/meta/_journal.json is not valid JSON: key must be a string
     --> drizzle/meta/_journal.json:4:3
      |
    4 |   <<<<<<< HEAD
      |   ^
      |
      = help: restore the file from git: git checkout -- drizzle/meta/_journal.json
    ");
}

#[test]
fn everything_is_found_in_one_run() {
    let output = check_after(|project| {
        project.schema("export const users = pgTable('users', {");
        project.write("drizzle/0001_mine.sql", "SELECT 1;");
        project.edit("drizzle/0000_first.sql", "text", "varchar(9)");
    });
    insta::assert_snapshot!(output, @r#"
    exit 1
    --- stdout
    check failed: 3 findings
    --- stderr
    error[syntax-error]: src/schema.ts cannot be parsed: Expected `}` but found `EOF`
     --> src/schema.ts:2:41
      |
    2 | export const users = pgTable('users', {
      |                                        ^ `}` expected

    error[migration-not-in-journal]: drizzle/0001_mine.sql never runs, the journal does not list it
     |
     = help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git
     = help: if you wrote it by hand, run `driftless generate --custom --name mine` and move the SQL into the file that it makes

    error[migration-edited]: drizzle/0000_first.sql was edited after it was recorded, its statements differ
     --> drizzle/meta/_driftless.json:2:3
      |
    2 |   "0000_first": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^^^ recorded here
      |
      = note: recorded as sha256 [SHA256]
      = note: now it is   sha256 [SHA256]
      = help: restore it (`git log -p -- drizzle/0000_first.sql` shows the edit) and put the change into a new migration
      = help: if no database has run it yet, `driftless record --edited 0000_first` takes its text as it is now
    "#);
}

#[test]
fn findings_as_lines_and_as_json() {
    let project = TestProject::generated(USERS);
    project.write("drizzle/0001_mine.sql", "SELECT 1;");
    project.schema(&USERS.replace("text()", "varchar()"));
    insta::assert_snapshot!(project.run(&["check", "--format", "concise"]), @r"
    exit 1
    --- stdout
    check failed: 2 findings
    --- stderr
    error[migration-not-in-journal]: drizzle/0001_mine.sql never runs, the journal does not list it
    error[schema-not-migrated]: the schema has changes that no migration holds: 1 statement missing
    ");
    insta::assert_snapshot!(project.run(&["check", "--format", "json"]), @r#"
    exit 1
    --- stdout
    {
      "command": "check",
      "diagnostics": [
        {
          "code": "migration-not-in-journal",
          "help": [
            "if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git",
            "if you wrote it by hand, run `driftless generate --custom --name mine` and move the SQL into the file that it makes"
          ],
          "message": "drizzle/0001_mine.sql never runs, the journal does not list it",
          "notes": [],
          "severity": "error"
        },
        {
          "code": "schema-not-migrated",
          "help": [
            "run `driftless generate --name what_changed`, look at the SQL and commit it"
          ],
          "message": "the schema has changes that no migration holds: 1 statement missing",
          "notes": [
            "the missing SQL:\nALTER TABLE \"users\" ALTER COLUMN \"name\" SET DATA TYPE varchar USING \"name\"::varchar;"
          ],
          "severity": "error"
        }
      ],
      "exit_code": 1,
      "in_step": false,
      "outcome": "failed",
      "plan": {
        "refused": [],
        "steps": [
          {
            "action": "alter",
            "after": [],
            "hazards": [],
            "kind": "column",
            "lock": "access-exclusive",
            "object": "users.name",
            "sql": "ALTER TABLE \"users\" ALTER COLUMN \"name\" SET DATA TYPE varchar USING \"name\"::varchar;",
            "transaction": "together",
            "why": null
          }
        ]
      }
    }
    "#);
}

/// A `tsc` that says this and fails.
fn with_tsc(project: &TestProject, says: &str, exit: u8) {
    use std::os::unix::fs::PermissionsExt;
    project.write("tsconfig.json", "{}");
    let program = "node_modules/.bin/tsc";
    project.write(
        program,
        &format!("#!/bin/sh\ncat <<'END'\n{says}\nEND\nexit {exit}\n"),
    );
    let path = project.path().join(program);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("is ours");
}

#[test]
fn what_tsc_refuses_in_the_schema() {
    let says = "src/schema.ts(4,3): error TS2322: Type 'string' is not assignable to type 'number'.\n  \
                The expected type comes from property 'id'.\n\
                ../other/app.ts(1,1): error TS2304: Cannot find name 'x'.";
    insta::assert_snapshot!(check_after(|project| with_tsc(project, says, 2)), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[typescript]: TS2322: Type 'string' is not assignable to type 'number'; The expected type comes from property 'id'
     --> src/schema.ts:4:3
      |
    4 |   name: text().notNull(),
      |   ^^^^
      |
      = help: correct the type; `tsc --noEmit` says the same

    info[typescript-elsewhere]: tsc finds 1 error outside of the schema's folders
    ");
    insta::assert_snapshot!(check_after(|project| with_tsc(project, "", 0)), @r"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    ");
    let no_node = "";
    insta::assert_snapshot!(check_after(|project| with_tsc(project, no_node, 127)), @r"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    --- stderr
    warning[tsc-not-run]: the project has a tsc, and it did not run
     |
     = help: install Node and the project's packages where `check` runs, or pass --no-tsc
    ");
    let project = TestProject::generated(USERS);
    with_tsc(&project, says, 2);
    project.succeeds(&["check", "--no-tsc"]);
}
