//! Roles that no migration makes, such as those of a provider: scratch Postgres grants them, and a
//! database that has them has nothing too many.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::server::TestDatabase;

const SCHEMA: &str = "import { pgPolicy, pgRole } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const existing = pgRole('test_existing_role').existing();
export const t = pgTable('t', { id: integer().primaryKey(), a: integer() }, () => [
  pgPolicy('see', { for: 'select', to: existing, using: sql`true` }),
]);";

#[test]
fn they_are_there() {
    let Some(database) = TestDatabase::new() else {
        return;
    };
    let project = TestProject::generated(SCHEMA);
    project.succeeds(&["generate", "--custom", "--name", "grants"]);
    project.write(
        "drizzle/0001_grants.sql",
        "GRANT SELECT ON t TO test_existing_reader;",
    );
    project.succeeds(&["record"]);
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 0
    --- stdout
    in step: 1 table, 2 migrations
    ");
    let roles = ["test_existing_role", "test_existing_reader"];
    for role in roles {
        database.sql(&format!("CREATE ROLE {role} NOLOGIN"));
    }
    let url = database.url();
    project.succeeds(&["migrate", "--database-url", &url]);
    assert_snapshot!(project.run(&["check", "--database-url", &url]), @"
    exit 0
    --- stdout
    in step: 1 table, 2 migrations
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from --database-url)
    ");
    assert_snapshot!(project.run(&["diff", &url, "migrations"]), @"
    exit 0
    --- stderr
    no difference
    ");
    project.edit("src/schema.ts", "a: integer()", "a: text()");
    let flags = [
        "generate",
        "--prove",
        "--allow",
        "table-rewrite",
        "--name",
        "text",
    ];
    assert_snapshot!(project.run(&flags), @r#"
    exit 0
    --- stdout
      ~ table t
        ~ column a

    allowed table-rewrite: Every row is rewritten under an exclusive lock: nobody reads or writes the table meanwhile
        every row of t is rewritten
    wrote drizzle/0002_text.sql
    --- stderr
    proven in scratch: after it, the migrations make what is declared
    warning[column-type-change]: nobody reads or writes t while every row is written anew for a as text
     --> drizzle/0002_text.sql:2:17
      |
    2 | ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE text USING "a"::text;
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a new column, copy in portions, and let the code move over; for a small table waive this with the reason

    hint: look at the SQL, then run `driftless migrate`
    "#);
    for role in roles {
        database.sql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    }
}

#[test]
fn one_that_a_later_migration_makes_is_missing_all_the_same() {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return;
    }
    let project = TestProject::generated(SCHEMA);
    for (name, sql) in [
        ("grants", "GRANT SELECT ON t TO test_late_reader;"),
        ("roles", "CREATE ROLE test_late_reader;"),
    ] {
        let told = project.succeeds(&["generate", "--custom", "--name", name]);
        project.write(told.trim().trim_start_matches("wrote "), sql);
    }
    project.succeeds(&["record"]);
    assert_snapshot!(project.run(&["check", "--replay"]), @r#"
    exit 1
    --- stderr
    error[statement-failed]: `0001_grants` was rolled back: role "test_late_reader" does not exist
     --> drizzle/0001_grants.sql:1:1
      |
    1 | GRANT SELECT ON t TO test_late_reader;
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 42704
      |
      = note: SQLSTATE 42704
      = note: statement 1 of 1
      = note: applied before it, and kept: `0000_first`
    "#);
}
