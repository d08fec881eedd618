//! `check --database-url`: a live database that somebody changed by hand.

use driftless_testing::Cluster;
use insta::assert_snapshot;

use crate::project::TestProject;
use crate::test_example::race;

/// Ten ways of drifting, and what is said of each.
const DRIFTS: [(&str, &str); 11] = [
    (
        "ALTER TABLE users ADD COLUMN extra text",
        "the database has column users.extra, which no migration makes",
    ),
    (
        "DROP INDEX events_age_idx",
        "the database lacks index events.events_age_idx",
    ),
    (
        "DROP POLICY account_isolation ON projects",
        "the database lacks policy projects.account_isolation",
    ),
    (
        "ALTER TABLE teams NO FORCE ROW LEVEL SECURITY",
        "the database has another table teams",
    ),
    (
        "GRANT SELECT ON users TO PUBLIC",
        "the database has another grants on table users",
    ),
    (
        "CREATE OR REPLACE FUNCTION current_account_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE \
         AS 'SELECT NULL::uuid'",
        "the database has another function current_account_id()",
    ),
    (
        "ALTER TABLE accounts DISABLE TRIGGER touched",
        "the database has another trigger accounts.touched",
    ),
    (
        "ALTER TABLE teams ALTER COLUMN name SET DEFAULT 'x'",
        "the database has another column teams.name",
    ),
    (
        "COMMENT ON TABLE teams IS 'x'",
        "the database has comment on table teams, which no migration makes",
    ),
    (
        "ALTER TABLE projects OWNER TO race",
        "the database has owner of table projects, which no migration makes",
    ),
    (
        "CREATE VIEW seen AS SELECT 1",
        "the database has view seen, which no migration makes",
    ),
];

#[test]
fn every_way_of_drifting_is_named() {
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let project = race();
    let custom = [
        "-C", "apps/api", "generate", "--custom", "--name", "touched",
    ];
    project.succeeds(&custom);
    project.write(
        "apps/api/src/db/migrations/0002_touched.sql",
        "CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
         CREATE TRIGGER touched BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touched();",
    );
    project.succeeds(&["-C", "apps/api", "record"]);
    let name = cluster.new_database();
    let url = cluster.url(&name);
    let project = project.env("DATABASE_URL", &url);
    project.succeeds(&["-C", "apps/api", "migrate"]);
    let check = ["-C", "apps/api", "check", "--database-url", &url];
    project.succeeds(&check);
    for (sql, _) in DRIFTS {
        cluster.databases().run(&name, &format!("{sql};")).unwrap();
    }
    let said = project.run(&check);
    assert!(said.starts_with("exit 1\n"), "{said}");
    for (sql, expected) in DRIFTS {
        assert!(
            said.contains(expected),
            "{sql}: not found: {expected}\n{said}"
        );
    }
}

#[test]
fn what_of_an_object_differs_is_said() {
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let project = TestProject::generated(
        "export const posts = pgTable('posts', { id: integer().primaryKey(), title: text() });",
    );
    let name = cluster.new_database();
    let url = cluster.url(&name);
    let project = project.env("DATABASE_URL", &url);
    project.succeeds(&["migrate"]);
    let by_hand = "ALTER TABLE posts ALTER COLUMN title SET NOT NULL;
                   ALTER TABLE posts FORCE ROW LEVEL SECURITY;";
    cluster.databases().run(&name, by_hand).unwrap();
    assert_snapshot!(project.run(&["check", "--database-url", &url]), @r#"
    exit 1
    --- stdout
    check failed: 2 findings
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from --database-url)
    error[database-differs]: the database has another table posts
     |
     = note: its force row security is true, the migrations make it false
     = note: the database is the odd one out: what is declared and the migrations agree
     = note: what brings the database back:
             ALTER TABLE "posts" NO FORCE ROW LEVEL SECURITY;
     = help: run that SQL, or bring the change into a migration with `driftless generate --custom`

    error[database-differs]: the database has another column posts.title
     |
     = note: its not null is true, the migrations make it false
     = note: the database is the odd one out: what is declared and the migrations agree
     = note: what brings the database back:
             ALTER TABLE "posts" ALTER COLUMN "title" DROP NOT NULL;
     = help: run that SQL, or bring the change into a migration with `driftless generate --custom`
    "#);
}

/// drizzle-orm's documentation puts the ledger there.
#[test]
fn a_ledger_in_public_hides_nothing() {
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let project =
        TestProject::new("export const posts = pgTable('posts', { id: integer().primaryKey() });");
    project.write(
        "drizzle.config.ts",
        "export default { dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle',
           migrations: { schema: 'public', table: 'migrations' },
           dbCredentials: { url: process.env.DATABASE_URL! } };",
    );
    project.succeeds(&["generate", "--name", "first"]);
    let name = cluster.new_database();
    let url = cluster.url(&name);
    let project = project.env("DATABASE_URL", &url);
    project.succeeds(&["migrate"]);
    project.succeeds(&["check", "--database-url", &url]);
    let by_hand = "ALTER TABLE posts ADD COLUMN extra text;";
    cluster.databases().run(&name, by_hand).unwrap();
    assert_snapshot!(project.run(&["check", "--database-url", &url, "--format", "concise"]), @"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from --database-url)
    error[database-differs]: the database has column posts.extra, which no migration makes
    ");
}

#[test]
fn what_is_not_known_is_an_error_until_somebody_looks_after_it() {
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let project = TestProject::generated(
        "export const posts = pgTable('posts', { id: integer().primaryKey() });",
    );
    let name = cluster.new_database();
    let url = cluster.url(&name);
    let project = project.env("DATABASE_URL", &url);
    project.succeeds(&["migrate"]);
    // A type that only has a name.
    cluster
        .databases()
        .run(&name, "CREATE TYPE shell;")
        .unwrap();
    let check = ["check", "--database-url", &url];
    assert_snapshot!(project.run(&check), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from --database-url)
    error[unmodelled]: type public.shell of the database is not compared: Driftless does not know such objects
     |
     = help: look after it yourself, and say so in driftless.toml: accept_unmodelled = ["type public.shell"] under [database]
    "#);
    project.write(
        "driftless.toml",
        "[database]\naccept_unmodelled = [\"type public.shell\", \"type gone\"]\n",
    );
    assert_snapshot!(project.run(&check), @r#"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from --database-url)
    warning[unused-waiver]: nothing unmodelled is called `type gone`
     --> driftless.toml:2:43
      |
    2 | accept_unmodelled = ["type public.shell", "type gone"]
      |                                           ^^^^^^^^^^^
      |
      = help: remove it
    "#);
}
