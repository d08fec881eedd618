//! The pitfalls of a team, one by one, each in a repository as it happens.

use super::{NAME, Repository, schema, table};
use crate::server::TestDatabase;

fn posts() -> String {
    schema(NAME, &table("posts"))
}

/// P1: two developers generate the same number.
#[test]
fn two_developers_generate_the_same_number() {
    let repository = Repository::new();
    repository.branch("one");
    repository.generate(&posts(), "posts", &[]);
    repository.checkout("main");
    repository.generate(&schema(NAME, &table("tags")), "tags", &[]);
    repository.checkout("one");
    assert!(!repository.merge("main"));
    repository.schema(&schema(NAME, &(table("posts") + &table("tags"))));
    insta::assert_snapshot!(repository.run(&["check"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[conflict-markers]: two branches made migrations from the same state, and git could not merge their journals: 0001_posts (HEAD) and 0001_tags (main)
      --> drizzle/meta/_journal.json:15:1
       |
    15 | <<<<<<< HEAD
       | ^^^^^^^^^^^^ git left this line
       |
       = note: their snapshots and their lines in the record are in conflict as well, or one side's are lost
       = help: merge schema.ts by hand, leave the migrations folder as it is, and run `driftless rebase`: the younger branch's migrations get new numbers behind the other's
    ");
    repository.succeeds(&["rebase"]);
    repository.is_sound();
}

/// P2: an applied migration was edited.
#[test]
fn an_applied_migration_was_edited() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let repository = Repository::new();
    repository.succeeds(&["migrate", "--database-url", &database.url()]);
    repository.edit("drizzle/0000_first.sql", "text NOT NULL", "text");
    repository.commit("a quick fix");
    insta::assert_snapshot!(repository.run(&["check"]), @r#"
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
    "#);
    // Without any record of it the ledger still knows.
    repository.remove("drizzle/meta/_driftless.json");
    let told = repository.run(&["migrate", "--database-url", &database.url()]);
    let told: Vec<_> = told
        .lines()
        .filter(|line| !line.starts_with("database:"))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    exit 1
    --- stderr
    error[applied-migration-edited]: `0000_first` was edited after it was applied to this database
     --> drizzle/0000_first.sql:1:1
      |
    1 | CREATE TABLE "users" (
      | ^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: applied: sha256 [SHA256]
      = note: now:     sha256 [SHA256]
      = note: nobody remembers the old text, so its statements may differ
      = help: restore the file (`git checkout`), and write the change as a new migration
    "#);
}

/// P3: the journal was not committed.
#[test]
fn the_journal_was_not_committed() {
    let repository = Repository::new();
    repository.schema(&posts());
    repository.succeeds(&["generate", "--name", "posts"]);
    repository.git(&["add", "src", "drizzle/0001_posts.sql"]);
    repository.git(&["commit", "--quiet", "--message", "posts"]);
    repository.git(&["stash", "--quiet", "--include-untracked"]);
    insta::assert_snapshot!(repository.run(&["check"]), @r#"
    exit 1
    --- stdout
    check failed: 2 findings
    --- stderr
    error[migration-not-in-journal]: drizzle/0001_posts.sql never runs, the journal does not list it
     |
     = help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git
     = help: if you wrote it by hand, run `driftless generate --custom --name posts` and move the SQL into the file that it makes

    error[schema-not-migrated]: the schema has changes that no migration holds: 1 statement missing
     |
     = note: the missing SQL:
             CREATE TABLE "posts" (
                 "id" serial NOT NULL PRIMARY KEY
             );
     = help: run `driftless generate --name what_changed`, look at the SQL and commit it
    "#);
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let url = database.url();
    for command in ["status", "migrate"] {
        let told = repository.run(&[command, "--database-url", &url]);
        assert!(
            told.contains("drizzle/0001_posts.sql never runs"),
            "{command}: {told}"
        );
    }
}

/// P4: a rename became a drop and a create.
#[test]
fn a_rename_is_never_guessed() {
    let repository = Repository::new();
    repository.schema(&schema("  title: text().notNull(),\n", ""));
    insta::assert_snapshot!(repository.run(&["generate", "--name", "title"]), @r"
    exit 2
    --- stderr
    error[rename-undecided]: whether column users.title is new or renamed is not decided
     |
     = note: nothing was written
     = help: for column users.title add one of:
               --rename users.name=users.title   it was users.name: same definition
               --create users.title              it is new, and users.name is dropped
    ");
}

/// P5: hand-written SQL changed what schema.ts declares, and the snapshot is behind.
#[test]
fn the_snapshot_is_behind_hand_written_sql() {
    if TestDatabase::new().is_none() {
        return;
    }
    let repository = Repository::new();
    repository.schema(&schema("  title: text().notNull(),\n", ""));
    repository.custom("title", "ALTER TABLE users RENAME COLUMN name TO title;\n");
    insta::assert_snapshot!(repository.run(&["check", "--replay"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[snapshot-behind]: the newest snapshot is not what the migrations make, the next `generate` would do a change again
     |
     = note: a hand-written migration changed what schema.ts declares as well
     = help: run `driftless snapshot`, or `driftless check --fix`
    ");
    repository.succeeds(&["snapshot"]);
    repository.is_sound();
}

/// P6: the SQL was committed, its snapshot was not.
#[test]
fn the_snapshot_was_not_committed() {
    let repository = Repository::new();
    repository.schema(&posts());
    repository.succeeds(&["generate", "--name", "posts"]);
    repository.git(&["add", "src", "drizzle"]);
    repository.git(&["reset", "--quiet", "--", "drizzle/meta/0001_snapshot.json"]);
    repository.git(&["commit", "--quiet", "--message", "posts"]);
    repository.git(&["stash", "--quiet", "--include-untracked"]);
    insta::assert_snapshot!(repository.run(&["check"]), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[snapshot-missing]: the snapshot of 0001_posts is missing, its change would be generated again
      --> drizzle/meta/_journal.json:16:7
       |
    16 |       "tag": "0001_posts",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = help: restore it from git: git checkout -- drizzle/meta/0001_snapshot.json
    "#);
}

/// P7: an older migration comes later, and drizzle-orm skips it for ever.
#[test]
fn an_older_migration_comes_later() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let repository = Repository::new();
    repository.generate(&posts(), "posts", &[]);
    repository.succeeds(&["migrate", "--database-url", &database.url()]);
    repository.custom("late", "SELECT 1;\n");
    repository.journal(|entries| {
        let first = entries[0]["when"].as_u64().unwrap();
        entries[2]["when"] = (first + 1).into();
    });
    repository.commit("a branch that was merged late");
    insta::assert_snapshot!(repository.run(&["check"]), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[journal-when-not-increasing]: 0002_late would never run where 0001_posts has run, its `when` is older than that one's
      --> drizzle/meta/_journal.json:21:7
       |
    14 |       "tag": "0001_posts",
       |       ------------------- the other one
    ...
    21 |       "tag": "0002_late",
       |       ^^^^^^^^^^^^^^^^^^
       |
       = note: `when` is [MILLISECONDS] and [MILLISECONDS]
       = help: if no database has 0002_late yet, set its `when` to [MILLISECONDS] in drizzle/meta/_journal.json
    "#);
    let told = repository.run(&["migrate", "--database-url", &database.url()]);
    assert!(told.starts_with("exit 1\n"), "{told}");
    assert!(told.contains("0002_late"), "{told}");
}

/// P8: two deploys migrate at once.
#[test]
fn two_deploys_migrate_at_once() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let repository = Repository::new();
    repository.custom("slow", "SELECT pg_sleep(0.3);\n");
    let url = database.url();
    let told: Vec<String> = std::thread::scope(|scope| {
        let deploys: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| repository.run(&["migrate", "--database-url", &url])))
            .collect();
        deploys.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(
        told.iter().all(|one| one.starts_with("exit 0\n")),
        "{told:?}"
    );
    assert_eq!(
        database.sql("SELECT count(*) FROM drizzle.__drizzle_migrations"),
        "2\n"
    );
}

/// P9: what refuses to run in a transaction has its own.
#[test]
fn a_concurrent_index_has_a_file_of_its_own() {
    let repository = Repository::new();
    let indexed = schema(NAME, "").replacen(
        "});",
        "}, (t) => [index('users_name').on(t.name).concurrently()]);",
        1,
    );
    repository.schema(&indexed);
    insta::assert_snapshot!(repository.run(&["generate", "--name", "index"]), @r"
    exit 0
    --- stdout
      ~ table users
        + index users_name
    wrote drizzle/0001_index.sql
    --- stderr
    info[no-transaction]: one file begins with `-- driftless: no-transaction`: its statement refuses to run in one
     |
     = note: drizzle-orm's own migrator cannot run that file

    hint: look at the SQL, then run `driftless migrate`
    ");
    insta::assert_snapshot!(repository.read("drizzle/0001_index.sql"), @r#"
    -- driftless: no-transaction
    CREATE INDEX CONCURRENTLY "users_name" ON "users" USING btree ("name");
    "#);
    let Some(database) = TestDatabase::new() else {
        return;
    };
    repository.succeeds(&["migrate", "--database-url", &database.url()]);
}

/// P10: what fails says so, and exits with it.
#[test]
fn a_failure_has_a_message_and_an_exit_code() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let repository = Repository::new();
    repository.custom(
        "wrong",
        "SELECT 1;\n--> statement-breakpoint\nSELECT nothing;\n",
    );
    let told = repository.run(&["migrate", "--database-url", &database.url()]);
    let told: Vec<_> = told
        .lines()
        .filter(|line| !line.starts_with("database:"))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    exit 1
    --- stderr
    0000_first done in [TIME]
    error[statement-failed]: `0001_wrong` was rolled back: column "nothing" does not exist
     --> drizzle/0001_wrong.sql:3:8
      |
    3 | SELECT nothing;
      |        ^^^^^^^ 42703
      |
      = note: SQLSTATE 42703
      = note: statement 2 of 2
      = note: applied before it, and kept: `0000_first`
      = help: correct the file, then run `driftless migrate` again: it goes on with this migration
    "#);
}
