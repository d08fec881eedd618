//! `driftless push`.

use std::fmt::Write as _;
use std::path::Path;

use driftless_testing::Cluster;
use insta::assert_snapshot;
use serde_json::Value;

use crate::project::TestProject;
use crate::server::TestDatabase;

const FIRST: &str = "export const users = pgTable('users', {
  id: serial().primaryKey(),
  name: text().notNull(),
  age: integer(),
});";

const SECOND: &str = "import { check, pgPolicy, pgView } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const users = pgTable('users', {
  id: serial().primaryKey(),
  fullName: text('full_name').notNull(),
}, (t) => [
  check('long', sql`length(${t.fullName}) > 1`),
  pgPolicy('own', { for: 'select', using: sql`true` }),
]);
export const named = pgView('named').as((qb) => qb.select().from(users));";

fn project(schema: &str) -> Option<(TestProject, TestDatabase)> {
    let database = TestDatabase::new()?;
    let project = TestProject::new(schema).env("DATABASE_URL", &database.url());
    Some((project, database))
}

#[test]
fn another_schema_that_comes_first_is_left_alone() {
    let Some((project, database)) = project(FIRST) else {
        return;
    };
    let first = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = app', current_database()); END $$;";
    database.sql(&format!(
        "CREATE SCHEMA app; CREATE TABLE app.users (id integer); {first}"
    ));
    project.succeeds(&["push", "--yes"]);
    let columns = "SELECT table_schema, count(*) FROM information_schema.columns WHERE table_name = 'users' GROUP BY 1 ORDER BY 1";
    assert_snapshot!(database.sql(columns), @"
    app|1
    public|3
    ");
}

#[test]
fn a_database_follows_the_schema() {
    let Some((project, database)) = project(FIRST) else {
        return;
    };
    let said = project.run(&["push"]).replace(&database.name, "[NAME]");
    assert_snapshot!(said, @r"
    exit 2
    --- stdout
      + sequence users_id_seq
        + owner of sequence
      + table users
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[push-not-confirmed]: nothing was changed: 3 statements would be run in the database `[NAME]`
     |
     = help: pass --yes to run them, or --dry-run to see them
    ");
    assert_snapshot!(project.run(&["push", "--yes"]), @r"
    exit 0
    --- stdout
      + sequence users_id_seq
        + owner of sequence
      + table users
    pushed 3 statements: the database is what is declared
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_snapshot!(project.run(&["push"]), @r"
    exit 0
    --- stdout
    nothing to push: the database is what is declared
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    database.sql(
        "INSERT INTO users (name, age) VALUES ('Ada', 36);
         CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
         CREATE TABLE kept_elsewhere (id integer);",
    );
    project.write(
        "drizzle.config.ts",
        "export default { dialect: 'postgresql', schema: './src/schema.ts', tablesFilter: ['!kept_*'] };",
    );
    project.schema(SECOND);
    assert_snapshot!(project.run(&["push", "--yes"]), @r"
    exit 2
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[rename-undecided]: whether column users.full_name is new or renamed is not decided
     |
     = note: nothing was changed
     = help: for column users.full_name add one of:
               --rename users.name=users.full_name   it was users.name: same definition
               --rename users.age=users.full_name    it was users.age: differs in data type, not null
               --create users.full_name              it is new
    ");
    let rename = ["push", "--yes", "--rename", "users.name=users.full_name"];
    assert_snapshot!(project.run(&rename), @r"
    exit 2
    --- stdout
      ~ table users
        > column full_name (renamed)
        - column age
        + check constraint long
        + policy own
      + view named
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[hazard-not-allowed]: the plan was not run: it has 1 hazard that nobody has allowed
     |
     = note: drop-column: column users.age and its values are dropped
     = help: if that is what you want, add --allow drop-column
    ");
    let all = [&rename[..], &["--allow", "drop-column"]].concat();
    assert_snapshot!(project.run(&[&all[..], &["--dry-run"]].concat()), @r#"
    exit 0
    --- stdout
      ~ table users
        > column full_name (renamed)
        - column age
        + check constraint long
        + policy own
      + view named

    allowed drop-column: A column and its values are dropped
        column users.age and its values are dropped
    note validate-rows: Existing rows are checked; one row that fails stops the migration
        every row of users is checked while everybody waits; one that fails stops the migration
    note row-security: Rows become visible or invisible to roles
        row security of users changes: rows are hidden from roles that no policy lets see them

    ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";
    CREATE VIEW "public"."named" AS (SELECT users.id,
        users.full_name
       FROM public.users);
    -- drop-column: column users.age and its values are dropped
    ALTER TABLE "users" DROP COLUMN "age";
    -- row-security: row security of users changes: rows are hidden from roles that no policy lets see them
    ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;
    -- validate-rows: every row of users is checked while everybody waits; one that fails stops the migration
    ALTER TABLE "users" ADD CONSTRAINT "long" CHECK ((length(full_name) > 1));
    CREATE POLICY "own" ON "users" AS PERMISSIVE FOR SELECT TO public USING (true);
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    nothing was changed
    "#);
    assert_snapshot!(project.run(&all), @r"
    exit 0
    --- stdout
      ~ table users
        > column full_name (renamed)
        - column age
        + check constraint long
        + policy own
      + view named

    allowed drop-column: A column and its values are dropped
        column users.age and its values are dropped
    note validate-rows: Existing rows are checked; one row that fails stops the migration
        every row of users is checked while everybody waits; one that fails stops the migration
    note row-security: Rows become visible or invisible to roles
        row security of users changes: rows are hidden from roles that no policy lets see them
    pushed 6 statements: the database is what is declared
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_snapshot!(project.run(&["push"]), @r"
    exit 0
    --- stdout
    nothing to push: the database is what is declared
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_eq!(database.sql("SELECT full_name FROM users"), "Ada\n");
    let left = "SELECT count(*) FROM pg_trigger WHERE tgname = 'touch' AND NOT tgisinternal";
    assert_eq!(database.sql(left), "1\n");
    assert_eq!(database.sql("SELECT count(*) FROM kept_elsewhere"), "0\n");
}

#[test]
fn rows_that_are_not_there_cannot_be_lost() {
    let Some((project, _database)) = project(FIRST) else {
        return;
    };
    project.succeeds(&["push", "--yes"]);
    let schema = FIRST.replace("age: integer()", "born: timestamp().notNull()");
    project.schema(&schema);
    assert_snapshot!(project.run(&["push", "--yes", "--create", "users.born"]), @r"
    exit 0
    --- stdout
      ~ table users
        + column born
        - column age
    pushed 2 statements: the database is what is declared
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
}

#[test]
fn what_stops_leaves_nothing_half_done() {
    let Some((project, database)) = project(FIRST) else {
        return;
    };
    project.succeeds(&["push", "--yes"]);
    database.sql("INSERT INTO users (name, age) VALUES ('Ada', 36), ('Ada', 40)");
    let unique = FIRST.replace("age: integer()", "age: varchar()");
    project.schema(&unique.replace("text().notNull()", "text().notNull().unique()"));
    let push = ["push", "--yes", "--allow", "table-rewrite"];
    assert_snapshot!(project.run(&push), @r#"
    exit 1
    --- stdout
      ~ table users
        ~ column age
        + unique constraint users_name_unique

    allowed table-rewrite: Every row is rewritten under an exclusive lock: nobody reads or writes the table meanwhile
        every row of users is rewritten
    note unique-build: A unique index is built; existing duplicates stop the migration
        users is read and indexed while everybody waits; duplicates stop the migration
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[statement-failed]: the plan was stopped: could not create unique index "users_name_unique"
     --> push.sql:1:1
      |
    1 | ALTER TABLE "users" ADD CONSTRAINT "users_name_unique" UNIQUE("name");
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 23505
      |
      = note: SQLSTATE 23505, constraint `users_name_unique`, table `users`, schema `public`
      = note: detail: Key (name)=(Ada) is duplicated.
      = note: nothing was changed
      = help: correct the schema or the rows, then push again: it goes on from what is there
    "#);
    let types = "SELECT atttypid::regtype FROM pg_attribute
                 WHERE attrelid = 'users'::regclass AND attname = 'age'";
    assert_eq!(database.sql(types), "integer\n");
}

#[test]
fn what_looks_like_production_wants_its_name() {
    let Some((project, database)) = project(FIRST) else {
        return;
    };
    let project = project.env("NODE_ENV", "production");
    let said = project
        .run(&["push", "--yes"])
        .replace(&database.name, "[NAME]");
    assert_snapshot!(said, @r"
    exit 2
    --- stdout
      + sequence users_id_seq
        + owner of sequence
      + table users
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[looks-like-production]: nothing was changed: the database `[NAME]` looks like one in production
     |
     = note: NODE_ENV is `production`
     = help: if it is the one you mean, pass --confirm [NAME]
    ");
    project.succeeds(&["push", "--yes", "--confirm", &database.name]);
}

const CORPUS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/corpora/drizzle/push"
);
const RESULTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../docs/results/drizzle-push.md"
);

/// drizzle-kit's own cases of `push`. Writes the results, and fails when that changed them.
#[test]
fn drizzle_kits_own_cases() {
    let Ok(folder) = std::fs::read_dir(CORPUS) else {
        println!("skipped: the corpus is not here");
        return;
    };
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let mut cases: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let mut rows = String::new();
    let mut passed = 0;
    for case in &cases {
        let case: Value = serde_json::from_slice(&std::fs::read(case).unwrap()).unwrap();
        // Roles belong to the whole server.
        let own = case
            .to_string()
            .contains("ole")
            .then(Cluster::start)
            .flatten();
        let outcome = match pushed(&case, own.as_ref().unwrap_or(&cluster)) {
            Ok(()) => {
                passed += 1;
                "passes".to_owned()
            }
            Err(why) => why.trim().replace('\n', "<br>").replace('|', "\\|"),
        };
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        writeln!(rows, "| {} | {} | {outcome} |", text("id"), text("name")).unwrap();
    }
    let text = format!(
        "# drizzle-kit's cases of `push`\n\nWritten by a test (`test_push`). Each database is what drizzle-kit's \
         case starts with; after one `driftless push` a second one has nothing to do, and the database \
         is what pushing the schema into an empty one makes (but for views that the schema says are somebody \
         else's). What Postgres refuses is wrong in the case: a hash index of two columns, a role that is \
         nowhere made.\n\n{passed} of {} pass.\n\n\
         | case | what | outcome |\n|---|---|---|\n{rows}",
        cases.len()
    );
    if std::fs::read_to_string(Path::new(RESULTS)).unwrap_or_default() != text {
        std::fs::write(RESULTS, &text).unwrap();
        panic!("docs/results/drizzle-push.md has changed: look at it, commit it\n{text}");
    }
}

fn pushed(case: &Value, cluster: &Cluster) -> Result<(), String> {
    let before = &case["sql_before_after"]["before"];
    let statements = [before, &case["from_sql"]]
        .into_iter()
        .filter_map(Value::as_array);
    let sql: Vec<&str> = statements.flatten().filter_map(Value::as_str).collect();
    let name = cluster.new_database();
    for statement in sql {
        let ran = cluster.databases().run(&name, statement);
        // Some of what comes before is in the case itself once more.
        let twice = |error: &str| !before.is_null() && error.contains("already exists");
        match ran {
            Err(error) if !twice(&error) => return Err(format!("the case does not load: {error}")),
            _ => {}
        }
    }
    let project = TestProject::empty().env("DATABASE_URL", &cluster.url(&name));
    project.write("schema.ts", case["to_ts"].as_str().unwrap());
    let mut config = serde_json::json!({ "dialect": "postgresql", "schema": "./schema.ts" });
    for key in ["entities", "casing"] {
        if !case[key].is_null() {
            config[key] = case[key].clone();
        }
    }
    project.write("drizzle.config.json", &config.to_string());
    let mut args: Vec<String> = ["push", "--yes", "--allow-empty"]
        .map(String::from)
        .to_vec();
    for rename in case["renames"].as_array().into_iter().flatten() {
        let (old, new) = rename.as_str().unwrap().split_once("->").unwrap();
        let short = |name: &str| name.strip_prefix("public.").unwrap_or(name).to_owned();
        args.extend([
            "--rename".to_owned(),
            format!("{}={}", short(old), short(new)),
        ]);
    }
    answered(&project, &args)?;
    let again = project.run(&["push", "--allow-empty"]);
    if !again.contains("nothing to push") {
        return Err(format!("a second push: {again}"));
    }
    // Such a view is somebody else's: a new database has none.
    if case["to_ts"].as_str().unwrap().contains(".existing()") {
        return Ok(());
    }
    let fresh = cluster.new_database();
    let other = TestProject::empty().env("DATABASE_URL", &cluster.url(&fresh));
    other.write("schema.ts", case["to_ts"].as_str().unwrap());
    other.write("drizzle.config.json", &config.to_string());
    answered(
        &other,
        &[
            "push".to_owned(),
            "--yes".to_owned(),
            "--allow-empty".to_owned(),
        ],
    )?;
    let (one, two) = (cluster.url(&name), cluster.url(&fresh));
    let diff = project.run(&["diff", &one, &two, "--no-renames", "--exit-code"]);
    if !diff.starts_with("exit 0") {
        return Err(format!("a fresh one differs: {diff}"));
    }
    Ok(())
}

/// Pushes; what is asked is answered with "new", and what is refused is allowed.
fn answered(project: &TestProject, args: &[String]) -> Result<(), String> {
    let mut args = args.to_vec();
    for _ in 0..8 {
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        let (code, said) = project.json(&words);
        if code == 0 {
            return Ok(());
        }
        let mut more: Vec<String> = Vec::new();
        for question in said["questions"].as_array().into_iter().flatten() {
            let name = question["created"].as_str().unwrap_or_default();
            more.extend(["--create".to_owned(), name.to_owned()]);
        }
        for step in said["plan"]["steps"].as_array().into_iter().flatten() {
            for hazard in step["hazards"].as_array().into_iter().flatten() {
                let kind = hazard["name"].as_str().unwrap_or_default().to_owned();
                more.extend(["--allow".to_owned(), kind]);
            }
        }
        if code != 2 || more.is_empty() {
            let message = &said["diagnostics"][0]["message"];
            return Err(message.as_str().unwrap_or("no message").to_owned());
        }
        args.extend(more);
    }
    Err("it asks for ever".to_owned())
}
