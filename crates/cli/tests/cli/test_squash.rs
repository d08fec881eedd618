//! `driftless squash`: several migrations replaced by one.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::server::TestDatabase;

const POSTS: &str =
    "export const posts = pgTable('posts', { id: integer().primaryKey(), title: text() });";
const HEADLINE: &str =
    "export const posts = pgTable('posts', { id: integer().primaryKey(), headline: text() });";
const VIEWS: &str = "export const posts = pgTable('posts', { id: integer().primaryKey(), headline: text(), views: integer() });";

/// `0000_first`, `0001_headline` that renames, `0002_reader` by hand and `0003_views`.
fn project() -> Option<TestProject> {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return None;
    }
    let project = TestProject::generated(POSTS);
    project.schema(HEADLINE);
    let rename = ["--rename", "posts.title=posts.headline"];
    project.succeeds(&[&["generate", "--name", "headline"][..], &rename].concat());
    custom(
        &project,
        "0002_reader",
        "DO $$ BEGIN CREATE ROLE squash_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n\
         --> statement-breakpoint\n\
         GRANT SELECT ON posts TO squash_reader;\n\
         --> statement-breakpoint\n\
         UPDATE posts SET headline = upper(headline);\n",
    );
    project.schema(VIEWS);
    project.succeeds(&["generate", "--name", "views"]);
    Some(project)
}

fn custom(project: &TestProject, tag: &str, text: &str) {
    let (_, name) = tag.split_once('_').unwrap();
    project.succeeds(&["generate", "--custom", "--name", name]);
    project.write(&format!("drizzle/{tag}.sql"), text);
    project.succeeds(&["record"]);
}

fn names(project: &TestProject) -> String {
    let root = project.path().join("drizzle");
    let files = project.files("drizzle").into_iter();
    let names = files.map(|(path, _)| path.strip_prefix(&root).unwrap().display().to_string());
    names.collect::<Vec<_>>().join("\n")
}

#[test]
fn one_migration_takes_the_place_of_all() {
    let Some(project) = project() else { return };
    let before = project.files("drizzle");
    assert_snapshot!(project.run(&["squash", "--dry-run"]), @r#"
    exit 0
    --- stdout
    DO $role$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'squash_reader') THEN
        CREATE ROLE "squash_reader";
      END IF;
    END $role$;
    CREATE TABLE "posts" (
    	"id" integer NOT NULL PRIMARY KEY,
    	"headline" text,
    	"views" integer
    );
    GRANT SELECT ON TABLE "posts" TO "squash_reader";
    --- stderr
    proven in scratch: it makes what 4 migrations make
    nothing was written
    "#);
    assert_eq!(project.files("drizzle"), before);
    assert_snapshot!(project.run(&["squash"]), @"
    exit 0
    --- stdout
    wrote drizzle/0000_baseline.sql for 0000_first to 0003_views
    --- stderr
    proven in scratch: it makes what 4 migrations make
    hint: databases that have run all of them are recognised; one that has run only some is to be migrated with the folder as it was
    ");
    assert_snapshot!(names(&project), @"
    0000_baseline.sql
    meta/0000_snapshot.json
    meta/_driftless.json
    meta/_journal.json
    ");
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    ");
    // It is a folder like any other.
    project.schema(POSTS);
    project.succeeds(&[
        "generate",
        "--name",
        "back",
        "--rename",
        "posts.headline=posts.title",
        "--allow",
        "drop-column",
    ]);
    project.succeeds(&["check", "--replay"]);
    assert_snapshot!(names(&project), @"
    0000_baseline.sql
    0001_back.sql
    meta/0000_snapshot.json
    meta/0001_snapshot.json
    meta/_driftless.json
    meta/_journal.json
    ");
}

#[test]
fn what_comes_after_stays_as_it_is() {
    let Some(project) = project() else { return };
    let last = project.read("drizzle/0003_views.sql");
    assert_snapshot!(project.run(&["squash", "--to", "0002_reader", "--name", "start"]), @"
    exit 0
    --- stdout
    wrote drizzle/0000_start.sql for 0000_first to 0002_reader
    --- stderr
    proven in scratch: it makes what 3 migrations make
    hint: databases that have run all of them are recognised; one that has run only some is to be migrated with the folder as it was
    ");
    assert_eq!(project.read("drizzle/0003_views.sql"), last);
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 0
    --- stdout
    in step: 1 table, 2 migrations
    ");
    // And what was squashed can be squashed again.
    assert_snapshot!(project.run(&["squash"]), @"
    exit 0
    --- stdout
    wrote drizzle/0000_baseline.sql for 0000_start to 0003_views
    --- stderr
    proven in scratch: it makes what 2 migrations make
    hint: databases that have run all of them are recognised; one that has run only some is to be migrated with the folder as it was
    ");
    project.succeeds(&["check", "--replay"]);
}

#[test]
fn a_database_that_has_run_them_has_it() {
    let Some(project) = project() else { return };
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = project.env("DATABASE_URL", &database.url());
    project.succeeds(&["migrate"]);
    project.succeeds(&["squash", "--to", "0001_headline", "--name", "start"]);
    assert_snapshot!(project.run(&["status"]), @"
    exit 0
    --- stdout
    migration    kind          applied                  file
    0000_start   hand-written  yes                      as applied
    0002_reader  hand-written  [WHEN]  as applied
    0003_views   generated     [WHEN]  as applied

    all 3 migrations are applied
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    project.succeeds(&["squash"]);
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    nothing to do: the only migration is applied already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_snapshot!(project.run(&["status"]), @"
    exit 0
    --- stdout
    migration      kind          applied  file
    0000_baseline  hand-written  yes      as applied

    the only migration is applied
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    let rows = database.sql("SELECT count(*) FROM drizzle.__drizzle_migrations");
    assert_eq!(rows.trim(), "4");
    project.succeeds(&["check", "--database-url", &database.url()]);
    // drizzle-orm goes by the time of the last.
    let journal: serde_json::Value =
        serde_json::from_str(&project.read("drizzle/meta/_journal.json")).unwrap();
    let newest = database.sql("SELECT max(created_at) FROM drizzle.__drizzle_migrations");
    assert_eq!(journal["entries"][0]["when"].to_string(), newest.trim());
    // What follows runs behind it.
    project.schema(HEADLINE);
    project.succeeds(&["generate", "--name", "fewer", "--allow", "drop-column"]);
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0001_fewer done in [TIME]
    ");
}

#[test]
fn a_new_database_runs_it() {
    let Some(project) = project() else { return };
    let Some(database) = TestDatabase::new() else {
        return;
    };
    project.succeeds(&["squash"]);
    let project = project.env("DATABASE_URL", &database.url());
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0000_baseline done in [TIME]
    ");
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    nothing to do: the only migration is applied already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    project.succeeds(&["check", "--database-url", &database.url()]);
    // An edit of it is one of it, although the ledger's time is also that of what it replaced.
    project.edit("drizzle/0000_baseline.sql", "CREATE TABLE", "CREATE  TABLE");
    let said = project.run(&["migrate"]);
    assert!(said.contains("error[applied-migration-edited]"), "{said}");
}

#[test]
fn a_database_that_has_some_of_them_is_refused() {
    let Some(project) = project() else { return };
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = project.env("DATABASE_URL", &database.url());
    project.succeeds(&["migrate", "--to", "0001_headline"]);
    project.succeeds(&["squash"]);
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[replaced-in-part]: `0000_baseline` replaces migrations of which this database has only some: it lacks `0002_reader`, `0003_views`
     --> drizzle/0000_baseline.sql:1:1
      |
    1 | DO $role$ BEGIN
      | ^
      |
      = note: nothing was run: the one file cannot be run in part
      = help: migrate this database with the folder as it was before the squash: `git log -- drizzle/0000_baseline.sql` finds the commit, `git worktree add` gives a copy of what came before it
    ");
    assert_snapshot!(project.run(&["status"]), @"
    exit 1
    --- stdout
    migration      kind          applied  file
    0000_baseline  hand-written  pending  applied in part

    1 finding to settle before `driftless migrate` goes on
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[replaced-in-part]: `0000_baseline` replaces migrations of which this database has only some: it lacks `0002_reader`, `0003_views`
     --> drizzle/0000_baseline.sql:1:1
      |
    1 | DO $role$ BEGIN
      | ^
      |
      = note: nothing was run: the one file cannot be run in part
      = help: migrate this database with the folder as it was before the squash: `git log -- drizzle/0000_baseline.sql` finds the commit, `git worktree add` gives a copy of what came before it
    ");
}

#[test]
fn what_was_run_with_another_text_is_settled_by_a_person() {
    let Some(project) = project() else { return };
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = project.env("DATABASE_URL", &database.url());
    let text = project.read("drizzle/0002_reader.sql");
    project.write("drizzle/0002_reader.sql", &text.replace('\n', "\r\n"));
    project.succeeds(&["migrate"]);
    project.write("drizzle/0002_reader.sql", &text);
    project.succeeds(&["squash"]);
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[replaced-migration-edited]: `0000_baseline` replaces `0002_reader`, of which this database has run another text
     --> drizzle/0000_baseline.sql:1:1
      |
    1 | DO $role$ BEGIN
      | ^
      |
      = help: `driftless check --database-url` tells whether the schema is the same all the same
      = help: where it is, `driftless repair --accept-hash 0000_baseline` takes what was run for what was replaced
    ");
    project.succeeds(&[
        "repair",
        "--accept-hash",
        "0000_baseline",
        "--reason",
        "line endings",
    ]);
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    nothing to do: the only migration is applied already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
}

#[test]
fn rows_are_kept_where_some_are_left() {
    let Some(project) = project() else { return };
    custom(
        &project,
        "0004_plans",
        "INSERT INTO posts (id, headline) VALUES (1, 'first');\n--> statement-breakpoint\nUPDATE posts SET views = 0;\n",
    );
    let said = project.run(&["squash", "--dry-run"]);
    assert!(
        said.contains("INSERT INTO posts (id, headline) VALUES (1, 'first');"),
        "{said}"
    );
    assert!(said.contains("with 1 row in 1 table"), "{said}");
    let said = project.run(&["squash", "--dry-run", "--without-rows"]);
    assert!(!said.contains("INSERT"), "{said}");
    assert!(said.contains("warning[rows-left-out]"), "{said}");
    // Rows of which no statement is seen.
    custom(
        &project,
        "0005_more",
        "DO $$ BEGIN INSERT INTO posts (id) VALUES (2); END $$;\n",
    );
    let before = project.files("drizzle");
    assert_snapshot!(project.run(&["squash"]), @r#"
    exit 1
    --- stderr
    error[rows-differ]: the migrations leave 2 in "public"."posts", the statements of theirs that write rows leave 1
     |
     = note: the others' rows come from blocks, functions or triggers, or from a schema between
     = note: nothing was written
     = help: put those rows into a seed, and squash --without-rows
     = help: or squash up to the migration before them: --to TAG
    "#);
    assert_eq!(project.files("drizzle"), before);
}

#[test]
fn there_have_to_be_some() {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return;
    }
    let project = TestProject::generated(POSTS);
    assert_snapshot!(project.run(&["squash"]), @"
    exit 1
    --- stderr
    error[nothing-to-squash]: there is one migration to squash, and it is one already
     |
     = help: `driftless status` lists the migrations; --to names the last one to replace
    ");
    assert_snapshot!(project.run(&["squash", "--to", "0007_x"]), @"
    exit 1
    --- stderr
    error[unknown-migration]: the folder drizzle has no migration 0007_x
     |
     = help: `driftless status` lists the migrations
    ");
}

#[test]
fn what_no_plan_can_make_is_not_lost_in_silence() {
    let Some(project) = project() else { return };
    custom(&project, "0004_shell", "CREATE TYPE shell;\n");
    let waiver = "[database]\naccept_unmodelled = [\"type public.shell\"]\n";
    project.write("driftless.toml", waiver);
    let before = project.files("drizzle");
    let said = project.run(&["squash"]);
    let finding = "error[unmodelled]: type public.shell, which the migrations make,";
    assert!(said.contains(finding), "{said}");
    assert_eq!(project.files("drizzle"), before);
    project.succeeds(&["squash", "--to", "0003_views"]);
}
