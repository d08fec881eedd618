//! SQL files beside schema.ts: what they declare, what they speak for, and what they leave alone.

use insta::assert_snapshot;

use crate::project::TestProject;

const POSTS: &str =
    "export const posts = pgTable('posts', { id: integer().primaryKey(), title: text() });";

/// A project with a table in schema.ts that is told of SQL files; none where scratch is not quick to
/// start.
fn beside(project: fn(&str) -> TestProject) -> Option<TestProject> {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return None;
    }
    let project = project(POSTS);
    project.write(
        "driftless.toml",
        "schema = ['src/schema.ts', 'sql/*.sql']\n",
    );
    Some(project)
}

#[test]
fn sql_files_declare_what_schema_ts_cannot() {
    let Some(project) = beside(TestProject::new) else {
        return;
    };
    // In the order of the names nothing of it would load.
    project.write(
        "sql/a.sql",
        "CREATE POLICY own ON posts USING (id = me());\nALTER TABLE posts ENABLE ROW LEVEL SECURITY;\n\
         GRANT SELECT ON posts TO app;\n",
    );
    project.write(
        "sql/b.sql",
        "CREATE ROLE app;\nCREATE FUNCTION me() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1 -- me';\n",
    );
    project.succeeds(&["generate", "--name", "first"]);
    assert_snapshot!(project.read("drizzle/0000_first.sql"), @r#"
    CREATE ROLE "app";--> statement-breakpoint
    CREATE FUNCTION "public"."me"()
    RETURNS integer
    LANGUAGE "sql"
    STABLE
    AS $$SELECT 1 -- me$$;--> statement-breakpoint
    CREATE TABLE "posts" (
    	"id" integer NOT NULL PRIMARY KEY,
    	"title" text
    );--> statement-breakpoint
    ALTER TABLE "posts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
    CREATE POLICY "own" ON "posts" AS PERMISSIVE FOR ALL TO public USING ((id = public.me()));--> statement-breakpoint
    GRANT SELECT ON TABLE "posts" TO "app";
    "#);
    project.succeeds(&["check"]);
    project.write("sql/b.sql", "CREATE ROLE app;\nCREATE FUNCTION me() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';\n");
    let said = project.run(&["check"]);
    assert!(
        said.contains("function me() is declared otherwise than the migrations make it"),
        "{said}"
    );
    project.write("sql/c.sql", "GRANT SELECT ON nothing TO app;\n");
    let said = project.run(&["check"]);
    assert!(said.contains("sql/c.sql:1"), "{said}");
    assert!(
        said.contains("relation \"nothing\" does not exist"),
        "{said}"
    );
}

#[test]
fn the_last_of_a_kind_goes_with_its_declaration() {
    let Some(project) = beside(TestProject::new) else {
        return;
    };
    project.write(
        "sql/a.sql",
        "CREATE VIEW titles AS SELECT title FROM posts;\n",
    );
    project.write(
        "sql/b.sql",
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n",
    );
    project.succeeds(&["generate", "--name", "first"]);
    project.succeeds(&["check"]);
    project.remove("sql/b.sql");
    let said = project.run(&["check"]);
    assert!(
        said.contains("DROP FUNCTION \"public\".\"one\"();"),
        "{said}"
    );
    project.succeeds(&["generate", "--name", "no_function"]);
    assert_snapshot!(project.read("drizzle/0001_no_function.sql"), @r#"DROP FUNCTION "public"."one"();"#);
    project.succeeds(&["check"]);
    // What a migration makes by hand is nobody's declaration, now as before.
    project.succeeds(&["generate", "--custom", "--name", "by_hand"]);
    project.write(
        "drizzle/0002_by_hand.sql",
        "CREATE FUNCTION two() RETURNS integer LANGUAGE sql AS 'SELECT 2';\n",
    );
    project.succeeds(&["record"]);
    project.succeeds(&["check"]);
    // The last SQL file goes as well.
    project.remove("sql/a.sql");
    project.remove("driftless.toml");
    let said = project.run(&["check"]);
    assert!(said.contains("DROP VIEW \"public\".\"titles\";"), "{said}");
    project.succeeds(&["generate", "--name", "no_view"]);
    assert_snapshot!(project.read("drizzle/0003_no_view.sql"), @r#"DROP VIEW "public"."titles";"#);
    project.succeeds(&["check", "--replay"]);
}

#[test]
fn sql_files_say_nothing_of_what_they_do_not_mention() {
    let Some(project) = beside(TestProject::generated) else {
        return;
    };
    project.succeeds(&["generate", "--custom", "--name", "secured"]);
    project.write(
        "drizzle/0001_secured.sql",
        "ALTER TABLE posts ENABLE ROW LEVEL SECURITY;\n\
         ALTER TABLE posts FORCE ROW LEVEL SECURITY;\n\
         ALTER TABLE posts ALTER COLUMN title SET STATISTICS 500;\n\
         CREATE INDEX by_hand ON posts (title);\n\
         CREATE TABLE by_hand_too (id integer);\n",
    );
    project.succeeds(&["record"]);
    // A function is declared in SQL, and that is all.
    let one = "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n";
    project.write("sql/a.sql", one);
    project.succeeds(&["generate", "--name", "function"]);
    assert_snapshot!(project.read("drizzle/0002_function.sql"), @r#"
    CREATE FUNCTION "public"."one"()
    RETURNS integer
    LANGUAGE "sql"
    AS $$SELECT 1$$;
    "#);
    // Once they do, they say it all, and what they say no more is taken back.
    project.write(
        "sql/a.sql",
        &format!("{one}ALTER TABLE posts SET (fillfactor = 70);\nALTER TABLE posts ENABLE ROW LEVEL SECURITY;\n"),
    );
    project.succeeds(&["generate", "--name", "said", "--allow", "row-security-off"]);
    assert_snapshot!(project.read("drizzle/0003_said.sql"), @r#"
    ALTER TABLE "posts" SET (fillfactor = 70);--> statement-breakpoint
    -- driftless: hazard row-security-off: row security of posts changes: policies no longer apply to its owner
    ALTER TABLE "posts" NO FORCE ROW LEVEL SECURITY;
    "#);
    project.write("sql/a.sql", one);
    assert_snapshot!(project.run(&["generate", "--name", "unsaid"]), @"
    exit 2
    --- stdout
      ~ table posts
    --- stderr
    proven in scratch: after it, the migrations make what is declared
    error[hazard-not-allowed]: the migration was not written: it has 1 hazard that nobody has allowed
     |
     = note: row-security-off: row security of posts changes: policies no longer apply: every role with a grant sees every row
     = help: if that is what you want, add --allow row-security-off
    ");
    project.succeeds(&[
        "generate",
        "--name",
        "unsaid",
        "--allow",
        "row-security-off",
    ]);
    project.succeeds(&["check"]);
}
