//! What only Postgres can say: `check --replay`, `snapshot`, plans that are proven.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::test_example::race;

const POSTS: &str =
    "export const posts = pgTable('posts', { id: integer().primaryKey(), title: text() });";

/// A project whose second migration renames a column by hand, and whose schema.ts does as well.
fn renamed_by_hand() -> Option<TestProject> {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return None;
    }
    let project = TestProject::generated(POSTS);
    project.succeeds(&["generate", "--custom", "--name", "rename"]);
    project.write(
        "drizzle/0001_rename.sql",
        "ALTER TABLE posts RENAME COLUMN title TO headline;",
    );
    project.schema(&POSTS.replace("title", "headline"));
    project.succeeds(&["record"]);
    Some(project)
}

#[test]
fn a_rename_by_hand_leaves_the_snapshot_behind_until_it_is_written_anew() {
    let Some(project) = renamed_by_hand() else {
        return;
    };
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[snapshot-behind]: the newest snapshot is not what the migrations make, the next `generate` would do a change again
     |
     = note: a hand-written migration changed what schema.ts declares as well
     = help: run `driftless snapshot`, or `driftless check --fix`
    ");
    assert_snapshot!(project.run(&["snapshot"]), @"
    exit 0
    --- stdout
    wrote drizzle/meta/0001_snapshot.json: it says what the migrations make
    ");
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 0
    --- stdout
    in step: 1 table, 2 migrations
    ");
    assert_snapshot!(project.run(&["generate"]), @"
    exit 0
    --- stdout
    nothing to generate: the newest snapshot has the schema as declared (1 table)
    ");
}

#[test]
fn check_can_write_it() {
    let Some(project) = renamed_by_hand() else {
        return;
    };
    assert_snapshot!(project.run(&["check", "--fix"]), @"
    exit 0
    --- stdout
    in step: 1 table, 2 migrations
    --- stderr
    wrote drizzle/meta/0001_snapshot.json: it says what the migrations make
    ");
    project.succeeds(&["check"]);
}

#[test]
fn a_plan_is_made_from_the_replayed_folder() {
    let Some(project) = renamed_by_hand() else {
        return;
    };
    project.schema(&POSTS.replace("title: text()", "headline: text(), views: integer()"));
    assert_snapshot!(project.run(&["generate", "--prove", "--name", "views"]), @"
    exit 0
    --- stdout
      ~ table posts
        + column views
    wrote drizzle/0002_views.sql
    --- stderr
    info[snapshot-behind]: the newest snapshot is not what the migrations make: planned from the replayed folder
     |
     = note: a hand-written migration changed what schema.ts declares as well

    proven in scratch: after it, the migrations make what is declared
    hint: look at the SQL, then run `driftless migrate`
    ");
    project.succeeds(&["check", "--replay"]);
}

#[test]
fn a_plan_is_proven_wherever_a_postgres_is_installed() {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return;
    }
    let project = TestProject::generated(POSTS).env("DRIFTLESS_NO_PROVE", "");
    project.schema(&POSTS.replace("title: text()", "title: text(), views: integer()"));
    assert_snapshot!(project.run(&["generate", "--name", "views"]), @"
    exit 0
    --- stdout
      ~ table posts
        + column views
    wrote drizzle/0001_views.sql
    --- stderr
    proven in scratch: after it, the migrations make what is declared
    hint: look at the SQL, then run `driftless migrate`
    ");
}

#[test]
fn a_folder_that_scratch_cannot_replay_leaves_a_plan_unproven() {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return;
    }
    let project = TestProject::generated(POSTS).env("DRIFTLESS_NO_PROVE", "");
    project.succeeds(&["generate", "--custom", "--name", "elsewhere"]);
    project.write(
        "drizzle/0001_elsewhere.sql",
        "CREATE EXTENSION only_in_the_cloud;",
    );
    project.succeeds(&["record"]);
    project.schema(&POSTS.replace("title: text()", "title: text(), views: integer()"));
    assert_snapshot!(project.run(&["generate", "--name", "views"]), @r#"
    exit 0
    --- stdout
      ~ table posts
        + column views
    wrote drizzle/0002_views.sql
    --- stderr
    unproven: `0001_elsewhere` was rolled back: extension "only_in_the_cloud" is not available; `driftless check --replay` tells more
    hint: look at the SQL, then run `driftless migrate`
    "#);
}

#[test]
fn what_the_migrations_lack_is_shown() {
    let Some(project) = renamed_by_hand() else {
        return;
    };
    project.write("drizzle/0001_rename.sql", "SELECT 1;");
    project.remove("drizzle/meta/_driftless.json");
    assert_snapshot!(project.run(&["snapshot"]), @r#"
    exit 1
    --- stderr
    error[history-differs]: the migrations do not make what schema.ts declares: 2 statements missing
     |
     = note: the missing SQL:
             ALTER TABLE "posts" ADD COLUMN "headline" text;
             -- drop-column: column posts.title and its values are dropped
             ALTER TABLE "posts" DROP COLUMN "title";
     = help: bring schema.ts in line with the hand-written migration, or run `driftless generate --prove`, which plans from the replayed migrations
    "#);
}

#[test]
fn what_hand_written_migrations_make_is_kept() {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return;
    }
    let project = TestProject::generated(POSTS);
    project.succeeds(&["generate", "--custom", "--name", "by_hand"]);
    project.write(
        "drizzle/0001_by_hand.sql",
        "CREATE ROLE reader;
         CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
         ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
         ALTER TABLE posts FORCE ROW LEVEL SECURITY;
         CREATE POLICY p ON posts USING (true);
         GRANT SELECT ON posts TO reader;
         COMMENT ON TABLE posts IS 'kept';",
    );
    project.succeeds(&["record"]);
    project.succeeds(&["check", "--replay"]);
    project.schema(&POSTS.replace("title: text()", "title: text(), views: integer()"));
    project.succeeds(&["generate", "--prove", "--name", "views"]);
    assert_eq!(
        project.read("drizzle/0002_views.sql"),
        "ALTER TABLE \"posts\" ADD COLUMN \"views\" integer;"
    );
    project.succeeds(&["check", "--replay"]);
}

/// What the example declares in SQL is what its hand-written migration makes.
#[test]
fn the_example_says_it_both_ways() {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return;
    }
    let project = race();
    let example = project.read("apps/api/driftless.toml.example");
    let tenant = project.read("apps/api/driftless.toml");
    project.write("apps/api/driftless.toml", &format!("{example}\n{tenant}"));
    let check = ["-C", "apps/api", "check"];
    project.succeeds(&check);
    project.write(
        "apps/api/src/db/schema/more.sql",
        "GRANT INSERT ON accounts TO race_app;",
    );
    let said = project.run(&check);
    assert!(
        said.contains("GRANT INSERT ON TABLE \"accounts\" TO \"race_app\";"),
        "{said}"
    );
    project.succeeds(&["-C", "apps/api", "generate", "--name", "opening"]);
    project.succeeds(&check);
}
