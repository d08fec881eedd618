//! Where `driftless pull` writes, and when it does not.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::server::TestDatabase;
use crate::test_pull::database;

const POSTS: &str = "CREATE TABLE posts (id integer PRIMARY KEY, created_at date, \"Full Title\" text); \
                     CREATE INDEX posts_created ON posts (created_at);";

#[test]
fn a_drizzle_project_keeps_its_places() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    database.sql(POSTS);
    database.sql("CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';");
    let project = TestProject::empty().env("DATABASE_URL", &database.url());
    project.write(
        "drizzle.config.ts",
        "export default { dialect: 'postgresql', schema: './src/schema.ts', out: './migrations', \
         casing: 'snake_case', introspect: { casing: 'preserve' } };",
    );
    project.write("driftless.toml", "[scratch]\nengine = \"auto\"\n");
    assert_snapshot!(project.run(&["pull", "--name", "adopted"]), @r"
    exit 0
    --- stdout
    wrote src/schema.ts
    wrote src/schema/functions.sql
    wrote driftless.toml
    wrote migrations/0000_adopted.sql
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    proven: the database is what comes of src/schema.ts and 1 statement of SQL in src/schema
    hint: run `driftless baseline` to record the first migration in the database as applied
    ");
    assert_snapshot!(project.read("src/schema.ts"), @r"
    import { date, index, integer, pgTable, text } from 'drizzle-orm/pg-core';

    export const posts = pgTable(
      'posts',
      {
        id: integer('id').primaryKey(),
        created_at: date('created_at'),
        'Full Title': text('Full Title'),
      },
      (t) => [
        index('posts_created').on(t.created_at),
      ],
    );
    ");
    assert_snapshot!(project.read("driftless.toml"), @r#"
    schema = ["src/schema/*.sql"]

    [scratch]
    engine = "auto"
    "#);
    project.succeeds(&["baseline"]);
    project.succeeds(&["check", "--replay", "--database-url", &database.url()]);
}

#[test]
fn nothing_is_overwritten_unasked() {
    let Some((project, database)) = database(POSTS) else {
        return;
    };
    project.write("schema.ts", "// mine\n");
    project.write("schema/old.sql", "CREATE VIEW mine AS SELECT 1;\n");
    assert_snapshot!(project.run(&["pull"]), @r"
    exit 1
    --- stderr
    error[pull-would-overwrite]: schema.ts is there already
     |
     = note: nothing was written
     = help: pass --force to write it anew from the database, or move it away

    error[pull-would-overwrite]: schema/old.sql is there already
     |
     = note: nothing was written
     = help: pass --force to write it anew from the database, or move it away
    ");
    assert_eq!(project.read("schema.ts"), "// mine\n");
    assert_snapshot!(project.run(&["pull", "--dry-run", "--casing", "preserve"]), @r"
    exit 0
    --- stdout
    import { date, index, integer, pgTable, text } from 'drizzle-orm/pg-core';

    export const posts = pgTable(
      'posts',
      {
        id: integer().primaryKey(),
        created_at: date(),
        'Full Title': text(),
      },
      (t) => [
        index('posts_created').on(t.created_at),
      ],
    );
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    proven: the database is what comes of schema.ts
    nothing was written
    ");
    assert_eq!(project.read("schema.ts"), "// mine\n");
    assert!(project.files("drizzle").is_empty());
    assert_snapshot!(project.run(&["pull", "--force"]), @r"
    exit 0
    --- stdout
    wrote schema.ts
    wrote driftless.toml
    wrote drizzle/0000_baseline.sql
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    proven: the database is what comes of schema.ts
    hint: run `driftless baseline` to record the first migration in the database as applied
    ");
    assert!(project.files("schema").is_empty());
    database.sql("ALTER TABLE posts ADD COLUMN views integer DEFAULT 0 NOT NULL;");
    assert_snapshot!(project.run(&["pull", "--force"]), @r"
    exit 0
    --- stdout
    wrote schema.ts
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    proven: the database is what comes of schema.ts
    hint: the folder has migrations already, so there is no first one: `driftless generate` writes what they lack
    ");
    assert_snapshot!(project.run(&["generate", "--dry-run"]), @r#"
    exit 0
    --- stdout
      ~ table posts
        + column views

    ALTER TABLE "posts" ADD COLUMN "views" integer DEFAULT 0 NOT NULL;
    --- stderr
    nothing was written
    "#);
    assert_snapshot!(project.run(&["pull", "--force", "--record"]), @r"
    exit 1
    --- stderr
    error[history-exists]: there is nothing to record: the folder drizzle has 1 migration already, so none is written
     |
     = help: pull without --record; then `driftless baseline` records what the database has
    ");
}

#[test]
fn programs_are_told_the_same() {
    let Some((project, _database)) =
        database("CREATE UNLOGGED TABLE cache (key text PRIMARY KEY);")
    else {
        return;
    };
    let (code, mut value) = project.json(&["pull"]);
    assert_eq!(code, 0);
    value.as_object_mut().unwrap().remove("database");
    assert_snapshot!(serde_json::to_string_pretty(&value).unwrap(), @r#"
    {
      "command": "pull",
      "diagnostics": [
        {
          "code": "in-sql",
          "help": [],
          "message": "table cache is in SQL: Drizzle has no word for UNLOGGED",
          "notes": [],
          "severity": "info"
        }
      ],
      "exit_code": 0,
      "in_sql": [
        {
          "object": "table cache",
          "partly": false,
          "why": "Drizzle has no word for UNLOGGED"
        }
      ],
      "outcome": "ok",
      "proven": true,
      "recorded": [],
      "written": [
        "schema/tables.sql",
        "driftless.toml",
        "drizzle/0000_baseline.sql"
      ]
    }
    "#);
    assert_snapshot!(project.read("driftless.toml"), @r#"
    # What declares the schema; the SQL files say what Drizzle has no words for.
    schema = ["schema/*.sql"]
    "#);
}

#[test]
fn what_cannot_be_pulled_is_an_error_and_nothing_is_written() {
    let Some((project, database)) = database("SELECT 1;") else {
        return;
    };
    assert_snapshot!(project.run(&["pull"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[nothing-to-pull]: the database has no schema to pull
     |
     = help: connect to another database, or run `driftless migrate` to fill this one
    ");
    database.sql(POSTS);
    database.sql(
        "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations \
         (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint); \
         INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('other', 7);",
    );
    assert_snapshot!(project.run(&["pull", "--record"]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[ledger-has-rows]: nothing was recorded: the ledger "drizzle"."__drizzle_migrations" holds 1 row already, and a baseline begins one
     |
     = note: it has 0 of 0 migrations to record
     = help: `driftless status` compares it with the folder, `driftless migrate` goes on with it
    "#);
    database.sql(
        "CREATE ROLE pulled_first; CREATE ROLE pulled_second; \
         GRANT SELECT ON posts TO pulled_first WITH GRANT OPTION; \
         SET ROLE pulled_first; GRANT SELECT ON posts TO pulled_second;",
    );
    assert_snapshot!(project.run(&["pull"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[pull-not-declarable]: no SQL file can say who passed on what was granted: grants on table posts were granted by other roles than the owner
     |
     = note: nothing was written
     = help: revoke them, and let the owner grant them
    ");
    assert!(project.files("").is_empty());
    project.write(
        "drizzle.config.json",
        r#"{"dialect": "postgresql", "schema": "./src/*.ts"}"#,
    );
    assert_snapshot!(project.run(&["pull"]), @r"
    exit 1
    --- stderr
    error[pull-which-file]: drizzle.config.json names no single file for the schema, so it is not known where to write it
     |
     = note: it names ./src/*.ts
     = help: name one file there, for example schema: './src/schema.ts'
    ");
}
