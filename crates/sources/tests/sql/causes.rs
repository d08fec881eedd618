//! What is said when statements fail: the causes, not what follows from them.

use crate::support::{database, outcome, shown, sources};
use driftless_sources::sql::{Engine, Statement};
use insta::assert_snapshot;

#[test]
fn every_cause_and_no_consequence() {
    let Some(said) = outcome(&[
        (
            "a.sql",
            "CREATE VIEW v AS SELECT * FROM orders;\nCREATE TABLE orders (id int, buyer int REFERENCES user (id));\nCREATE INDEX ON orders (id);",
        ),
        (
            "b.sql",
            "CREATE TABLE users (id int PRIMARY KEY, x integr);\nCREATE TABLE fine ();\n  CREATE FUNCTION f() RETURNS userz LANGUAGE sql AS '';",
        ),
    ]) else {
        return;
    };
    assert_snapshot!(said, @r#"
    error[statement-failed]: syntax error at or near "user"
     --> a.sql:2:51
      |
    2 | CREATE TABLE orders (id int, buyer int REFERENCES user (id));
      |                                                   ^^^^ 42601
      |
      = note: SQLSTATE 42601
    error[statement-failed]: type "integr" does not exist
     --> b.sql:1:43
      |
    1 | CREATE TABLE users (id int PRIMARY KEY, x integr);
      |                                           ^^^^^^ 42704
      |
      = note: SQLSTATE 42704
      = note: nothing that is declared makes `integr`
    error[statement-failed]: type "userz" does not exist
     --> b.sql:3:3
      |
    3 |   CREATE FUNCTION f() RETURNS userz LANGUAGE sql AS '';
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 42704
      |
      = note: SQLSTATE 42704
      = note: 2 more statements fail because of these
      = help: did you mean `users`?
    "#);
}

#[test]
fn a_syntax_error_in_the_middle_of_a_file() {
    let Some(said) = outcome(&[(
        "a.sql",
        "CREATE TABLE a (id int);\nCREATE TABLE b (\n  id int,,\n  a int\n);\nCREATE TABLE c (id int)\nCREATE TABLE d ();\nCRAETE TABLE e ();",
    )]) else {
        return;
    };
    assert_snapshot!(said, @r#"
    error[statement-failed]: syntax error at or near ","
     --> a.sql:3:10
      |
    3 |   id int,,
      |          ^ 42601
      |
      = note: SQLSTATE 42601
    error[statement-failed]: syntax error at or near "CREATE"
     --> a.sql:7:1
      |
    7 | CREATE TABLE d ();
      | ^^^^^^ 42601
      |
      = note: SQLSTATE 42601
    error[statement-failed]: syntax error at or near "CRAETE"
     --> a.sql:8:1
      |
    8 | CRAETE TABLE e ();
      | ^^^^^^ 42601
      |
      = note: SQLSTATE 42601
    "#);
}

#[test]
fn what_is_declared_twice() {
    let Some(database) = database() else { return };
    let mut all = sources(&[
        (
            "a.sql",
            "CREATE TABLE IF NOT EXISTS users (id int, name text);\nCREATE SCHEMA IF NOT EXISTS public;",
        ),
        ("b.sql", "CREATE TABLE a ();\nCREATE VIEW a AS SELECT 1;"),
    ]);
    all.before = vec![Statement {
        sql: "CREATE TABLE \"users\" (\"id\" integer);".to_owned(),
        place: None,
    }];
    assert_snapshot!(shown(&database.load(&all).unwrap_err()), @r#"
    error[declared-twice]: `users` is there already, so IF NOT EXISTS passes this statement over
     --> a.sql:1:1
      |
    1 | CREATE TABLE IF NOT EXISTS users (id int, name text);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ has no effect
      |
     ::: schema.ts as SQL:1:1
      |
    1 | CREATE TABLE "users" ("id" integer);
      | ----------------------------------- declared here as well
      |
      = help: keep one of the two
    error[statement-failed]: relation "a" already exists
     --> b.sql:2:1
      |
    1 | CREATE TABLE a ();
      | ----------------- declared here as well
    2 | CREATE VIEW a AS SELECT 1;
      | ^^^^^^^^^^^^^^^^^^^^^^^^^ 42P07
      |
      = note: SQLSTATE 42P07
      = help: keep one of the two
    "#);
}

#[test]
fn a_circle() {
    let Some(said) = outcome(&[
        ("a.sql", "CREATE VIEW a AS SELECT * FROM b;"),
        ("b.sql", "CREATE VIEW b AS SELECT * FROM a;"),
    ]) else {
        return;
    };
    assert_snapshot!(said, @r#"
    error[statement-failed]: relation "b" does not exist
     --> a.sql:1:32
      |
    1 | CREATE VIEW a AS SELECT * FROM b;
      |                                ^ 42P01
      |
      = note: SQLSTATE 42P01
      = note: it waits for another statement that waits for this one
    error[statement-failed]: relation "a" does not exist
     --> b.sql:1:32
      |
    1 | CREATE VIEW b AS SELECT * FROM a;
      |                                ^ 42P01
      |
      = note: SQLSTATE 42P01
      = note: it waits for another statement that waits for this one
    "#);
}

#[test]
fn an_extension_that_is_not_there() {
    let Some(database) = database() else { return };
    let mut all = sources(&[(
        "a.sql",
        "CREATE EXTENSION IF NOT EXISTS vectro;\nCREATE TABLE a (x vectro, y mising);\nCREATE TABLE b (x vectro);",
    )]);
    all.engines = vec![
        Engine {
            name: "embedded".to_owned(),
            extensions: vec!["vectro".to_owned()],
        },
        Engine {
            name: "native".to_owned(),
            extensions: Vec::new(),
        },
    ];
    let said = shown(&database.load(&all).unwrap_err());
    let said: Vec<_> = said
        .lines()
        .map(|line| {
            if line.contains("note: it has ") {
                " = note: it has [..]"
            } else {
                line
            }
        })
        .collect();
    assert_snapshot!(said.join("\n"), @r#"
    error[unknown-extension]: the scratch Postgres does not have the extension `vectro`
     --> a.sql:1:32
      |
    1 | CREATE EXTENSION IF NOT EXISTS vectro;
      |                                ^^^^^^
      |
      = note: the native engine does not have it either
     = note: it has [..]
      = note: 2 more statements fail because of this one
      = help: the embedded engine has it: choose it with `engine = "embedded"` under `[scratch]` of driftless.toml
    "#);
}
