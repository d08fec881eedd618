//! Where settings come from, and which one counts.

use crate::project::TestProject;
use crate::server::TestDatabase;

const USERS: &str = "export const users = pgTable('users', { id: serial() });";

/// Nothing listens on port 1: the message says which database was tried.
fn migrate(project: &TestProject, args: &[&str]) -> String {
    let mut all = vec!["migrate"];
    all.extend(args);
    project.run(&all)
}

#[test]
fn there_is_no_config() {
    insta::assert_snapshot!(TestProject::empty().run(&["check"]), @r"
    exit 1
    --- stderr
    error[config-not-found]: there is no drizzle.config.ts in [DIR]
     |
     = note: looked for drizzle.config.ts, drizzle.config.js, drizzle.config.json, drizzle.config.mts, drizzle.config.mjs, drizzle.config.cts, drizzle.config.cjs
     = help: go to the project's directory, or name it with -C, or the file with --config
    ");
    let project = TestProject::new(USERS);
    insta::assert_snapshot!(project.run(&["check", "--config", "other.config.ts"]), @r"
    exit 1
    --- stderr
    error[config-not-found]: the config file other.config.ts does not exist
     |
     = help: correct the path given with --config
    ");
    insta::assert_snapshot!(project.run(&["-C", "nowhere", "check"]), @r"
    exit 1
    --- stderr
    error[directory-not-found]: there is no directory nowhere
     |
     = help: correct the path given with -C
    ");
}

#[test]
fn another_directory_and_another_config() {
    let project = TestProject::empty();
    project.write(
        "apps/api/config/drizzle.config.json",
        r#"{ "dialect": "postgresql", "schema": "./schema.ts", "out": "./sql" }"#,
    );
    project.write(
        "apps/api/schema.ts",
        "import { pgTable, serial } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', { id: serial() });\n",
    );
    let args = [
        "-C",
        "apps/api",
        "--config",
        "config/drizzle.config.json",
        "generate",
        "--name",
        "a",
    ];
    insta::assert_snapshot!(project.run(&args), @r"
    exit 0
    --- stdout
      + table a
    wrote sql/0000_a.sql
    --- stderr
    hint: look at the SQL, then run `driftless migrate`
    ");
    assert!(project.path().join("apps/api/sql/0000_a.sql").is_file());
}

#[test]
fn a_key_that_nobody_knows_is_named() {
    let project = TestProject::generated(USERS);
    project.edit("drizzle.config.ts", "out:", "outt: './x',\n  out:");
    insta::assert_snapshot!(project.run(&["check"]), @r"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    --- stderr
    warning[unknown-config-key]: `outt` is not a field of the config and is ignored
     --> drizzle.config.ts:4:3
      |
    4 |   outt: './x',
      |   ^^^^
      |
      = help: did you mean `out`?
    ");
}

#[test]
fn the_wrong_dialect() {
    let project = TestProject::generated(USERS);
    project.edit("drizzle.config.ts", "postgresql", "mysql");
    insta::assert_snapshot!(project.run(&["check"]), @r#"
    exit 1
    --- stderr
    error[wrong-dialect]: the config is for mysql: only Postgres can be migrated
     --> drizzle.config.ts:2:12
      |
    2 |   dialect: 'mysql',
      |            ^^^^^^^
      |
      = help: set `dialect: "postgresql"` if the database is Postgres
    "#);
}

#[test]
fn flags_over_environment_over_env_file() {
    let flag = ["--database-url", "postgres://flag:secret@127.0.0.1:1/x"];
    let project = TestProject::generated(USERS);
    project.write(
        ".env",
        "DATABASE_URL='postgres://file:secret@127.0.0.1:1/x'\n",
    );
    insta::assert_snapshot!(migrate(&project, &[]), @r"
    exit 1
    --- stderr
    database: postgres://file@127.0.0.1:1/x (from DATABASE_URL in .env)
    error[database-unreachable]: no Postgres listens at 127.0.0.1:1
     |
     = help: start Postgres, or correct host and port in the database URL
    ");
    let project = project.env(
        "DATABASE_URL",
        "postgres://environment:secret@127.0.0.1:1/x",
    );
    insta::assert_snapshot!(migrate(&project, &[]), @r"
    exit 1
    --- stderr
    database: postgres://environment@127.0.0.1:1/x (from DATABASE_URL)
    error[database-unreachable]: no Postgres listens at 127.0.0.1:1
     |
     = help: start Postgres, or correct host and port in the database URL
    ");
    insta::assert_snapshot!(migrate(&project, &flag), @r"
    exit 1
    --- stderr
    database: postgres://flag@127.0.0.1:1/x (from --database-url)
    error[database-unreachable]: no Postgres listens at 127.0.0.1:1
     |
     = help: start Postgres, or correct host and port in the database URL
    ");
}

#[test]
fn a_variable_that_the_config_names_over_the_general_one() {
    let project = TestProject::generated(USERS)
        .env("DATABASE_URL", "postgres://app@127.0.0.1:1/x")
        .env("OWNER_URL", "postgres://owner@127.0.0.1:1/x");
    project.edit(
        "drizzle.config.ts",
        "process.env.DATABASE_URL!",
        "process.env.OWNER_URL!",
    );
    insta::assert_snapshot!(migrate(&project, &[]), @r"
    exit 1
    --- stderr
    database: postgres://owner@127.0.0.1:1/x (from OWNER_URL)
    error[database-unreachable]: no Postgres listens at 127.0.0.1:1
     |
     = help: start Postgres, or correct host and port in the database URL
    ");
}

#[test]
fn the_environment_over_a_url_in_the_config() {
    let project = TestProject::generated(USERS);
    project.edit(
        "drizzle.config.ts",
        "process.env.DATABASE_URL!",
        "'postgres://config@127.0.0.1:1/x'",
    );
    insta::assert_snapshot!(migrate(&project, &[]), @r"
    exit 1
    --- stderr
    database: postgres://config@127.0.0.1:1/x (from drizzle.config.ts)
    error[database-unreachable]: no Postgres listens at 127.0.0.1:1
     |
     = help: start Postgres, or correct host and port in the database URL
    ");
    let project = project.env("DATABASE_URL", "postgres://environment@127.0.0.1:1/x");
    insta::assert_snapshot!(migrate(&project, &[]), @r"
    exit 1
    --- stderr
    database: postgres://environment@127.0.0.1:1/x (from DATABASE_URL)
    error[database-unreachable]: no Postgres listens at 127.0.0.1:1
     |
     = help: start Postgres, or correct host and port in the database URL
    ");
}

#[test]
fn production_does_not_make_up_a_database() {
    let project = TestProject::generated(USERS).env("NODE_ENV", "production");
    insta::assert_snapshot!(migrate(&project, &[]), @r"
    exit 1
    --- stderr
    error[database-url-missing]: which database to use is not known: DATABASE_URL of drizzle.config.ts is not set
     |
     = note: NODE_ENV is `production`, so no Postgres of its own is started
     = help: set DATABASE_URL, or pass --database-url
     = help: pass --embedded to use the Postgres kept in .driftless/ all the same
    ");
}

#[test]
fn a_url_that_is_none() {
    let project =
        TestProject::generated(USERS).env("DATABASE_URL", "mysql://root:secret@localhost/x");
    insta::assert_snapshot!(migrate(&project, &[]), @r"
    exit 1
    --- stderr
    error[invalid-database-url]: the database URL cannot be used: it begins with `mysql://`
     |
     = note: the URL is from DATABASE_URL
     = help: write it as `postgres://user:password@host:5432/database`
    ");
}

#[test]
fn a_broken_env_file_is_pointed_at_without_its_text() {
    let project = TestProject::generated(USERS);
    project.write(".env", "A=1\nDATABASE_URL=postgres://a:se cret@b/c\n");
    insta::assert_snapshot!(project.run(&["check"]), @r"
    exit 1
    --- stderr
    error[invalid-env-file]: .env:2 is not `NAME=value`
     |
     = help: put values with spaces or quotes into single quotes
    ");
}

#[test]
fn a_password_is_never_shown() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let url = database.url().replacen("postgres@", "postgres:h4nter2@", 1);
    let project = TestProject::generated(USERS).env("DATABASE_URL", &url);
    let mut said = String::new();
    for args in [
        &["migrate"][..],
        &["status"],
        &["migrate", "--format", "json"],
        &["exec", "no.sql"],
    ] {
        said += &project.run(args);
    }
    let away =
        TestProject::generated(USERS).env("DATABASE_URL", "postgres://u:h4nter2@127.0.0.1:1/x");
    said += &migrate(&away, &[]);
    assert!(!said.contains("h4nter2"), "{said}");
}
