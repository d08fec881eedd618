//! `driftless diff` and `driftless scratch`.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::server::TestDatabase;

const POSTS: &str =
    "export const posts = pgTable('posts', { id: serial().primaryKey(), title: text() });";

fn native() -> bool {
    let found = driftless_testing::binaries().is_some();
    if !found {
        println!("skipped: no Postgres on this machine");
    }
    found
}

#[test]
fn snapshot_and_schema_are_compared_without_a_server() {
    let project = TestProject::generated(POSTS);
    assert_snapshot!(project.run(&["diff", "snapshot", "schema"]), @"
    exit 0
    --- stderr
    no difference
    ");
    project.schema(&POSTS.replace("title: text()", "title: text().notNull()"));
    assert_snapshot!(project.run(&["diff", "snapshot", "schema", "--exit-code"]), @r#"
    exit 1
    --- stdout
    -- set-not-null: posts.title becomes NOT NULL: this fails while a row holds NULL
    ALTER TABLE "posts" ALTER COLUMN "title" SET NOT NULL;
    "#);
}

#[test]
fn migrations_are_replayed() {
    if !native() {
        return;
    }
    let project = TestProject::generated(POSTS);
    project.succeeds(&["generate", "--custom", "--name", "by_hand"]);
    project.write(
        "drizzle/0001_by_hand.sql",
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1 -- one $$;",
    );
    assert_snapshot!(project.run(&["diff", "migrations@0000_first", "migrations"]), @r#"
    exit 0
    --- stdout
    CREATE FUNCTION "public"."one"()
    RETURNS integer
    LANGUAGE "sql"
    IMMUTABLE
    AS $$ SELECT 1 -- one $$;
    "#);
    assert_snapshot!(project.run(&["diff", "migrations", "schema"]), @r#"
    exit 0
    --- stdout
    DROP FUNCTION "public"."one"();
    "#);
    assert_snapshot!(project.run(&["diff", "migrations@0007_x", "schema"]), @"
    exit 1
    --- stderr
    error[unknown-migration]: the folder drizzle has no migration 0007_x
     |
     = help: `driftless status` lists the migrations
    ");
}

#[test]
fn databases_and_files_are_sides() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    database.sql("CREATE TABLE posts (id serial PRIMARY KEY, name text);");
    let project = TestProject::generated(POSTS);
    let url = database.url();
    assert_snapshot!(project.run(&["diff", &url, "migrations"]), @"
    exit 2
    --- stderr
    error[renames-undecided]: what disappears and what appears may be one and the same
     |
     = note:   --rename posts.name=posts.title   it was posts.name: same definition
               --create posts.title              it is new, and posts.name is dropped
     = help: choose from these flags, or pass --no-renames to take all of it as new
    ");
    let renamed = [
        "diff",
        &url,
        "migrations",
        "--rename",
        "posts.name=posts.title",
    ];
    assert_snapshot!(project.run(&renamed), @r#"
    exit 0
    --- stdout
    ALTER TABLE "posts" RENAME COLUMN "name" TO "title";
    "#);
    project.write("old.sql", "CREATE TYPE mood AS ENUM ('sad');");
    project.write("new.sql", "CREATE TYPE mood AS ENUM ('sad', 'glad');");
    assert_snapshot!(project.run(&["diff", "old.sql", "new.sql"]), @r#"
    exit 0
    --- stdout
    ALTER TYPE "public"."mood" ADD VALUE 'glad';
    "#);
}

#[test]
fn no_project_is_needed_where_none_is_asked_for() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    database.sql("CREATE TABLE posts (id integer);");
    let project = TestProject::empty();
    project.write("new.sql", "CREATE TABLE posts (id integer, title text);");
    assert_snapshot!(project.run(&["diff", &database.url(), "new.sql"]), @r#"
    exit 0
    --- stdout
    ALTER TABLE "posts" ADD COLUMN "title" text;
    "#);
    assert_snapshot!(project.run(&["diff", &database.url(), "schema"]), @"
    exit 1
    --- stderr
    error[config-not-found]: there is no drizzle.config.ts in [DIR]
     |
     = note: looked for drizzle.config.ts, drizzle.config.js, drizzle.config.json, drizzle.config.mts, drizzle.config.mjs, drizzle.config.cts, drizzle.config.cjs
     = help: go to the project's directory, or name it with -C, or the file with --config
    ");
    // Where a bare name leads elsewhere, it is said first which schema is meant.
    let first = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = app', current_database()); END $$;";
    database.sql(&format!("CREATE SCHEMA app; {first}"));
    project.write(
        "new.sql",
        "CREATE SCHEMA app; CREATE TABLE posts (id integer, title text);",
    );
    assert_snapshot!(project.run(&["diff", &database.url(), "new.sql"]), @r#"
    exit 0
    --- stdout
    SET search_path TO public;
    ALTER TABLE "posts" ADD COLUMN "title" text;
    "#);
    // The port that people set for their own server is not that of scratch.
    let project = project.env("PGPORT", "1");
    assert_snapshot!(project.run(&["diff", "empty", "new.sql"]), @r#"
    exit 0
    --- stdout
    CREATE SCHEMA "app";
    CREATE TABLE "posts" (
    	"id" integer,
    	"title" text
    );
    "#);
}

#[test]
fn databases_have_names_and_schemas_can_be_left_out() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    database.sql("CREATE SCHEMA audit; CREATE TABLE audit.log (id integer);");
    let project = TestProject::new(POSTS);
    let toml = "[database]\nexclude_schemas = [\"audit\"]\n[env.here]\nurl = \"$HERE\"\n";
    project.write("driftless.toml", toml);
    project.write("empty.sql", "-- nothing\n");
    let said = project.run(&["diff", "env:here", "empty.sql"]);
    assert!(said.contains("error[environment-url-missing]"), "{said}");
    let said = project.run(&["diff", "env:there", "empty.sql"]);
    assert!(said.contains("error[unknown-environment]"), "{said}");
    let project = project.env("HERE", &database.url());
    let said = project.run(&["diff", "env:here", "empty.sql"]);
    assert!(
        said.starts_with("exit 0") && !said.contains("audit"),
        "{said}"
    );
}

#[test]
fn what_is_no_side_is_said() {
    let project = TestProject::new(POSTS);
    assert_snapshot!(project.run(&["diff", "shcema", "schema"]), @"
    exit 64
    --- stderr
    error[unknown-side]: `shcema` names no schema
     |
     = note: there is no such file or folder
     = help: write empty, schema, migrations, migrations@TAG, snapshot, a snapshot file, a .sql file or folder, env:NAME, or a postgres:// URL
    ");
}

#[test]
fn sql_that_fails_is_shown() {
    if !native() {
        return;
    }
    let project = TestProject::generated(POSTS);
    project.succeeds(&["generate", "--custom", "--name", "by_hand"]);
    project.write(
        "drizzle/0001_by_hand.sql",
        "SELECT 1;\nALTER TABLE poosts ADD a int;",
    );
    let said = project.run(&["diff", "migrations", "schema"]);
    assert!(said.contains("drizzle/0001_by_hand.sql:2"), "{said}");
    assert!(
        said.contains("relation \"poosts\" does not exist"),
        "{said}"
    );
}

#[test]
fn scratch_says_what_it_is() {
    if !native() {
        return;
    }
    let project = TestProject::new(POSTS);
    let (code, said) = project.json(&["scratch", "--scratch", "native"]);
    assert_eq!(
        (code, said["engine"].as_str()),
        (0, Some("native")),
        "{said}"
    );
}
