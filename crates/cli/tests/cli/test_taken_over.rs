//! What other hands have made: another tool's renames, a provider's schemas, keys of indexes as people
//! write them.

use insta::assert_snapshot;

use crate::project::TestProject;

fn is_possible() -> bool {
    let there = driftless_testing::binaries().is_some();
    if !there {
        println!("skipped: no Postgres on this machine");
    }
    there
}

#[test]
fn names_that_nobody_chose_stay_after_a_rename_of_the_table_alone() {
    if !is_possible() {
        return;
    }
    let users = "export const users = pgTable('users', { id: serial().primaryKey() });";
    let project = TestProject::generated(users);
    project.succeeds(&["generate", "--custom", "--name", "renamed"]);
    project.write(
        "drizzle/0001_renamed.sql",
        "ALTER TABLE \"users\" RENAME TO \"people\";",
    );
    project.succeeds(&["record"]);
    project.schema(&users.replace("'users'", "'people'"));
    assert_snapshot!(project.run(&["snapshot"]), @"
    exit 0
    --- stdout
    wrote drizzle/meta/0001_snapshot.json: it says what the migrations make
    ");
    project.succeeds(&["check", "--replay"]);
    project.schema(
        "export const users = pgTable('people', { id: serial().primaryKey(), a: text() });",
    );
    project.succeeds(&["generate", "--prove", "--name", "a"]);
    assert_snapshot!(project.read("drizzle/0002_a.sql"), @r#"ALTER TABLE "people" ADD COLUMN "a" text;"#);
}

const PROFILES: &str = "import { uuid, pgPolicy } from 'drizzle-orm/pg-core';
import { authUsers, authenticatedRole } from 'drizzle-orm/supabase';
import { sql } from 'drizzle-orm';
export const profiles = pgTable('profiles', {
  id: uuid().primaryKey().references(() => authUsers.id),
}, () => [
  pgPolicy('own', { for: 'select', to: authenticatedRole, using: sql`id = (select auth.uid())` }),
]);";

#[test]
fn what_a_provider_makes_is_set_up_in_scratch() {
    if !is_possible() {
        return;
    }
    let project = TestProject::generated(PROFILES);
    assert_snapshot!(project.run(&["check", "--replay"]), @r#"
    exit 1
    --- stderr
    error[statement-failed]: `0000_first` was rolled back: schema "auth" does not exist
     --> drizzle/0000_first.sql:5:1
      |
    5 | ALTER TABLE "profiles" ADD CONSTRAINT "profiles_id_users_id_fk" FOREIGN KEY ("id") REFERENCES "auth"."users"("id") ON DELETE no action ON UPDATE no action;--...
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 3F000
      |
      = note: SQLSTATE 3F000
      = note: statement 3 of 4
      = help: where a provider makes it, say so in a file that `setup` under [scratch] in driftless.toml names
    "#);
    project.write(
        "scratch.sql",
        "CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
GRANT USAGE ON SCHEMA auth TO provided_reader;
",
    );
    project.write("driftless.toml", "[scratch]\nsetup = ['scratch.sql']\n");
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    ");
    project.write("scratch.sql", "SELECT 1/0;\n");
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 1
    --- stderr
    error[query-failed]: setting up scratch Postgres failed: division by zero
     |
     = note: SQLSTATE 22012
     = note: in scratch.sql, which driftless.toml names
     = help: correct the file: it is run in every throwaway database, before all else
    ");
    project.write("driftless.toml", "[scratch]\nsetup = ['nothing.sql']\n");
    assert_snapshot!(project.run(&["check", "--replay"]), @"
    exit 1
    --- stderr
    error[setup-not-found]: `nothing.sql` of `scratch.setup` matches no SQL file
     --> driftless.toml:2:10
      |
    2 | setup = ['nothing.sql']
      |          ^^^^^^^^^^^^^
      |
      = help: correct the path; it is relative to the project's directory
    ");
}

#[test]
fn keys_of_an_index_are_written_as_people_write_them() {
    let project = TestProject::generated(
        "import { sql } from 'drizzle-orm';
export const t = pgTable('t', { id: serial().primaryKey(), a: text(), at: timestamp() }, (t) => [
  index('class').on(sql`${t.a} text_pattern_ops`),
  index('order').on(t.a, sql`${t.at} DESC NULLS LAST`),
  index('both').on(sql`lower(${t.a}) text_pattern_ops, ${t.at}`),
  index('expression').on(sql`${t.a} || ${t.id}::text`),
]);",
    );
    assert_snapshot!(project.read("drizzle/0000_first.sql"), @r#"
    CREATE TABLE "t" (
    	"id" serial NOT NULL PRIMARY KEY,
    	"a" text,
    	"at" timestamp
    );--> statement-breakpoint
    CREATE INDEX "both" ON "t" USING btree (lower("a") text_pattern_ops, "at");--> statement-breakpoint
    CREATE INDEX "class" ON "t" USING btree ("a" text_pattern_ops);--> statement-breakpoint
    CREATE INDEX "expression" ON "t" USING btree (("a" || "id"::text));--> statement-breakpoint
    CREATE INDEX "order" ON "t" USING btree ("a", "at" DESC NULLS LAST);
    "#);
}

#[test]
fn a_policy_that_asks_another_table_gives_way_to_its_columns() {
    let members = "import { bigint, pgPolicy } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const members = pgTable('members', { org: integer(), level: integer() });
export const orgs = pgTable('orgs', { id: integer().primaryKey() }, () => [
  pgPolicy('read', { using: sql`exists (select 1 from members m where m.org = id and m.level > 1)` }),
]);";
    let project = TestProject::generated(members);
    project.schema(&members.replace("level: integer()", "level: bigint({ mode: 'number' })"));
    project.succeeds(&["generate", "--name", "big", "--allow", "table-rewrite"]);
    assert_snapshot!(project.read("drizzle/0001_big.sql"), @r#"
    DROP POLICY "read" ON "orgs";--> statement-breakpoint
    -- driftless: hazard table-rewrite: every row of members is rewritten
    ALTER TABLE "members" ALTER COLUMN "level" SET DATA TYPE bigint USING "level"::bigint;--> statement-breakpoint
    CREATE POLICY "read" ON "orgs" AS PERMISSIVE FOR ALL TO public USING (exists (select 1 from members m where m.org = id and m.level > 1));
    "#);
}

#[test]
fn a_snapshot_that_postgres_does_not_take_is_no_fault_of_the_schema() {
    if !is_possible() {
        return;
    }
    let schema = "import { pgView } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const t = pgTable('t', { id: integer() });
export const v = pgView('v', { id: integer() }).as(sql`select id from t where id > 1`);";
    let project = TestProject::generated(schema);
    // As drizzle-kit writes a value of a query, whose file somebody has mended.
    project.edit("drizzle/meta/0000_snapshot.json", "id > 1", "id > $1");
    project.remove("drizzle/meta/_driftless.json");
    project.schema(&schema.replace("{ id: integer() });", "{ id: integer(), a: text() });"));
    project.succeeds(&["generate", "--prove", "--name", "a"]);
    assert_snapshot!(project.read("drizzle/0001_a.sql"), @r#"ALTER TABLE "t" ADD COLUMN "a" text;"#);
}
