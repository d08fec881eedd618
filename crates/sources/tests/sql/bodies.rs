//! Bodies of functions are looked at when everything is there.

use crate::support::outcome;
use insta::assert_snapshot;

#[test]
fn functions_that_call_each_other_and_a_view_of_one() {
    let Some(said) = outcome(&[(
        "a.sql",
        "CREATE FUNCTION even(n int) RETURNS bool LANGUAGE sql AS $$ SELECT n = 0 OR odd(n - 1) FROM numbers $$;\n\
         CREATE FUNCTION odd(n int) RETURNS bool LANGUAGE sql AS $$ SELECT n <> 0 AND even(n - 1) $$;\n\
         CREATE VIEW numbers AS SELECT even(1);",
    )]) else {
        return;
    };
    assert_snapshot!(said, @r"
    a.sql: CREATE FUNCTION even(n int) RETURNS bool LANGUAGE sql AS $$ SELECT n = 0 OR odd(n - 1) FROM numbers $$
    a.sql: CREATE FUNCTION odd(n int) RETURNS bool LANGUAGE sql AS $$ SELECT n <> 0 AND even(n - 1) $$
    a.sql: CREATE VIEW numbers AS SELECT even(1)
    rounds: 1
    ");
}

#[test]
fn a_body_that_mentions_what_is_not_there() {
    let Some(said) = outcome(&[
        (
            "a.sql",
            "-- first\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql\nSET search_path = app AS $$\n  SELECT count(*)\n  FROM mine JOIN missing USING (id)\n$$;\nCREATE TABLE app.mine (id int);\nCREATE SCHEMA app;",
        ),
        (
            "b.sql",
            "CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1\nEND $$;\nCREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT ''x''';\n",
        ),
        (
            "c.sql",
            "SET check_function_bodies = off;\nCREATE FUNCTION k() RETURNS int LANGUAGE sql AS 'SELECT later()';",
        ),
    ]) else {
        return;
    };
    assert_snapshot!(said, @r#"
    error[statement-failed]: relation "missing" does not exist
     --> a.sql:5:18
      |
    5 |   FROM mine JOIN missing USING (id)
      |                  ^^^^^^^ 42P01
      |
      = note: SQLSTATE 42P01
    error[statement-failed]: syntax error at end of input
     --> b.sql:4:5
      |
    4 | END $$;
      |     ^ 42601
      |
      = note: SQLSTATE 42601
    error[statement-failed]: return type mismatch in function declared to return integer
     --> b.sql:5:1
      |
    5 | CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT ''x''';
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 42P13
      |
      = note: SQLSTATE 42P13
      = note: detail: Actual return type is text.
      = note: context: SQL function "h"
    "#);
}
