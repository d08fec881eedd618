//! `driftless reset` and `driftless seed`: a database anew, filled in once.

use crate::project::TestProject;
use crate::server::TestDatabase;

const USERS: &str = "export const users = pgTable('users', { id: integer(), name: text() });";

fn project() -> Option<(TestProject, TestDatabase)> {
    let database = TestDatabase::new()?;
    let project = TestProject::generated(USERS).env("DATABASE_URL", &database.url());
    project.write("driftless.toml", "[seed]\nfiles = [\"seeds\"]\n");
    project.write("seeds/1.sql", "INSERT INTO users VALUES (1, 'Ada');");
    project.write("seeds/2.sql", "INSERT INTO users VALUES (2, 'Grace');");
    Some((project, database))
}

/// Runs it, and takes the name of the database out of what it says.
fn unnamed(project: &TestProject, database: &TestDatabase, args: &[&str]) -> String {
    project.run(args).replace(&database.name, "[DATABASE]")
}

#[test]
fn a_seed_is_run_once() {
    let Some((project, database)) = project() else {
        return;
    };
    project.succeeds(&["migrate"]);
    insta::assert_snapshot!(project.run(&["seed"]), @r"
    exit 0
    --- stdout
    ran 2 seeds in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    seeds/1.sql done in [TIME]
    seeds/2.sql done in [TIME]
    ");
    insta::assert_snapshot!(project.run(&["seed"]), @r"
    exit 0
    --- stdout
    nothing to do: both seeds are run already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    project.write(
        "seeds/2.sql",
        "INSERT INTO users VALUES (2, 'Grace Hopper');",
    );
    project.write("seeds/3.sql", "INSERT INTO users VALUES (3, 'Barbara');");
    insta::assert_snapshot!(project.run(&["seed"]), @r"
    exit 0
    --- stdout
    ran 1 seed in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    seeds/3.sql done in [TIME]
    warning[seed-changed]: seeds/2.sql has changed since it was run, and is not run again
     |
     = help: run `driftless seed --force` to run every seed once more
    ");
    assert_eq!(database.sql("SELECT count(*) FROM users"), "3\n");
    project.succeeds(&["seed", "--force"]);
    assert_eq!(database.sql("SELECT count(*) FROM users"), "6\n");
    // What seeds leave behind is no drift.
    let url = database.url();
    let checked = project.run(&["check", "--database-url", &url]);
    assert!(checked.starts_with("exit 0\n"), "{checked}");
}

#[test]
fn of_seeds_that_fail_nothing_stays() {
    let Some((project, database)) = project() else {
        return;
    };
    project.succeeds(&["migrate"]);
    project.write("seeds/2.sql", "INSERT INTO users VALUES ('x');");
    insta::assert_snapshot!(project.run(&["seed"]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    seeds/1.sql done in [TIME]
    error[statement-failed]: `seeds/2.sql` was rolled back: invalid input syntax for type integer: "x"
     --> seeds/2.sql:1:27
      |
    1 | INSERT INTO users VALUES ('x');
      |                           ^^^ 22P02
      |
      = note: SQLSTATE 22P02
      = note: statement 1 of 1
      = help: correct the file and run the command again: nothing took effect
    "#);
    assert_eq!(database.sql("SELECT count(*) FROM users"), "0\n");
    let there = "SELECT to_regclass('drizzle.__driftless_seeds')";
    assert_eq!(database.sql(there), "\n");
}

#[test]
fn a_command_gets_the_database() {
    let Some((project, database)) = project() else {
        return;
    };
    project.succeeds(&["migrate"]);
    project.write(
        "driftless.toml",
        "[seed]\ncommand = 'echo \"$DATABASE_URL\" > url'\n",
    );
    let (code, lines) = project.json_lines(&["seed"]);
    assert_eq!(code, 0);
    assert_eq!(
        lines.last().unwrap()["command"],
        "echo \"$DATABASE_URL\" > url"
    );
    assert_eq!(
        project.read("url").trim(),
        format!("{}&sslmode=prefer", database.url())
    );
    project.remove("url");
    insta::assert_snapshot!(project.run(&["seed"]), @r"
    exit 0
    --- stdout
    nothing to do: the only seed is run already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    project.write("driftless.toml", "[seed]\ncommand = \"exit 3\"\n");
    insta::assert_snapshot!(project.run(&["seed"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    running exit 3
    error[seed-command-failed]: the seed `exit 3` ended with exit code 3
     |
     = note: the SQL files before it are in the database, and stay
     = help: correct it and run `driftless seed` again: it goes on with this command
    ");
    project.write("driftless.toml", "[seed]\nfiles = [\"nowhere/*.sql\"]\n");
    insta::assert_snapshot!(project.run(&["seed"]), @r#"
    exit 1
    --- stderr
    error[seed-not-found]: `nowhere/*.sql` of `seed.files` matches no SQL file
     --> driftless.toml:2:10
      |
    2 | files = ["nowhere/*.sql"]
      |          ^^^^^^^^^^^^^^^
      |
      = help: correct the path; it is relative to the project's directory
    "#);
    project.write("driftless.toml", "");
    insta::assert_snapshot!(project.run(&["seed"]), @r#"
    exit 1
    --- stderr
    error[no-seeds]: driftless.toml names nothing to fill a database in with
     |
     = help: name SQL files there: [seed] files = ["seeds/*.sql"]
    "#);
}

#[test]
fn what_is_not_the_projects_stays() {
    let Some((project, database)) = project() else {
        return;
    };
    let somebody = format!("somebody_{}", database.name);
    project.succeeds(&["migrate"]);
    project.succeeds(&["seed"]);
    database.sql(&format!(
        "CREATE ROLE {somebody};
         CREATE SCHEMA other; CREATE TABLE other.kept (id int);
         CREATE TABLE theirs (id int); ALTER TABLE theirs OWNER TO {somebody};
         CREATE TABLE leftover (id int); CREATE TYPE left_type AS ENUM ('a');
         GRANT USAGE ON SCHEMA public TO {somebody};
         ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {somebody};
         COMMENT ON SCHEMA public IS 'ours';"
    ));
    let whole = "SELECT n.nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace \
                 WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1";
    let rights = "SELECT nspacl::text, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'public'; \
                  SELECT defaclacl FROM pg_default_acl";
    let before = database.sql(rights);
    insta::assert_snapshot!(unnamed(&project, &database, &["reset"]), @r"
    exit 2
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[reset-not-confirmed]: nothing was dropped: 3 objects of the database `[DATABASE]` would be
     |
     = help: pass --yes to drop them, or --dry-run to see them
    ");
    insta::assert_snapshot!(project.run(&["reset", "--dry-run"]), @r#"
    exit 0
    --- stdout
    -- drop-table: table leftover and its rows are dropped
    DROP TABLE "leftover";
    -- drop-table: table users and its rows are dropped
    DROP TABLE "users";
    DROP TYPE "public"."left_type";
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    nothing was changed
    "#);
    insta::assert_snapshot!(project.run(&["reset", "--yes"]), @r"
    exit 0
    --- stdout
    dropped 3 objects
    applied 1 migration in [TIME]
    ran 2 seeds in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0000_first done in [TIME]
    seeds/1.sql done in [TIME]
    seeds/2.sql done in [TIME]
    ");
    insta::assert_snapshot!(database.sql(whole), @r"
    drizzle.__driftless_runs
    drizzle.__driftless_seeds
    drizzle.__drizzle_migrations
    other.kept
    public.theirs
    public.users
    ");
    assert_eq!(database.sql(rights), before);
    assert_eq!(database.sql("SELECT count(*) FROM users"), "2\n");
    database.sql("CREATE VIEW other.seen AS SELECT name FROM users;");
    insta::assert_snapshot!(project.run(&["reset", "--yes"]), @r"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[needed-elsewhere]: nothing was dropped: view other.seen is not the project's, and needs column users.name
     |
     = help: drop it yourself first, as its owner
    ");
    assert_eq!(database.sql("SELECT count(*) FROM other.seen"), "2\n");
    database.sql("DROP VIEW other.seen;");
    insta::assert_snapshot!(project.run(&["reset", "--yes", "--no-migrate", "--quiet"]), @r"
    exit 0
    --- stdout
    dropped 1 object
    ");
    insta::assert_snapshot!(database.sql(whole), @r"
    other.kept
    public.theirs
    ");
    database.sql(&format!("DROP OWNED BY {somebody}; DROP ROLE {somebody};"));
}

#[test]
fn what_looks_like_production_wants_its_name() {
    let Some((project, database)) = project() else {
        return;
    };
    project.succeeds(&["migrate"]);
    let config = format!(
        "[env.production]\nurl = \"{url}\"\n[env.staging]\nurl = \"{url}\"\nprotected = true\n\
         [env.prod_copy]\nurl = \"{url}\"\nprotected = false\n[reset]\nmax_rows = 1\n\
         [seed]\nfiles = [\"seeds\"]\n",
        url = database.url()
    );
    project.write("driftless.toml", &config);
    insta::assert_snapshot!(unnamed(&project, &database, &["reset", "--env", "production", "--yes"]), @r"
    exit 2
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from [env.production])
    error[looks-like-production]: nothing was dropped: the database `[DATABASE]` looks like one in production
     |
     = note: the environment is `production`
     = help: if it is the one you mean, pass --confirm [DATABASE]
    ");
    let staging = project.run(&["seed", "--env", "staging"]);
    assert!(
        staging.contains("the environment `staging` is protected"),
        "{staging}"
    );
    let copy = project.run(&["reset", "--env", "prod_copy", "--yes"]);
    assert!(copy.starts_with("exit 0\n"), "{copy}");
    let rows = project.run(&["reset", "--env", "prod_copy", "--yes"]);
    assert!(rows.contains("it holds more than 1 row"), "{rows}");
    let away = [
        "reset",
        "--yes",
        "--database-url",
        "postgres://u@db.example.com/app",
    ];
    let away = project
        .command(&away)
        .env("NODE_ENV", "production")
        .output()
        .unwrap();
    assert!(!away.status.success());
    let wrong = ["reset", "--env", "production", "--confirm", "other"];
    let wrong = project.run(&wrong);
    assert!(wrong.starts_with("exit 64\n"), "{wrong}");
    let named = ["reset", "--env", "production", "--confirm", &database.name];
    let named = project.run(&named);
    assert!(named.starts_with("exit 0\n"), "{named}");
    assert!(
        project
            .run(&["migrate", "--env", "nowhere"])
            .contains("it has prod_copy, production, staging")
    );
}

#[test]
fn roles_outlive_a_reset_and_are_taken_as_they_are() {
    let Some((project, database)) = project() else {
        return;
    };
    let role = format!("role_of_{}", database.name);
    let sql = format!("CREATE ROLE \"{role}\" LOGIN;\nGRANT SELECT ON users TO \"{role}\";\n");
    project.succeeds(&["generate", "--custom", "--name", "roles"]);
    project.write("drizzle/0001_roles.sql", &sql);
    project.succeeds(&["record"]);
    project.succeeds(&["migrate"]);
    let said = unnamed(&project, &database, &["reset", "--yes", "--no-seed"]);
    insta::assert_snapshot!(said, @"
    exit 0
    --- stdout
    dropped 1 object
    applied 2 migrations in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0000_first done in [TIME]
    notice: 0001_roles: the server has the role role_of_[DATABASE] already: it is left as it is
    0001_roles done in [TIME]
    ");
    // Another database of the server has the role too.
    let other = TestDatabase::new().unwrap();
    let url = other.url();
    let refused = unnamed(&project, &database, &["migrate", "--database-url", &url]);
    assert!(
        refused.contains("driftless migrate --keep-roles"),
        "{refused}"
    );
    project.succeeds(&["migrate", "--database-url", &url, "--keep-roles"]);
    let granted = "SELECT has_table_privilege(rolname, 'users', 'SELECT') FROM pg_roles WHERE rolname LIKE 'role_of_%' ORDER BY 1 DESC LIMIT 1";
    assert_eq!(other.sql(granted), "t\n");
    database.sql(&format!("DROP OWNED BY \"{role}\""));
    other.sql(&format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\""));
}
