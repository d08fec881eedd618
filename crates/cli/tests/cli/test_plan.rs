//! `driftless plan`, and `migrate --preflight`.

use insta::assert_snapshot;

use crate::test_migrate::{custom, project};

#[test]
fn locks_rewrites_and_rights_are_measured() {
    let Some((project, database)) = project() else {
        return;
    };
    project.succeeds(&["migrate"]);
    database
        .sql("INSERT INTO users (name) SELECT 'x' FROM generate_series(1, 5000); ANALYZE users;");
    custom(
        &project,
        1,
        "many",
        "CREATE ROLE plan_reader;
CREATE TABLE notes (id int PRIMARY KEY, user_id int);
ALTER TABLE users ADD COLUMN age int;
ALTER TABLE users ALTER COLUMN id TYPE bigint;
ALTER TABLE users ADD CONSTRAINT named CHECK (name <> '');
CREATE INDEX users_name ON users (name);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users FOR SELECT TO plan_reader USING (id > 0);
GRANT SELECT ON users TO plan_reader;
GRANT UPDATE (name) ON users TO PUBLIC;
",
    );
    assert_snapshot!(project.run(&["plan"]), @"
    exit 0
    --- stdout
    0001_many (10 statements)
      line 1  CREATE ROLE plan_reader
      line 2  CREATE TABLE notes (id int PRIMARY KEY, user_id int)
          builds index notes_pkey on notes
      line 3  ALTER TABLE users ADD COLUMN age int
          locks users (about 5000 rows, 352 kB) in AccessExclusive: blocks readers and writers
      line 4  ALTER TABLE users ALTER COLUMN id TYPE bigint
          writes every row of users (about 5000 rows, 352 kB) anew
          builds index users_pkey on users
      line 5  ALTER TABLE users ADD CONSTRAINT named CHECK (name <> '')
          reads every row of users under its lock
      line 6  CREATE INDEX users_name ON users (name)
          builds index users_name on users
      line 7  ALTER TABLE users ENABLE ROW LEVEL SECURITY
      line 8  CREATE POLICY own ON users FOR SELECT TO plan_reader USING (...
      line 9  GRANT SELECT ON users TO plan_reader
      line 10  GRANT UPDATE (name) ON users TO PUBLIC

    who may do what:
      + everybody may UPDATE column name of table users
      + plan_reader may SELECT table users
      + policy own lets through SELECT on table users for plan_reader where (id > 0)
      + row security holds on table users
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    let (code, json) = project.json(&["plan"]);
    assert_eq!(code, 0);
    let rewrite = &json["migrations"][0]["statements"][3];
    assert_eq!(rewrite["rewrites"], serde_json::json!(["users"]));
    let first = &json["migrations"][0]["statements"][2];
    assert_eq!(first["locks"]["users"], "AccessExclusiveLock");
    project.succeeds(&["migrate"]);
    assert_snapshot!(project.run(&["plan"]), @"
    exit 0
    --- stdout
    nothing to do: every migration is applied
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
}

#[test]
fn what_runs_alone_is_said_to_be_unmeasured() {
    let Some((project, _database)) = project() else {
        return;
    };
    custom(
        &project,
        1,
        "alone",
        "-- driftless: no-transaction\nCREATE INDEX CONCURRENTLY by_name ON users (name);",
    );
    assert_snapshot!(project.run(&["plan"]), @r#"
    exit 0
    --- stdout
    0000_first (1 statement)
      line 1  CREATE TABLE "users" ( "id" serial NOT NULL PRIMARY KEY, "na...
          builds index users_pkey on users
    0001_alone (1 statement)
      line 2  CREATE INDEX CONCURRENTLY by_name ON users (name)
          runs outside of a transaction: what it locks was not measured
          builds index by_name on users
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    "#);
}

#[test]
fn rows_in_the_way_are_found_before_anything_is_run() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(
        &project,
        1,
        "loose",
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');
CREATE TABLE notes (id int PRIMARY KEY, user_id int, title text, slug text, stars int, mood mood, price numeric, label varchar(20), day text);",
    );
    project.succeeds(&["migrate"]);
    custom(
        &project,
        2,
        "strict",
        "ALTER TABLE notes ALTER COLUMN title SET NOT NULL;
ALTER TABLE notes ADD CONSTRAINT slugs UNIQUE (slug);
ALTER TABLE notes ADD CONSTRAINT users_fk FOREIGN KEY (user_id) REFERENCES users (id);
ALTER TABLE notes ADD CONSTRAINT few CHECK (stars < 6);
ALTER TABLE notes ALTER COLUMN mood TYPE text;
DROP TYPE mood;
CREATE TYPE mood AS ENUM ('sad', 'glad');
ALTER TABLE notes ALTER COLUMN mood TYPE mood USING mood::mood;
ALTER TABLE notes ALTER COLUMN price TYPE smallint;
ALTER TABLE notes ALTER COLUMN label TYPE varchar(5);
ALTER TABLE notes ALTER COLUMN day TYPE date USING day::date;
ALTER TABLE notes ADD COLUMN kind text NOT NULL;",
    );
    // Nothing is there yet that could be in the way.
    assert!(project.run(&["plan"]).starts_with("exit 0\n"));
    database.sql(
        "INSERT INTO users SELECT n, 'x' FROM generate_series(1, 10000) n;
         INSERT INTO notes SELECT n, n, 't' || n, 's' || n, 1, 'sad', n / 7.0, 'a' || n % 1000, '2026-11-26' FROM generate_series(1, 10000) n;
         UPDATE notes SET title = NULL WHERE id IN (7, 8);
         UPDATE notes SET slug = 'same' WHERE id IN (10, 20, 30);
         UPDATE notes SET user_id = 99999 WHERE id = 40;
         UPDATE notes SET stars = 7 WHERE id = 50;
         UPDATE notes SET mood = 'ok' WHERE id = 60;
         UPDATE notes SET price = 99999 WHERE id = 80;
         UPDATE notes SET label = 'too long' WHERE id = 90;
         UPDATE notes SET label = 'short          ' WHERE id = 91;",
    );
    assert_snapshot!(project.run(&["migrate", "--preflight"]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[rows-in-the-way]: 1 row: values of notes.mood that the enum loses: 'ok'
     |
     = note: keys: 60
     = note: SELECT concat_ws(', ', "id") FROM "notes" WHERE "mood"::text IN ('ok')
     = help: correct these rows first, or in a migration before; one that is pending already may do so

    error[rows-in-the-way]: 10000 rows: notes, where notes.kind would have no value
     |
     = note: keys: 1; 2; 3; 4; 5 and 9995 more
     = note: SELECT concat_ws(', ', "id") FROM "notes" WHERE true
     = help: correct these rows first, or in a migration before; one that is pending already may do so

    error[rows-in-the-way]: 1 row: values of notes.label that are no character varying(5)
     |
     = note: keys: 90
     = note: SELECT concat_ws(', ', "id") FROM "notes" WHERE length(rtrim("label"::text, ' ')) > 5
     = help: correct these rows first, or in a migration before; one that is pending already may do so

    error[rows-in-the-way]: at least 1 row: values of notes.price that are no smallint
     |
     = note: the server says to the first of them: smallint out of range
     = note: SELECT count("price"::smallint) FROM "notes"
     = help: correct these rows first, or in a migration before; one that is pending already may do so

    error[rows-in-the-way]: 2 rows: NULL in notes.title
     |
     = note: keys: 7; 8
     = note: SELECT concat_ws(', ', "id") FROM "notes" WHERE "title" IS NULL
     = help: correct these rows first, or in a migration before; one that is pending already may do so

    error[rows-in-the-way]: 1 row: duplicates of notes (slug)
     |
     = note: keys: same
     = note: SELECT concat_ws(', ', "slug") FROM "notes" WHERE "slug" IS NOT NULL GROUP BY "slug" HAVING count(*) > 1
     = help: correct these rows first, or in a migration before; one that is pending already may do so

    error[rows-in-the-way]: 1 row: notes against check few
     |
     = note: keys: 50
     = note: SELECT concat_ws(', ', "id") FROM "notes" WHERE NOT ((stars < 6))
     = help: correct these rows first, or in a migration before; one that is pending already may do so

    error[rows-in-the-way]: 1 row: notes (user_id) without its row of users
     |
     = note: keys: 40
     = note: SELECT concat_ws(', ', "id") FROM "notes" WHERE "notes"."user_id" IS NOT NULL AND NOT EXISTS (SELECT FROM "users" there WHERE there."id" = "notes"."user_id")
     = help: correct these rows first, or in a migration before; one that is pending already may do so
    "#);
    assert_eq!(
        database.sql("SELECT count(*) FROM drizzle.__drizzle_migrations"),
        "2\n"
    );
}

/// How such a value is found depends on the server's version.
#[test]
fn a_text_that_is_no_number_is_found() {
    let Some((project, database)) = project() else {
        return;
    };
    project.succeeds(&["migrate"]);
    custom(
        &project,
        1,
        "number",
        "ALTER TABLE users ALTER COLUMN name TYPE int USING name::int;",
    );
    database.sql("INSERT INTO users SELECT n, n FROM generate_series(1, 10000) n;");
    let dry = ["migrate", "--preflight", "--dry-run"];
    assert!(project.run(&dry).starts_with("exit 0\n"));
    database.sql("UPDATE users SET name = '12a' WHERE id = 77;");
    let said = project.run(&dry);
    assert!(said.starts_with("exit 1\n"), "{said}");
    assert!(
        said.contains("1 row: values of users.name that are no integer"),
        "{said}"
    );
}

#[test]
fn a_database_that_drifted_is_not_migrated() {
    let Some((project, database)) = project() else {
        return;
    };
    project.succeeds(&["migrate", "--verify"]);
    custom(&project, 1, "more", "CREATE TABLE more (id int);");
    database.sql("ALTER TABLE users ADD COLUMN by_hand text");
    assert_snapshot!(project.run(&["migrate", "--verify"]), @r#"
    exit 1
    --- stderr
    error[database-differs]: the database has column users.by_hand, which no migration makes
     |
     = note: what makes the database so:
             ALTER TABLE "users" DROP COLUMN "by_hand";
     = note: nothing was migrated
     = help: run that SQL, or bring the change into a migration with `driftless generate --custom`
    "#);
    database.sql("ALTER TABLE users DROP COLUMN by_hand");
    project.succeeds(&["migrate", "--verify"]);
    assert_eq!(database.sql("SELECT count(*) FROM more"), "0\n");
}
