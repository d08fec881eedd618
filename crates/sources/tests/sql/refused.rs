//! Statements that declare nothing.

use crate::support::{shown, sources};
use insta::assert_snapshot;

fn refused(files: &[(&str, &str)]) -> String {
    sources(files)
        .check()
        .map_or_else(|failure| shown(&failure), |()| "nothing".to_owned())
}

#[test]
fn by_name_and_place() {
    assert_snapshot!(refused(&[
        ("a.sql", "BEGIN;\nCREATE TABLE a ();\n  INSERT INTO a\n  SELECT;\nSELECT setval('s', 1);\nCOMMIT;"),
        ("b.sql", "DROP TABLE IF EXISTS a;\nDROP TABLE a;\nALTER TABLE a RENAME TO b;\nSET ROLE x;\nSET work_mem = '1MB';\nCREATE TEMP TABLE t ();"),
        ("c.sql", "\\restrict x\n\\set x 1\nCREATE TABLE a ();\n\\unrestrict x\n"),
        ("d.sql", "COPY a (b) FROM stdin;\n1 'x\n\\.\n\nCREATE TABLE b ();"),
        ("e.sql", "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1;\n"),
        ("f.sql", "CREATE DATABASE d;\nCREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p;\nREFRESH MATERIALIZED VIEW m;"),
    ]), @r"
    error[not-declarative]: BEGIN has no place in a declared schema: statements are run one by one, in an order that Driftless works out
     --> a.sql:1:1
      |
    1 | BEGIN;
      | ^^^^^
      |
      = help: take it out
    error[not-declarative]: INSERT has no place in a declared schema: it works on rows, and a declared schema has none
     --> a.sql:3:3
      |
    3 |   INSERT INTO a
      |   ^^^^^^^^^^^^^
      |
      = help: move it into a migration: `driftless generate --custom`
    error[not-declarative]: SELECT has no place in a declared schema: it works on rows, and a declared schema has none
     --> a.sql:5:1
      |
    5 | SELECT setval('s', 1);
      | ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: move it into a migration: `driftless generate --custom`
    error[not-declarative]: COMMIT has no place in a declared schema: statements are run one by one, in an order that Driftless works out
     --> a.sql:6:1
      |
    6 | COMMIT;
      | ^^^^^^
      |
      = help: take it out
    error[not-declarative]: DROP TABLE has no place in a declared schema: a declared schema says what is there
     --> b.sql:2:1
      |
    2 | DROP TABLE a;
      | ^^^^^^^^^^^^
      |
      = help: take it out: what no file declares is dropped by the next migration; `DROP ... IF EXISTS` is passed over
    error[not-declarative]: ALTER ... RENAME has no place in a declared schema: a declared schema says what is there, not how it came about
     --> b.sql:3:1
      |
    3 | ALTER TABLE a RENAME TO b;
      | ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the new name where the object is created; `generate --rename old=new` keeps its rows
    error[not-declarative]: SET ROLE has no place in a declared schema: who runs a statement is not part of a declared schema
     --> b.sql:4:1
      |
    4 | SET ROLE x;
      | ^^^^^^^^^^
      |
      = help: say who owns an object with `ALTER ... OWNER TO`
    error[not-declarative]: SET WORK_MEM has no place in a declared schema: the setting `work_mem` would hold for one session alone
     --> b.sql:5:1
      |
    5 | SET work_mem = '1MB';
      | ^^^^^^^^^^^^^^^^^^^^
      |
      = help: take it out; `ALTER ROLE ... SET` and `ALTER FUNCTION ... SET` declare settings
    error[not-declarative]: CREATE TEMPORARY has no place in a declared schema: what it makes ends with the session
     --> b.sql:6:1
      |
    6 | CREATE TEMP TABLE t ();
      | ^^^^^^^^^^^^^^^^^^^^^^
    error[psql-command]: `\set` is a command of psql, which the server does not know
     --> c.sql:2:1
      |
    2 | \set x 1
      | ^^^^
      |
      = help: write it as SQL; data for COPY as INSERT statements
    error[not-declarative]: COPY has no place in a declared schema: it works on rows, and a declared schema has none
     --> d.sql:1:1
      |
    1 | COPY a (b) FROM stdin;
      | ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: move it into a migration: `driftless generate --custom`
    error[unterminated]: this dollar-quoted string never ends
     --> e.sql:1:36
      |
    1 | CREATE FUNCTION f() RETURNS int AS $$ SELECT 1;
      |                                    ^^^^^^^^^^^^ begins here
    error[not-declarative]: CREATE DATABASE has no place in a declared schema: it is about the server, not about one database
     --> f.sql:1:1
      |
    1 | CREATE DATABASE d;
      | ^^^^^^^^^^^^^^^^^
    error[not-declarative]: CREATE SUBSCRIPTION has no place in a declared schema: it connects to another server
     --> f.sql:2:1
      |
    2 | CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p;
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add `WITH (connect = false)`
    error[not-declarative]: REFRESH MATERIALIZED has no place in a declared schema: it works on rows, and a declared schema has none
     --> f.sql:3:1
      |
    3 | REFRESH MATERIALIZED VIEW m;
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: take it out
    ");
}

#[test]
fn what_is_harmless_passes() {
    assert_snapshot!(refused(&[(
        "dump.sql",
        "\\restrict abc\nSET statement_timeout = 0;\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\nSELECT pg_catalog.set_config('search_path', '', false);\nSET xmloption = content;\nSET default_tablespace = '';\nDROP TRIGGER IF EXISTS t ON a;\n\\unrestrict abc\n",
    )]), @"nothing");
}
