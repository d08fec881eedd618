//! What `rebase` does not do by itself: nothing is lost, dropped or run twice.

use super::{NAME, is_mended, merging, schema, with_tables};
use crate::server::TestDatabase;

#[test]
fn a_base_migration_that_was_changed_is_not_put_back_in_silence() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&with_tables(&["tags"]), "tags", &[]),
    );
    repository.schema(&with_tables(&["posts", "tags"]));
    repository.edit("drizzle/0000_first.sql", "text", "varchar(9)");
    let before = repository.files("drizzle");
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 1
    --- stderr
    error[base-migration-changed]: drizzle/0000_first.sql is not what it is on main, its statements differ
     |
     = note: nothing was written
     = help: take it back: git checkout main -- drizzle/0000_first.sql
    ");
    assert_eq!(repository.files("drizzle"), before);
}

#[test]
fn what_was_generated_and_then_edited_is_not_lost() {
    let column = |rest: &str| schema(&format!("  name: text(){rest},\n"), "");
    let repository = merging(
        |main| main.generate(&column(".notNull().default('nobody')"), "default", &[]),
        |feature| {
            feature.schema(&schema("", ""));
            feature.succeeds(&["generate", "--name", "no_name", "--allow", "drop-column"]);
            let text = feature.read("drizzle/0001_no_name.sql");
            let kept = format!("CREATE TABLE names AS SELECT id, name FROM users;\n{text}");
            feature.write("drizzle/0001_no_name.sql", &kept);
            feature.commit("no name");
        },
    );
    repository.schema(&schema("", ""));
    // Its SQL is the same behind the base's change, so the file is kept with the edit.
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_no_name: moved and generated again, with the same SQL
    wrote drizzle/0002_no_name.sql for 0001_no_name
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    assert!(
        repository
            .read("drizzle/0002_no_name.sql")
            .starts_with("CREATE TABLE names")
    );

    let repository = merging(
        |main| main.generate(&column(".notNull().default('nobody')"), "default", &[]),
        |feature| {
            feature.schema(&column(""));
            feature.succeeds(&["generate", "--name", "nullable"]);
            let text = feature.read("drizzle/0001_nullable.sql");
            feature.write("drizzle/0001_nullable.sql", &format!("SELECT 1;\n{text}"));
            feature.commit("nullable");
        },
    );
    repository.schema(&column(".default('somebody')"));
    let before = repository.files("drizzle");
    insta::assert_snapshot!(repository.run(&["rebase"]), @r#"
    exit 1
    --- stderr
    error[generated-edited]: drizzle/0001_nullable.sql is not as it was generated, and on top of main it has to do something else
     |
     = note: what it would be:
             ALTER TABLE "users" ALTER COLUMN "name" SET DEFAULT 'somebody';
             ALTER TABLE "users" ALTER COLUMN "name" DROP NOT NULL;
     = note: nothing was written
     = help: move what was written by hand into a migration of its own (`driftless generate --custom`) before the merge
     = help: or give it up: driftless rebase --discard-edits
    "#);
    assert_eq!(repository.files("drizzle"), before);
    insta::assert_snapshot!(repository.run(&["rebase", "--discard-edits"]), @r#"
    exit 0
    --- stdout
    0001_nullable: moved and generated again, its SQL is another one now:
    ALTER TABLE "users" ALTER COLUMN "name" SET DEFAULT 'somebody';
    ALTER TABLE "users" ALTER COLUMN "name" DROP NOT NULL;
    wrote drizzle/0002_nullable.sql for 0001_nullable
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    "#);
}

#[test]
fn a_schema_that_lost_the_bases_table_would_drop_it() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&with_tables(&["tags"]), "tags", &[]),
    );
    repository.schema(&with_tables(&["tags"]));
    let before = repository.files("drizzle");
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 2
    --- stderr
    error[rename-undecided]: whether table tags is new or renamed is not decided
     |
     = note: nothing was written
     = help: for table tags add one of:
               --rename posts=tags   it was posts: 1 of 1 columns in common
               --create tags         it is new, and posts is dropped
    ");
    assert_eq!(repository.files("drizzle"), before);
}

#[test]
fn hazards_that_were_allowed_stay_allowed() {
    let repository = merging(
        |main| {
            let age = schema(&format!("{NAME}  age: integer(),\n"), "");
            main.generate(&age, "age", &[]);
        },
        |feature| feature.generate(&schema("", ""), "no_name", &["--allow", "drop-column"]),
    );
    repository.schema(&schema("  age: integer(),\n", ""));
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_no_name: moved and generated again, with the same SQL
    wrote drizzle/0002_no_name.sql for 0001_no_name
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    is_mended(&repository);
}

#[test]
fn a_schema_that_is_not_merged_is_merged_first() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&with_tables(&["tags"]), "tags", &[]),
    );
    let before = repository.files("drizzle");
    let told = repository.run(&["rebase"]);
    assert!(
        told.contains("error[syntax-error]: src/schema.ts cannot be parsed"),
        "{told}"
    );
    assert!(
        told.contains("note: nothing was written: the schema is merged first"),
        "{told}"
    );
    assert_eq!(repository.files("drizzle"), before);
}

#[test]
fn what_a_database_has_run_is_not_moved() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| {
            feature.generate(&with_tables(&["tags"]), "tags", &[]);
            let url = database.url();
            feature.succeeds(&["migrate", "--database-url", &url]);
        },
    );
    repository.schema(&with_tables(&["posts", "tags"]));
    let url = database.url();
    let before = repository.files("drizzle");
    let told = repository.run(&["rebase", "--database-url", &url]);
    assert_eq!(repository.files("drizzle"), before);
    let told: Vec<_> = told
        .lines()
        .filter(|line| !line.starts_with("database:"))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    exit 1
    --- stderr
    error[migration-applied]: the database has run 0001_tags, under a new number it would run it again
     |
     = note: nothing was written
     = help: make that database anew, where it is one for trying things out
     = help: where it is not, 0001_tags stays where it is, and the base's migrations go behind it: run `driftless rebase` on the other branch
    ");

    let other = TestDatabase::new().unwrap();
    let told = repository.run(&["rebase", "--database-url", &other.url()]);
    assert!(told.starts_with("exit 0\n"), "{told}");
    is_mended(&repository);
}

#[test]
fn hand_written_sql_that_does_not_run_behind_the_base_is_told_by_postgres() {
    if TestDatabase::new().is_none() {
        return;
    }
    let repository = merging(
        |main| {
            let renamed = schema("  title: text().notNull(),\n", "");
            main.generate(&renamed, "title", &["--rename", "users.name=users.title"]);
        },
        |feature| feature.custom("fill", "UPDATE users SET name = 'x' WHERE name = '';\n"),
    );
    repository.schema(&schema("  title: text().notNull(),\n", ""));
    let output = repository
        .command(&["rebase"])
        .env_remove("DRIFTLESS_NO_PROVE")
        .output()
        .unwrap();
    insta::assert_snapshot!(repository.told(&output), @r#"
    exit 1
    --- stdout
    0001_fill: moved, its text as it is
    wrote drizzle/0002_fill.sql for 0001_fill
    --- stderr
    rewrote journal, snapshots and record of drizzle
    error[statement-failed]: `0002_fill` was rolled back: column "name" does not exist
     --> drizzle/0002_fill.sql:1:35
      |
    1 | UPDATE users SET name = 'x' WHERE name = '';
      |                                   ^^^^ 42703
      |
      = note: SQLSTATE 42703
      = note: statement 1 of 1
      = note: applied before it, and kept: `0000_first`, `0001_title`
      = note: the folder is written; the migration has moved and runs behind the base's now
      = help: mend its SQL and run `driftless record --edited` with its tag, then `driftless check --replay`
    "#);
    repository.edit(
        "drizzle/0002_fill.sql",
        "SET name = 'x' WHERE name",
        "SET title = 'x' WHERE title",
    );
    let record = repository.read("drizzle/meta/_driftless.json");
    let lines = record
        .lines()
        .filter(|line| !line.contains("\"0002_fill\""));
    let lines: Vec<_> = lines.collect();
    repository.write("drizzle/meta/_driftless.json", &lines.join("\n"));
    repository.succeeds(&["record"]);
    repository.succeeds(&["check", "--replay"]);
    is_mended(&repository);
}

/// What was lost from the middle breaks the chain: nothing is built upon that.
#[test]
fn generate_does_not_build_on_a_folder_that_lost_a_migration() {
    let repository = super::Repository::new();
    repository.generate(&with_tables(&["posts"]), "posts", &[]);
    repository.generate(&with_tables(&["posts", "tags"]), "tags", &[]);
    repository.remove("drizzle/0001_posts.sql");
    repository.remove("drizzle/meta/0001_snapshot.json");
    repository.journal(|entries| {
        entries.remove(1);
    });
    repository.schema(&with_tables(&["posts", "tags", "likes"]));
    let generate = ["generate", "--name", "likes", "--format", "concise"];
    insta::assert_snapshot!(repository.run(&generate), @r"
    exit 1
    --- stderr
    drizzle/meta/_journal.json:14:7: warning[journal-index-gap]: index 1 is missing from the journal before 0002_tags
    drizzle/meta/_driftless.json:3:3: warning[migration-lost]: 0001_posts is recorded, but the journal does not list it any more
    drizzle/meta/_journal.json:14:7: error[record-chain-broken]: what runs before 0002_tags is not what ran before it when it was recorded
    drizzle/meta/0002_snapshot.json:3:14: error[snapshot-chain-broken]: drizzle/meta/0002_snapshot.json does not follow the snapshot before it in the journal
    ");
}
