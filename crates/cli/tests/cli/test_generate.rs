//! `driftless generate`.

use crate::project::TestProject;

const USERS: &str = "export const users = pgTable('users', {
  id: serial().primaryKey(),
  name: text().notNull(),
});";

const RENAMED: &str = "export const users = pgTable('users', {
  id: serial().primaryKey(),
  fullName: text('full_name').notNull(),
});";

const WITHOUT_NAME: &str = "export const users = pgTable('users', {
  id: serial().primaryKey(),
});";

#[test]
fn the_first_migration() {
    let project = TestProject::new(USERS);
    insta::assert_snapshot!(project.run(&["generate", "--name", "add users"]), @r"
    exit 0
    --- stdout
      + table users
    wrote drizzle/0000_add_users.sql
    --- stderr
    hint: look at the SQL, then run `driftless migrate`
    ");
    insta::assert_snapshot!(project.read("drizzle/0000_add_users.sql"), @r#"
    CREATE TABLE "users" (
    	"id" serial NOT NULL PRIMARY KEY,
    	"name" text NOT NULL
    );
    "#);
    let (code, json) = project.json(&["generate"]);
    assert_eq!((code, &json["in_step"]), (0, &true.into()));
}

#[test]
fn in_step_says_so_and_touches_nothing() {
    let project = TestProject::generated(USERS);
    let before = project.files("drizzle");
    insta::assert_snapshot!(project.run(&["generate", "--name", "again"]), @r"
    exit 0
    --- stdout
    nothing to generate: the newest snapshot has the schema as declared (1 table)
    ");
    assert_eq!(project.files("drizzle"), before);
}

#[test]
fn a_name_is_made_up_when_none_is_given() {
    let project = TestProject::new(USERS);
    let (_, json) = project.json(&["generate"]);
    let tag = json["written"][0]["tag"].as_str().unwrap();
    let words: Vec<_> = tag.split('_').collect();
    assert_eq!((words.len(), words[0]), (3, "0000"), "{tag}");
}

#[test]
fn json_holds_plan_and_files() {
    let project = TestProject::new(USERS);
    let output = project.run(&["generate", "--name", "first", "--format", "json"]);
    insta::assert_snapshot!(output, @r#"
    exit 0
    --- stdout
    {
      "command": "generate",
      "diagnostics": [],
      "exit_code": 0,
      "in_step": false,
      "outcome": "ok",
      "plan": {
        "refused": [],
        "steps": [
          {
            "action": "create",
            "after": [],
            "hazards": [],
            "kind": "table",
            "lock": null,
            "object": "users",
            "sql": "CREATE TABLE \"users\" (\n\t\"id\" serial NOT NULL PRIMARY KEY,\n\t\"name\" text NOT NULL\n);",
            "transaction": "together",
            "why": null
          }
        ]
      },
      "proven": false,
      "written": [
        {
          "path": "drizzle/0000_first.sql",
          "snapshot": "drizzle/meta/0000_snapshot.json",
          "tag": "0000_first"
        }
      ]
    }
    "#);
}

#[test]
fn what_may_be_a_rename_has_to_be_said() {
    let project = TestProject::generated(USERS);
    project.schema(RENAMED);
    let before = project.files("drizzle");
    insta::assert_snapshot!(project.run(&["generate"]), @r"
    exit 2
    --- stderr
    error[rename-undecided]: whether column users.full_name is new or renamed is not decided
     |
     = note: nothing was written
     = help: for column users.full_name add one of:
               --rename users.name=users.full_name   it was users.name: same definition
               --create users.full_name              it is new, and users.name is dropped
    ");
    let human = project.run(&["generate"]);
    assert_eq!(project.run(&["generate", "--format", "concise"]), human);
    let (code, json) = project.json(&["generate"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(serde_json::to_string_pretty(&json["questions"]).unwrap(), @r#"
    [
      {
        "candidates": [
          {
            "dropped": "users.name",
            "evidence": "same definition",
            "likeness": 0.6,
            "rename": "--rename users.name=users.full_name"
          }
        ],
        "create": "--create users.full_name",
        "created": "users.full_name",
        "kind": "column"
      }
    ]
    "#);
    assert_eq!(project.files("drizzle"), before);
}

#[test]
fn a_rename_that_is_said_keeps_the_data_and_is_remembered() {
    let project = TestProject::generated(USERS);
    project.schema(RENAMED);
    let args = [
        "generate",
        "--name",
        "rename",
        "--rename",
        "users.name=users.full_name",
    ];
    insta::assert_snapshot!(project.run(&args), @r#"
    exit 0
    --- stdout
      ~ table users
        > column full_name (renamed)
    wrote drizzle/0001_rename.sql
    --- stderr
    warning[rename-column]: code that runs meanwhile asks for users.name and fails: it becomes full_name
     --> drizzle/0001_rename.sql:1:21
      |
    1 | ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a new column and let the code move over, or waive this with the reason

    hint: look at the SQL, then run `driftless migrate`
    "#);
    insta::assert_snapshot!(project.read("drizzle/0001_rename.sql"), @r#"ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";"#);
    let record = project.read("drizzle/meta/_driftless.json");
    assert!(
        record.contains(r#""renames":["public.users.name=public.users.full_name"]"#),
        "{record}"
    );

    // Taken back and generated again: nobody is asked a second time.
    project.remove("drizzle/0001_rename.sql");
    project.remove("drizzle/meta/0001_snapshot.json");
    let journal = project.read("drizzle/meta/_journal.json");
    let mut journal: serde_json::Value = serde_json::from_str(&journal).unwrap();
    journal["entries"].as_array_mut().unwrap().pop();
    project.write("drizzle/meta/_journal.json", &journal.to_string());
    insta::assert_snapshot!(project.run(&["generate", "--name", "again"]), @r#"
    exit 0
    --- stdout
      ~ table users
        > column full_name (renamed)
    wrote drizzle/0001_again.sql
    --- stderr
    warning[migration-lost]: 0001_rename is recorded, but the journal does not list it any more
     --> drizzle/meta/_driftless.json:3:3
      |
    3 |   "0001_rename": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^^^^ recorded here
      |
      = help: restore its entry in drizzle/meta/_journal.json from git
      = help: if it was removed on purpose and no database has run it, delete this line

    --rename public.users.name=public.users.full_name as decided for 0001_rename, which is no longer in the journal
    warning[rename-column]: code that runs meanwhile asks for users.name and fails: it becomes full_name
     --> drizzle/0001_again.sql:1:21
      |
    1 | ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a new column and let the code move over, or waive this with the reason

    hint: look at the SQL, then run `driftless migrate`
    "#);
    insta::assert_snapshot!(project.read("drizzle/0001_again.sql"), @r#"ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";"#);
}

#[test]
fn an_answer_that_fits_nothing_is_a_slip_of_the_pen() {
    let project = TestProject::generated(USERS);
    project.schema(RENAMED);
    let before = project.files("drizzle");
    let args = [
        "generate",
        "--rename",
        "users.name=users.full_name",
        "--rename",
        "users.nmae=users.mail",
        "--create",
        "orders",
    ];
    insta::assert_snapshot!(project.run(&args), @r"
    exit 64
    --- stderr
    error[unused-answer]: --rename users.nmae=users.mail and --create orders fit nothing that changed
     |
     = note: nothing was written
     = help: leave it out, or correct the names; `driftless generate --dry-run` shows what changed
    ");
    insta::assert_snapshot!(
        TestProject::generated(USERS).run(&["generate", "--create", "orders"]),
        @r"
    exit 64
    --- stderr
    error[unused-answer]: --create orders fits nothing that changed
     |
     = note: nothing was written
     = help: leave it out, or correct the names; `driftless generate --dry-run` shows what changed
    "
    );
    assert_eq!(project.files("drizzle"), before);
}

#[test]
fn answers_to_everything_that_was_printed_are_taken() {
    let project = TestProject::generated(USERS);
    project.schema(&format!(
        "{RENAMED}\nexport const orders = pgTable('orders', {{ id: serial() }});"
    ));
    // Nothing can be mistaken for `orders`, and nothing for `full_name` once `name` is taken.
    let args = [
        "generate",
        "--create",
        "orders",
        "--create",
        "users.full_name",
        "--allow",
        "drop-column",
        "--allow",
        "add-not-null",
        "--name",
        "new",
    ];
    insta::assert_snapshot!(project.run(&args), @r#"
    exit 0
    --- stdout
      + table orders
      ~ table users
        + column full_name
        - column name

    allowed drop-column: A column and its values are dropped
        column users.name and its values are dropped
    allowed add-not-null: A NOT NULL column without a default is added: this fails unless the table is empty
        users.full_name is NOT NULL without a default: this fails unless users is empty
    wrote drizzle/0001_new.sql
    --- stderr
    warning[add-not-null-column]: this fails as soon as users holds a row: full_name is NOT NULL and has no default
     --> drizzle/0001_new.sql:5:21
      |
    5 | ALTER TABLE "users" ADD COLUMN "full_name" text NOT NULL;--> statement-breakpoint
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: give it a default, or add it without NOT NULL and fill it first; `driftless generate --online` writes these steps

    warning[drop-column]: the values of users.name are lost, and code that asks for it fails
     --> drizzle/0001_new.sql:7:21
      |
    7 | ALTER TABLE "users" DROP COLUMN "name";
      |                     ^^^^^^^^^^^^^^^^^^
      |
      = help: deploy code that does not use it first, then waive this with the reason

    hint: look at the SQL, then run `driftless migrate`
    "#);
}

#[test]
fn a_custom_migration_is_for_a_person_to_fill_in() {
    let project = TestProject::generated(USERS);
    insta::assert_snapshot!(project.run(&["generate", "--custom", "--name", "backfill"]), @r"
    exit 0
    --- stdout
    wrote drizzle/0001_backfill.sql
    --- stderr
    hint: write your SQL into drizzle/0001_backfill.sql, then run `driftless migrate`
    ");
    insta::assert_snapshot!(project.read("drizzle/0001_backfill.sql"), @"-- Custom SQL migration file, put your code below! --");
    let (first, second) = (snapshot(&project, "0000"), snapshot(&project, "0001"));
    assert_eq!(first["id"], second["prevId"]);
    assert_eq!(first["tables"], second["tables"]);
    insta::assert_snapshot!(project.run(&["generate"]), @r"
    exit 0
    --- stdout
    nothing to generate: the newest snapshot has the schema as declared (1 table)
    ");
}

fn snapshot(project: &TestProject, prefix: &str) -> serde_json::Value {
    let text = project.read(&format!("drizzle/meta/{prefix}_snapshot.json"));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn check_only_compares() {
    let project = TestProject::generated(USERS);
    insta::assert_snapshot!(project.run(&["generate", "--check"]), @r"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    ");
    project.schema(WITHOUT_NAME);
    let before = project.files("drizzle");
    insta::assert_snapshot!(project.run(&["generate", "--check"]), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[schema-not-migrated]: the schema has changes that no migration holds: 1 statement missing
     |
     = note: the missing SQL:
             -- drop-column: column users.name and its values are dropped
             ALTER TABLE "users" DROP COLUMN "name";
     = help: run `driftless generate --name what_changed`, look at the SQL and commit it
    "#);
    assert_eq!(project.files("drizzle"), before);
}

#[test]
fn an_enum_value_and_its_first_use_become_two_files() {
    let mood = |values: &str, default: &str| {
        format!(
            "export const mood = pgEnum('mood', [{values}]);\n\
             export const people = pgTable('people', {{ mood: mood().default('{default}') }});"
        )
    };
    let project = TestProject::generated(&mood("'sad'", "sad"));
    project.schema(&mood("'sad', 'happy'", "happy"));
    insta::assert_snapshot!(project.run(&["generate", "--name", "cheer"]), @r"
    exit 0
    --- stdout
      ~ enum mood
      ~ table people
        ~ column mood
    wrote drizzle/0001_cheer.sql
    wrote drizzle/0002_cheer_2.sql
    --- stderr
    info[several-migrations]: the change takes several files, each of which has to be committed before the next
     |
     = note: drizzle-orm's own migrator runs all pending files in one transaction: there, apply them one at a time

    hint: look at the SQL, then run `driftless migrate`
    ");
    insta::assert_snapshot!(project.read("drizzle/0001_cheer.sql"), @r#"ALTER TYPE "public"."mood" ADD VALUE 'happy';"#);
    insta::assert_snapshot!(project.read("drizzle/0002_cheer_2.sql"), @r#"ALTER TABLE "people" ALTER COLUMN "mood" SET DEFAULT 'happy';"#);
    insta::assert_snapshot!(project.run(&["check"]), @r"
    exit 0
    --- stdout
    in step: 1 table, 3 migrations
    ");
}

#[test]
fn a_broken_folder_is_not_built_upon() {
    let project = TestProject::generated(USERS);
    project.remove("drizzle/0000_first.sql");
    project.schema(RENAMED);
    let before = project.files("drizzle");
    insta::assert_snapshot!(project.run(&["generate"]), @r#"
    exit 1
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
    assert_eq!(project.files("drizzle"), before);
}

#[test]
fn quiet_leaves_the_result() {
    let project = TestProject::new(USERS);
    insta::assert_snapshot!(project.run(&["generate", "--quiet", "--name", "first"]), @r"
    exit 0
    --- stdout
      + table users
    wrote drizzle/0000_first.sql
    ");
}
