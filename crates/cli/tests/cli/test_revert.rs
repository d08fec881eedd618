//! `driftless revert`: the last migrations taken back by a new one.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::server::TestDatabase;

const POSTS: &str =
    "export const posts = pgTable('posts', { id: integer().primaryKey(), title: text() });";
const HEADLINE: &str = "export const posts = pgTable('posts', { id: integer().primaryKey(), headline: text(), views: integer() });";

/// `0000_first` with posts, `0001_headline` that renames a column and adds one.
fn project() -> Option<TestProject> {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return None;
    }
    let project = TestProject::generated(POSTS);
    project.schema(HEADLINE);
    let rename = ["--rename", "posts.title=posts.headline"];
    let create = ["--create", "posts.views"];
    let generate = ["generate", "--name", "headline"];
    project.succeeds(&[&generate[..], &rename, &create].concat());
    Some(project)
}

fn custom(project: &TestProject, at: usize, name: &str, text: &str) {
    project.succeeds(&["generate", "--custom", "--name", name]);
    project.write(&format!("drizzle/{at:04}_{name}.sql"), text);
    project.succeeds(&["record"]);
}

#[test]
fn the_last_migration_is_taken_back_by_a_new_one() {
    let Some(project) = project() else { return };
    let before = project.files("drizzle");
    assert_snapshot!(project.run(&["revert", "--dry-run"]), @r#"
    exit 0
    --- stdout
      ~ table posts
        > column title (renamed)
        - column views

    refused drop-column: A column and its values are dropped
        column posts.views and its values are dropped
        allow it with --allow drop-column

    ALTER TABLE "posts" RENAME COLUMN "headline" TO "title";
    -- drop-column: column posts.views and its values are dropped
    ALTER TABLE "posts" DROP COLUMN "views";
    --- stderr
    proven in scratch: after it, the migrations make what they made up to 0000_first
    --rename public.posts.headline=public.posts.title as decided for 0001_headline, in reverse
    warning[rename-column]: code that runs meanwhile asks for posts.headline and fails: it becomes title
     --> plan.sql:1:21
      |
    1 | ALTER TABLE "posts" RENAME COLUMN "headline" TO "title";
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a new column and let the code move over, or waive this with the reason

    warning[drop-column]: the values of posts.views are lost, and code that asks for it fails
     --> plan.sql:3:21
      |
    3 | ALTER TABLE "posts" DROP COLUMN "views";
      |                     ^^^^^^^^^^^^^^^^^^^
      |
      = help: deploy code that does not use it first, then waive this with the reason

    nothing was written
    "#);
    assert_snapshot!(project.run(&["revert"]), @"
    exit 2
    --- stdout
      ~ table posts
        > column title (renamed)
        - column views
    --- stderr
    proven in scratch: after it, the migrations make what they made up to 0000_first
    --rename public.posts.headline=public.posts.title as decided for 0001_headline, in reverse
    error[hazard-not-allowed]: the migration was not written: it has 1 hazard that nobody has allowed
     |
     = note: drop-column: column posts.views and its values are dropped
     = help: if that is what you want, add --allow drop-column
    ");
    assert_eq!(project.files("drizzle"), before);
    assert_snapshot!(project.run(&["revert", "--allow", "drop-column"]), @r#"
    exit 0
    --- stdout
      ~ table posts
        > column title (renamed)
        - column views

    allowed drop-column: A column and its values are dropped
        column posts.views and its values are dropped
    wrote drizzle/0002_revert_headline.sql
    --- stderr
    proven in scratch: after it, the migrations make what they made up to 0000_first
    --rename public.posts.headline=public.posts.title as decided for 0001_headline, in reverse
    warning[rename-column]: code that runs meanwhile asks for posts.headline and fails: it becomes title
     --> drizzle/0002_revert_headline.sql:1:21
      |
    1 | ALTER TABLE "posts" RENAME COLUMN "headline" TO "title";--> statement-breakpoint
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a new column and let the code move over, or waive this with the reason

    warning[drop-column]: the values of posts.views are lost, and code that asks for it fails
     --> drizzle/0002_revert_headline.sql:3:21
      |
    3 | ALTER TABLE "posts" DROP COLUMN "views";
      |                     ^^^^^^^^^^^^^^^^^^^
      |
      = help: deploy code that does not use it first, then waive this with the reason

    hint: take the schema back as well: until then `driftless check` says that it is ahead, and `driftless generate` would make the change again
    hint: look at the SQL, then run `driftless migrate`
    "#);
    assert_snapshot!(project.read("drizzle/0002_revert_headline.sql"), @r#"
    ALTER TABLE "posts" RENAME COLUMN "headline" TO "title";--> statement-breakpoint
    -- driftless: hazard drop-column: column posts.views and its values are dropped
    ALTER TABLE "posts" DROP COLUMN "views";
    "#);
    // History is what it was.
    for (path, text) in before {
        if path.extension().is_some_and(|e| e == "sql") {
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }
    let said = project.run(&["check"]);
    assert!(said.contains("error[schema-not-migrated]"), "{said}");
    project.schema(POSTS);
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 0
    --- stdout
    in step: 1 table, 3 migrations
    ");
}

#[test]
fn a_revert_can_be_reverted() {
    let Some(project) = project() else { return };
    project.succeeds(&["revert", "--allow", "drop-column"]);
    assert_snapshot!(project.run(&["revert", "--name", "again"]), @r#"
    exit 0
    --- stdout
      ~ table posts
        > column headline (renamed)
        + column views
    wrote drizzle/0003_again.sql
    --- stderr
    proven in scratch: after it, the migrations make what they made up to 0001_headline
    --rename public.posts.title=public.posts.headline as decided for 0002_revert_headline, in reverse
    warning[rename-column]: code that runs meanwhile asks for posts.title and fails: it becomes headline
     --> drizzle/0003_again.sql:1:21
      |
    1 | ALTER TABLE "posts" RENAME COLUMN "title" TO "headline";--> statement-breakpoint
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a new column and let the code move over, or waive this with the reason

    hint: take the schema back as well: until then `driftless check` says that it is ahead, and `driftless generate` would make the change again
    hint: look at the SQL, then run `driftless migrate`
    "#);
    project.succeeds(&["check", "--replay"]);
}

#[test]
fn databases_follow_and_keep_the_rows_of_what_is_renamed() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = project().unwrap().env("DATABASE_URL", &database.url());
    project.succeeds(&["migrate"]);
    database.sql("INSERT INTO posts VALUES (1, 'kept', 7);");
    project.succeeds(&["revert", "--allow", "drop-column"]);
    project.succeeds(&["migrate"]);
    assert_eq!(database.sql("SELECT id, title FROM posts;"), "1|kept\n");
}

#[test]
fn several_are_taken_back_up_to_one_that_stays() {
    let Some(project) = project() else { return };
    project.schema(&HEADLINE.replace("headline", "subject"));
    let rename = ["--rename", "posts.headline=posts.subject"];
    project.succeeds(&[&["generate", "--name", "subject"][..], &rename].concat());
    let to = [
        "revert",
        "--to",
        "0000_first",
        "--dry-run",
        "--allow",
        "drop-column",
    ];
    assert_snapshot!(project.run(&to), @r#"
    exit 0
    --- stdout
      ~ table posts
        > column title (renamed)
        - column views

    allowed drop-column: A column and its values are dropped
        column posts.views and its values are dropped

    ALTER TABLE "posts" RENAME COLUMN "subject" TO "title";
    -- drop-column: column posts.views and its values are dropped
    ALTER TABLE "posts" DROP COLUMN "views";
    --- stderr
    proven in scratch: after it, the migrations make what they made up to 0000_first
    --rename public.posts.subject=public.posts.title as decided for 0002_subject, in reverse
    warning[rename-column]: code that runs meanwhile asks for posts.subject and fails: it becomes title
     --> plan.sql:1:21
      |
    1 | ALTER TABLE "posts" RENAME COLUMN "subject" TO "title";
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a new column and let the code move over, or waive this with the reason

    warning[drop-column]: the values of posts.views are lost, and code that asks for it fails
     --> plan.sql:3:21
      |
    3 | ALTER TABLE "posts" DROP COLUMN "views";
      |                     ^^^^^^^^^^^^^^^^^^^
      |
      = help: deploy code that does not use it first, then waive this with the reason

    nothing was written
    "#);
    assert_eq!(
        project.run(&[
            "revert",
            "--count",
            "2",
            "--dry-run",
            "--allow",
            "drop-column"
        ]),
        project.run(&to)
    );
    assert_snapshot!(project.run(&["revert", "--count", "3", "--allow", "drop-table"]), @r#"
    exit 0
    --- stdout
      - table posts

    allowed drop-table: A table and its rows are dropped
        table posts and its rows are dropped
    wrote drizzle/0003_revert_all.sql
    --- stderr
    proven in scratch: after it, the migrations make what they made before the first: nothing
    warning[drop-table]: the rows of posts are lost, and code that asks for posts fails
     --> drizzle/0003_revert_all.sql:2:12
      |
    2 | DROP TABLE "posts";
      |            ^^^^^^^
      |
      = help: deploy code that does not use it first, then waive this with the reason

    hint: take the schema back as well: until then `driftless check` says that it is ahead, and `driftless generate` would make the change again
    hint: look at the SQL, then run `driftless migrate`
    "#);
    project.schema("");
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 0
    --- stdout
    in step: 0 tables, 4 migrations
    ");
}

/// Nobody remembers what a hand-written migration renamed.
#[test]
fn a_rename_by_hand_is_asked() {
    let Some(project) = project() else { return };
    custom(
        &project,
        2,
        "by_hand",
        "ALTER TABLE posts RENAME COLUMN views TO seen;",
    );
    assert_snapshot!(project.run(&["revert"]), @"
    exit 2
    --- stderr
    error[rename-undecided]: whether column posts.views is new or renamed is not decided
     |
     = note: nothing was written
     = help: for column posts.views add one of:
               --rename posts.seen=posts.views   it was posts.seen: same definition
               --create posts.views              it is new, and posts.seen is dropped
    ");
    let rename = ["revert", "--rename", "posts.seen=posts.views"];
    assert_snapshot!(project.run(&[&rename[..], &["--create", "posts.none"]].concat()), @"
    exit 64
    --- stderr
    error[unused-answer]: --create posts.none fits nothing that changed
     |
     = note: nothing was written
     = help: leave it out, or correct the names; `driftless revert --dry-run` shows what changed
    ");
    assert_snapshot!(project.run(&rename), @r#"
    exit 0
    --- stdout
      ~ table posts
        > column views (renamed)
    wrote drizzle/0003_revert_by_hand.sql
    --- stderr
    proven in scratch: after it, the migrations make what they made up to 0001_headline
    warning[rename-column]: code that runs meanwhile asks for posts.seen and fails: it becomes views
     --> drizzle/0003_revert_by_hand.sql:1:21
      |
    1 | ALTER TABLE "posts" RENAME COLUMN "seen" TO "views";
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a new column and let the code move over, or waive this with the reason

    hint: look at the SQL, then run `driftless migrate`
    "#);
}

#[test]
fn rows_stay_as_they_are_and_that_is_said() {
    let Some(project) = project() else { return };
    custom(
        &project,
        2,
        "backfill",
        "CREATE INDEX posts_views ON posts (views);
INSERT INTO posts (id) VALUES (1);
INSERT INTO posts (id) VALUES (2);
WITH one AS (SELECT 1 AS id FOR UPDATE) UPDATE posts SET views = 0 FROM one WHERE posts.id = one.id;
SELECT * FROM posts FOR UPDATE;
",
    );
    assert_snapshot!(project.run(&["revert"]), @r#"
    exit 0
    --- stdout
      ~ table posts
        - index posts_views
    wrote drizzle/0003_revert_backfill.sql
    --- stderr
    warning[rows-not-undone]: what 0002_backfill did to rows is not undone: 2 INSERT, 1 UPDATE
     --> drizzle/0002_backfill.sql:2:1
      |
    2 | INSERT INTO posts (id) VALUES (1);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the way back for the rows by hand: `driftless generate --custom`

    proven in scratch: after it, the migrations make what they made up to 0001_headline
    warning[drop-index-not-concurrent]: nobody reads or writes posts while index posts_views is dropped
     --> drizzle/0003_revert_backfill.sql:1:12
      |
    1 | DROP INDEX "posts_views";
      |            ^^^^^^^^^^^^^
      |
      = help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that

    hint: look at the SQL, then run `driftless migrate`
    "#);
    custom(&project, 4, "rows", "DELETE FROM posts;");
    let before = project.files("drizzle");
    assert_snapshot!(project.run(&["revert"]), @"
    exit 1
    --- stderr
    warning[rows-not-undone]: what 0004_rows did to rows is not undone: 1 DELETE
     --> drizzle/0004_rows.sql:1:1
      |
    1 | DELETE FROM posts;
      | ^^^^^^^^^^^^^^^^^
      |
      = help: write the way back for the rows by hand: `driftless generate --custom`

    error[nothing-to-revert]: 0004_rows changes nothing of the schema
     |
     = note: nothing was written
     = help: `--count` and `--to` take more migrations back; rows are changed back by hand: `driftless generate --custom`
    ");
    assert_eq!(project.files("drizzle"), before);
}

/// All files of one change carry the snapshot of its end: there is none of what is between.
#[test]
fn a_change_of_several_files_is_taken_back_as_a_whole() {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return;
    }
    let schema = |labels: &str, default: &str| {
        format!(
            "export const mood = pgEnum('mood', [{labels}]);
             export const days = pgTable('days', {{ id: integer().primaryKey(), mood: mood(){default} }});"
        )
    };
    let project = TestProject::generated(&schema("'good'", ""));
    project.schema(&schema("'good', 'bad'", ".default('bad')"));
    project.succeeds(&["generate", "--name", "bad"]);
    let before = project.files("drizzle");
    assert_snapshot!(project.run(&["revert"]), @r#"
    exit 1
    --- stderr
    error[snapshot-behind]: the state to go back to has no snapshot: the newest one up to 0001_bad is not what the migrations make up to there
     |
     = note: from what they make to what it says:
             ALTER TABLE "days" ALTER COLUMN "mood" SET DEFAULT 'bad'::public.mood;
     = note: either 0001_bad is not the last file of its change, or a hand-written migration changed what schema.ts declares as well
     = note: nothing was written
     = help: `driftless revert --to 0000_first` goes back to where there is one
     = help: or write the way back with `driftless generate --custom`
    "#);
    assert_eq!(project.files("drizzle"), before);
    let allow = ["--allow", "drop-enum-value", "--allow", "table-rewrite"];
    project.succeeds(&[&["revert", "--to", "0000_first"][..], &allow].concat());
    project.schema(&schema("'good'", ""));
    project.succeeds(&["check", "--replay"]);
}

/// A type that only has a name is nothing that a plan can make or drop.
#[test]
fn what_is_not_known_is_not_taken_back_in_silence() {
    let Some(project) = project() else { return };
    custom(
        &project,
        2,
        "shell",
        "CREATE TYPE shell; CREATE INDEX posts_views ON posts (views);",
    );
    let before = project.files("drizzle");
    assert_snapshot!(project.run(&["revert"]), @r#"
    exit 1
    --- stderr
    error[unmodelled]: type public.shell, which a migration to revert makes, cannot be taken back: Driftless does not know such objects
     |
     = note: nothing was written
     = help: the new migration leaves it as it is; if that is right, or you write its way back by hand, say so in driftless.toml: accept_unmodelled = ["type public.shell"] under [database]
    "#);
    assert_eq!(project.files("drizzle"), before);
    project.write(
        "driftless.toml",
        "[database]\naccept_unmodelled = [\"type public.shell\"]\n",
    );
    project.succeeds(&["revert"]);
}

#[test]
fn programs_learn_what_was_reverted() {
    let Some(project) = project() else { return };
    let (code, said) = project.json(&["revert", "--allow", "drop-column"]);
    assert_eq!(code, 0);
    assert_eq!(said["reverted"][0], "0001_headline");
    assert_eq!(said["proven"], true);
    assert_eq!(said["written"][0]["tag"], "0002_revert_headline");
    assert_eq!(said["plan"]["steps"].as_array().unwrap().len(), 2);
}

#[test]
fn nothing_to_revert_is_an_error() {
    let Some(project) = project() else { return };
    assert_snapshot!(TestProject::new(POSTS).run(&["revert"]), @"
    exit 1
    --- stderr
    error[nothing-to-revert]: the folder drizzle holds no migration to revert
     |
     = help: `driftless generate` writes the first
    ");
    assert_snapshot!(project.run(&["revert", "--count", "3"]), @"
    exit 1
    --- stderr
    error[nothing-to-revert]: 3 migrations cannot be reverted: the folder drizzle holds 2 migrations
     |
     = note: the last one is 0001_headline
     = help: `--count 2` takes all of them back
    ");
    assert_snapshot!(project.run(&["revert", "--to", "0007_lucky"]), @"
    exit 1
    --- stderr
    error[unknown-migration]: the folder drizzle has no migration 0007_lucky
     |
     = help: `driftless status` lists the migrations
    ");
    assert_snapshot!(project.run(&["revert", "--to", "0001_headline"]), @"
    exit 1
    --- stderr
    error[nothing-to-revert]: 0001_headline is the last migration: nothing comes after it
     |
     = help: `--to` names the last migration to keep; `--count 1` takes the last one back
    ");
    project.edit("drizzle/0001_headline.sql", "headline", "heading");
    let said = project.run(&["revert"]);
    assert!(said.starts_with("exit 1\n"), "{said}");
    assert!(said.contains("migration-edited"), "{said}");
}
