//! The order that is found.

use crate::support::{database, order, outcome, sources};
use driftless_sources::sql::Statement;
use insta::assert_snapshot;

#[test]
fn files_and_statements_in_any_order() {
    let Some(said) = outcome(&[
        (
            "a_views.sql",
            "CREATE VIEW app.big AS SELECT o.id, app.price(o.id) AS price FROM app.orders o;\nCREATE INDEX ON app.orders (buyer);",
        ),
        (
            "b_tables.sql",
            "CREATE TABLE app.orders (id int PRIMARY KEY, buyer int REFERENCES app.users, mood mood DEFAULT 'fine');\n\
             CREATE TABLE app.users (id int PRIMARY KEY, orders int);",
        ),
        (
            "c_rest.sql",
            "CREATE FUNCTION app.price(id int) RETURNS int LANGUAGE sql STABLE AS $$ SELECT count(*)::int FROM app.big $$;\n\
             CREATE TYPE mood AS ENUM ('fine', 'bad');\nCREATE SCHEMA app;",
        ),
    ]) else {
        return;
    };
    assert_snapshot!(said, @r"
    c_rest.sql: CREATE SCHEMA app
    b_tables.sql: CREATE TABLE app.users (id int PRIMARY KEY, orders int)
    c_rest.sql: CREATE FUNCTION app.price(id int) RETURNS int LANGUAGE sql STABLE AS $$ SELECT count(*)::int FROM app.big $$
    c_rest.sql: CREATE TYPE mood AS ENUM ('fine', 'bad')
    b_tables.sql: CREATE TABLE app.orders (id int PRIMARY KEY, buyer int REFERENCES app.users, mood mood DEFAULT 'fine')
    a_views.sql: CREATE VIEW app.big AS SELECT o.id, app.price(o.id) AS price FROM app.orders o
    a_views.sql: CREATE INDEX ON app.orders (buyer)
    rounds: 1
    ");
}

#[test]
fn what_no_word_tells_is_found_by_trying() {
    let Some(said) = outcome(&[
        (
            "a.sql",
            "CREATE VIEW sums AS SELECT point(1, 1) === point(1, 1) AS same;",
        ),
        (
            "b.sql",
            "CREATE OPERATOR === (LEFTARG = point, RIGHTARG = point, FUNCTION = same);\n\
             CREATE FUNCTION same(point, point) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 ~= $2';",
        ),
    ]) else {
        return;
    };
    assert_snapshot!(said, @r"
    b.sql: CREATE FUNCTION same(point, point) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 ~= $2'
    b.sql: CREATE OPERATOR === (LEFTARG = point, RIGHTARG = point, FUNCTION = same)
    a.sql: CREATE VIEW sums AS SELECT point(1, 1) === point(1, 1) AS same
    rounds: 3
    ");
}

#[test]
fn a_policy_a_role_and_grants() {
    let Some(database) = database() else { return };
    let loaded = database
        .load(&sources(&[
            (
                "grants.sql",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO sql_reader;\nREVOKE SELECT ON secret FROM sql_reader;\nALTER TABLE docs OWNER TO sql_owner;",
            ),
            (
                "policies.sql",
                "ALTER TABLE docs ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON docs TO sql_reader USING (owner = current_user);",
            ),
            (
                "roles.sql",
                "DO $$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sql_reader') THEN CREATE ROLE sql_reader; END IF;\nEND $$;\nCREATE ROLE sql_owner;",
            ),
            ("tables.sql", "CREATE TABLE docs (owner name);\nCREATE TABLE secret ();"),
        ]))
        .unwrap();
    assert_snapshot!(order(&loaded), @r"
    roles.sql: CREATE ROLE sql_owner
    roles.sql: DO $$ BEGIN
    tables.sql: CREATE TABLE docs (owner name)
    grants.sql: ALTER TABLE docs OWNER TO sql_owner
    policies.sql: ALTER TABLE docs ENABLE ROW LEVEL SECURITY
    policies.sql: CREATE POLICY own ON docs TO sql_reader USING (owner = current_user)
    tables.sql: CREATE TABLE secret ()
    grants.sql: GRANT SELECT ON ALL TABLES IN SCHEMA public TO sql_reader
    grants.sql: REVOKE SELECT ON secret FROM sql_reader
    rounds: 1
    ");
    assert_eq!(
        database.asked("select has_table_privilege('sql_reader', 'docs', 'select'), has_table_privilege('sql_reader', 'secret', 'select')"),
        "t, f"
    );
}

#[test]
fn default_privileges_are_there_before_what_other_files_create() {
    let Some(database) = database() else { return };
    let loaded = database
        .load(&sources(&[
            ("a.sql", "CREATE TABLE early ();"),
            (
                "b.sql",
                "CREATE ROLE sql_default;\nCREATE TABLE mine ();\nALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO sql_default;\nCREATE TABLE late ();",
            ),
        ]))
        .unwrap();
    assert_snapshot!(order(&loaded), @r"
    b.sql: CREATE ROLE sql_default
    b.sql: CREATE TABLE mine ()
    b.sql: ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO sql_default
    a.sql: CREATE TABLE early ()
    b.sql: CREATE TABLE late ()
    rounds: 1
    ");
    let asked = |table: &str| {
        database.asked(&format!(
            "select has_table_privilege('sql_default', '{table}', 'select')"
        ))
    };
    assert_eq!(
        [asked("early"), asked("mine"), asked("late")],
        ["t", "f", "t"]
    );
}

#[test]
fn settings_hold_in_their_file_alone() {
    let Some(database) = database() else { return };
    let loaded = database
        .load(&sources(&[
            (
                "a.sql",
                "SET search_path = app, public;\nSET statement_timeout = 0;\nCREATE TABLE one (id int);\nRESET search_path;\nCREATE TABLE three ();",
            ),
            ("b.sql", "CREATE TABLE two ();\nCREATE SCHEMA app;"),
            ("c.sql", "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE VIEW app.v AS SELECT * FROM app.one;"),
        ]))
        .unwrap();
    assert_snapshot!(order(&loaded), @r"
    b.sql: CREATE SCHEMA app
    a.sql: CREATE TABLE one (id int)
    a.sql: CREATE TABLE three ()
    b.sql: CREATE TABLE two ()
    c.sql: CREATE VIEW app.v AS SELECT * FROM app.one
    rounds: 1
    ");
    assert_eq!(
        database.asked("select string_agg(n.nspname || '.' || relname, ' ' order by relname) from pg_class c join pg_namespace n on n.oid = relnamespace where c.oid >= 16384 and relkind = 'r'"),
        "app.one public.three public.two"
    );
}

#[test]
fn an_empty_file_comments_a_mark_and_other_line_endings() {
    let Some(database) = database() else { return };
    let files = [
        ("comments.sql", "-- nothing\r\n/* at all */;;\r\n"),
        ("empty.sql", ""),
        (
            "windows.sql",
            "\u{feff}-- a table\r\nCREATE TABLE t (\r\n  id int -- its number\r\n);\r\nCREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\r\n  SELECT 'x'\r\n$$;\r\n",
        ),
    ];
    let loaded = database.load(&sources(&files)).unwrap();
    assert_snapshot!(order(&loaded), @r"
    windows.sql: CREATE TABLE t (
    windows.sql: CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$
    rounds: 1
    ");
    assert_eq!(
        database.asked("select prosrc from pg_proc where proname = 'f'"),
        "\n  SELECT 'x'\n"
    );
    let unix = files.map(|(path, text)| (path, text.replace(['\r', '\u{feff}'], "")));
    let unix: Vec<_> = unix
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    assert_eq!(sources(&files).hash(), sources(&unix).hash());
    assert_ne!(sources(&files).hash(), sources(&unix[..1]).hash());
}

#[test]
fn statements_of_schema_ts_and_files_need_each_other() {
    let Some(database) = database() else { return };
    let mut all = sources(&[(
        "more.sql",
        "CREATE POLICY p ON users USING (app_ok(id));\nCREATE FUNCTION app_ok(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';",
    )]);
    all.before = [
        "CREATE TABLE \"users\" (\"id\" integer, CHECK (app_ok(id)));",
        "CREATE INDEX \"i\" ON \"users\" (\"id\");",
    ]
    .map(|sql| Statement {
        sql: sql.to_owned(),
        place: None,
    })
    .to_vec();
    assert_snapshot!(order(&database.load(&all).unwrap()), @r#"
    more.sql: CREATE FUNCTION app_ok(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'
    schema.ts as SQL: CREATE TABLE "users" ("id" integer, CHECK (app_ok(id)))
    schema.ts as SQL: CREATE INDEX "i" ON "users" ("id")
    more.sql: CREATE POLICY p ON users USING (app_ok(id))
    rounds: 1
    "#);
}

#[test]
fn event_triggers_come_last() {
    let Some(said) = outcome(&[
        (
            "a.sql",
            "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION deny();\nCOMMENT ON EVENT TRIGGER e IS 'no';",
        ),
        (
            "b.sql",
            "CREATE FUNCTION deny() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;\nCREATE TABLE t ();",
        ),
    ]) else {
        return;
    };
    assert_snapshot!(said, @r"
    b.sql: CREATE FUNCTION deny() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$
    b.sql: CREATE TABLE t ()
    a.sql: CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION deny()
    a.sql: COMMENT ON EVENT TRIGGER e IS 'no'
    rounds: 1
    ");
}

#[test]
fn a_thousand_tables_in_one_round() {
    let Some(database) = database() else { return };
    let tables: Vec<_> = (0..500)
        .map(|n| {
            format!(
                "CREATE TABLE t{n} (id int PRIMARY KEY, next int REFERENCES t{} (id));",
                n + 1
            )
        })
        .collect();
    let views: Vec<_> = (0..500)
        .map(|n| format!("CREATE VIEW v{n} AS SELECT * FROM t{n};"))
        .collect();
    let files = [
        ("a.sql", views.join("\n")),
        ("b.sql", tables.join("\n")),
        (
            "c.sql",
            "CREATE TABLE t500 (id int PRIMARY KEY);".to_owned(),
        ),
    ];
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    let started = std::time::Instant::now();
    let loaded = database.load(&sources(&files)).unwrap();
    println!("1001 statements in {:?}", started.elapsed());
    assert_eq!((loaded.statements.len(), loaded.rounds), (1001, 1));
}
