//! A schema that cannot be used, with the whole message for each way.

use crate::project::TestProject;

/// What `check` says about declarations behind the usual import.
fn check(declarations: &str) -> String {
    TestProject::new(declarations).run(&["check"])
}

/// What `check` says about a schema file of its own.
fn check_file(text: &str) -> String {
    let project = TestProject::new("");
    project.write("src/schema.ts", text);
    project.run(&["check"])
}

#[test]
fn syntax() {
    insta::assert_snapshot!(check("export const users = pgTable('users', {\n  id: serial(,\n});"), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[syntax-error]: src/schema.ts cannot be parsed: Unexpected token
     --> src/schema.ts:3:14
      |
    3 |   id: serial(,
      |              ^
    ");
}

#[test]
fn an_import_that_is_not_there() {
    insta::assert_snapshot!(
        check_file("import { id } from './columns';\nexport const a = id;\n"),
        @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[unresolved-import]: `./columns` cannot be found
     --> src/schema.ts:1:20
      |
    1 | import { id } from './columns';
      |                    ^^^^^^^^^^^ imported here
      |
      = note: looked for src/columns (.ts, .tsx, .js, .json, ... or a folder with an index file)
      = help: correct the path, or create the file
    "
    );
}

#[test]
fn an_exception() {
    insta::assert_snapshot!(
        check("function fail(): never {\n  throw new Error('no region configured');\n}\nexport const users = pgTable('users', { id: fail() });"),
        @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[schema-exception]: src/schema.ts cannot be evaluated: no region configured
     --> src/schema.ts:3:3
      |
    3 |   throw new Error('no region configured');
      |   ^^^^^
    4 | }
    5 | export const users = pgTable('users', { id: fail() });
      |                                             ---- called from here
    "
    );
}

#[test]
fn a_value_that_only_a_package_knows() {
    insta::assert_snapshot!(
        check_file(
            "import { pgTable, text } from 'drizzle-orm/pg-core';\nimport { nameOf } from 'some-package';\nexport const users = pgTable(nameOf('users'), { name: text() });\n"
        ),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[tainted-value]: name of a table comes from "some-package#nameOf()", which is not evaluated
     --> src/schema.ts:3:22
      |
    3 | export const users = pgTable(nameOf('users'), { name: text() });
      |                      ^^^^^^^
      |
      = help: write the value out, or move it into a file of the project: "some-package" is a stand-in while the schema is read
    "#
    );
}

#[test]
fn an_enum_that_is_not_exported() {
    insta::assert_snapshot!(
        check("const mood = pgEnum('mood', ['sad', 'happy']);\nexport const people = pgTable('people', { mood: mood() });"),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[unexported-enum]: enum "mood" is not exported, but column "mood" of table "people" has its type
     --> src/schema.ts:2:14
      |
    2 | const mood = pgEnum('mood', ['sad', 'happy']);
      |              ^^^^^^
      |
      = note: used by column "mood" of table "people"
      = help: export it from a schema file, so that drizzle-kit and Driftless see it: export const mood = pgEnum(...)
    "#
    );
}

#[test]
fn a_schema_that_is_not_exported() {
    insta::assert_snapshot!(
        check("const billing = pgSchema('billing');\nexport const invoices = billing.table('invoices', { id: serial() });"),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[unexported-schema]: schema "billing" is not exported, but table "billing.invoices" is in it
     --> src/schema.ts:2:17
      |
    2 | const billing = pgSchema('billing');
      |                 ^^^^^^^^
      |
      = help: export it from a schema file, so that drizzle-kit and Driftless see it: export const billing = pgSchema("billing")
    "#
    );
}

#[test]
fn one_name_twice() {
    insta::assert_snapshot!(
        check("export const a = pgTable('users', { id: serial() });\nexport const b = pgTable('users', { id: serial() });"),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[duplicate-table]: table "users" is declared twice
     --> src/schema.ts:2:18
      |
    2 | export const a = pgTable('users', { id: serial() });
      |                  ^^^^^^^
    3 | export const b = pgTable('users', { id: serial() });
      |                  ------- declared again here
      |
      = note: exported as "a" in src/schema.ts
      = note: exported as "b" in src/schema.ts
      = help: rename one of them, or export only one
    "#
    );
}

#[test]
fn no_tables() {
    insta::assert_snapshot!(check("const users = pgTable('users', { id: serial() });"), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[no-tables]: the schema files export nothing that Postgres could hold: no table, no enum, no view
     |
     = note: read src/schema.ts
     = help: export the tables: `export const users = pgTable(...)`, and let `schema` in the config name the files that do

    warning[unexported-table]: table "users" is not exported from a schema file, so it is not managed
     --> src/schema.ts:2:15
      |
    2 | const users = pgTable('users', { id: serial() });
      |               ^^^^^^^
      |
      = help: export it, or add its file to `schema` in the config
    "#);
}

#[test]
fn another_database_than_postgres() {
    insta::assert_snapshot!(
        check_file("import { mysqlTable, int } from 'drizzle-orm/mysql-core';\nexport const a = mysqlTable('a', { id: int() });\n"),
        @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[wrong-dialect]: src/schema.ts declares MySQL tables: `drizzle-orm/mysql-core` is not for Postgres
     --> src/schema.ts:1:33
      |
    1 | import { mysqlTable, int } from 'drizzle-orm/mysql-core';
      |                                 ^^^^^^^^^^^^^^^^^^^^^^^^ imported here
      |
      = help: import from `drizzle-orm/pg-core`, or take the file out of `schema`
    "
    );
}

#[test]
fn files_that_match_nothing() {
    let project = TestProject::new("");
    project.remove("src/schema.ts");
    insta::assert_snapshot!(project.run(&["check"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[schema-not-found]: no schema file matches `./src/schema.ts`
     |
     = note: looked in [DIR]
     = help: correct `schema` in the config; it is relative to the project
    ");
}

#[test]
fn reading_files() {
    insta::assert_snapshot!(
        check_file("import { readFileSync } from 'node:fs';\nimport { pgTable } from 'drizzle-orm/pg-core';\nexport const a = pgTable(readFileSync('/etc/hostname', 'utf8'), {});\n"),
        @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[tainted-value]: name of a table comes from "node:fs#readFileSync()", which is not evaluated
     --> src/schema.ts:3:18
      |
    3 | export const a = pgTable(readFileSync('/etc/hostname', 'utf8'), {});
      |                  ^^^^^^^
      |
      = help: write the value out, or move it into a file of the project: "node:fs" is a stand-in while the schema is read
    "#
    );
}

#[test]
fn a_loop_without_end() {
    insta::assert_snapshot!(check("while (true) {}"), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[schema-timeout]: src/schema.ts is not done after 10s
     --> src/schema.ts:2:1
      |
    2 | while (true) {}
      | ^^^^^
      |
      = help: look for a loop that does not end
    ");
}

#[test]
fn memory_without_end() {
    insta::assert_snapshot!(
        check("const all: number[][] = [];\nwhile (true) all.push(new Array(1_000_000).fill(1));"),
        @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[schema-memory]: src/schema.ts needs more than 256 MiB of memory
     --> src/schema.ts:3:44
      |
    3 | while (true) all.push(new Array(1_000_000).fill(1));
      |                                            ^^^^
      |
      = help: look for a list or a text that grows without end
    "
    );
}
