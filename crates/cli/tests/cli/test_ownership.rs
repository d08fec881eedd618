//! What goes because schema.ts declares it no more, and what stays because a migration made it by
//! hand: `generate` with its proof, and `check --replay` behind it.

use insta::assert_snapshot;

use crate::project::TestProject;

const IMPORTS: &str =
    "import { pgMaterializedView, pgPolicy, pgSequence, pgView } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
";

const TABLE: &str = "export const t = pgTable('t', { id: integer().primaryKey(), a: integer() });";

/// The project is generated with one schema; with the other, this is what `generate` writes.
#[track_caller]
fn written(from: &str, by_hand: Option<&str>, to: &str, flags: &[&str]) -> Option<String> {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return None;
    }
    let project = TestProject::generated(&format!("{IMPORTS}{from}"));
    if let Some(sql) = by_hand {
        project.succeeds(&["generate", "--custom", "--name", "by_hand"]);
        project.write("drizzle/0001_by_hand.sql", sql);
        project.succeeds(&["record"]);
    }
    project.schema(&format!("{IMPORTS}{to}"));
    let mut args = vec!["generate", "--prove", "--name", "next"];
    args.extend(flags);
    let told = project.run(&args);
    let number = if by_hand.is_some() { 2 } else { 1 };
    let path = format!("drizzle/000{number}_next.sql");
    if !project.path().join(&path).exists() {
        return Some(told);
    }
    let checked = project.run(&["check", "--replay"]);
    assert!(checked.starts_with("exit 0"), "{checked}");
    Some(project.read(&path))
}

#[test]
fn the_last_of_a_kind_goes_when_it_is_declared_no_more() {
    let cases = [
        (
            "export const v = pgView('v', { a: integer() }).as(sql`select a from t`);",
            &[][..],
        ),
        (
            "export const m = pgMaterializedView('m', { a: integer() }).as(sql`select a from t`);",
            &[],
        ),
        ("export const e = pgEnum('e', ['x']);", &[]),
        (
            "export const s = pgSequence('s');",
            &["--allow", "drop-sequence"],
        ),
        (
            "export const sc = pgSchema('sc');",
            &["--allow", "drop-schema"],
        ),
        (
            "export const p = pgPolicy('p', { using: sql`true` }).link(t);",
            &["--allow", "row-security-off"],
        ),
    ];
    let mut all = String::new();
    for (declaration, flags) in cases {
        let from = format!("{TABLE}\n{declaration}");
        let Some(sql) = written(&from, None, TABLE, flags) else {
            return;
        };
        all += sql.trim();
        all.push('\n');
    }
    assert_snapshot!(all, @r#"
    DROP VIEW "public"."v";
    -- driftless: hazard drop-materialized-view: materialized view m and its rows are dropped
    DROP MATERIALIZED VIEW "public"."m";
    DROP TYPE "public"."e";
    -- driftless: hazard drop-sequence: sequence s and its position are dropped
    DROP SEQUENCE "public"."s";
    -- driftless: hazard drop-schema: schema sc is dropped
    DROP SCHEMA "sc";
    -- driftless: hazard row-security: policy p of t is dropped: roles see and write other rows than before
    DROP POLICY "p" ON "t";--> statement-breakpoint
    -- driftless: hazard row-security-off: row security of t changes: policies no longer apply: every role with a grant sees every row
    ALTER TABLE "t" DISABLE ROW LEVEL SECURITY;
    "#);
}

#[test]
fn what_a_migration_made_by_hand_stays() {
    let by_hand = "CREATE VIEW by_hand AS SELECT a FROM t;
CREATE INDEX by_hand_index ON t (a);
ALTER TABLE t ADD CONSTRAINT by_hand_check CHECK (a > 0);
CREATE POLICY by_hand_policy ON t AS RESTRICTIVE USING (true);
CREATE TABLE by_hand_table (id bigserial PRIMARY KEY, note text);
CREATE TYPE by_hand_enum AS ENUM ('x');
CREATE MATERIALIZED VIEW by_hand_rows AS SELECT a FROM t;
CREATE INDEX by_hand_rows_index ON by_hand_rows (a);
";
    let others = "export const v = pgView('v', { a: integer() }).as(sql`select a from t`);
export const e = pgEnum('e', ['x']);
export const p = pgPolicy('p', { using: sql`true` }).link(t);
export const m = pgMaterializedView('m', { a: integer() }).as(sql`select a from t`);
";
    let from = format!("{TABLE}\n{others}");
    let to = from.replace(
        "a: integer() });\nexport const v",
        "a: integer(), b: integer() });\nexport const v",
    );
    let Some(sql) = written(&from, Some(by_hand), &to, &[]) else {
        return;
    };
    assert_snapshot!(sql, @r#"ALTER TABLE "t" ADD COLUMN "b" integer;"#);
}

#[test]
fn the_sequence_of_a_serial_goes_with_it() {
    let from = "export const t = pgTable('t', { id: serial().primaryKey() });";
    for to in ["integer()", "integer().generatedAlwaysAsIdentity()"] {
        let to = from.replace("serial()", to);
        let flags = ["--allow", "drop-sequence"];
        let Some(sql) = written(from, None, &to, &flags) else {
            return;
        };
        assert!(sql.contains("DROP SEQUENCE"), "{sql}");
    }
}

#[test]
fn what_stands_on_a_change_is_built_anew_with_all_that_it_was_given() {
    let by_hand =
        "CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER told INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION told();
GRANT SELECT ON v TO pg_monitor;
COMMENT ON VIEW v IS 'by hand';
CREATE VIEW over_v AS SELECT a FROM v;
CREATE VIEW over_t AS SELECT a FROM t;
";
    let from = format!(
        "{TABLE}\nexport const v = pgView('v', {{ a: integer() }}).as(sql`select a from t`);"
    );
    let to = from.replace("a: integer() });\nexport", "a: text() });\nexport");
    let flags = ["--allow", "table-rewrite"];
    let Some(sql) = written(&from, Some(by_hand), &to, &flags) else {
        return;
    };
    assert_snapshot!(sql, @r#"
    DROP VIEW "public"."over_t";--> statement-breakpoint
    DROP VIEW "public"."over_v";--> statement-breakpoint
    DROP VIEW "public"."v";--> statement-breakpoint
    -- driftless: hazard table-rewrite: every row of t is rewritten
    ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE text USING "a"::text;--> statement-breakpoint
    CREATE VIEW "public"."over_t" AS (SELECT t.a
       FROM public.t);--> statement-breakpoint
    CREATE VIEW "public"."v" AS (SELECT t.a
       FROM public.t);--> statement-breakpoint
    CREATE VIEW "public"."over_v" AS (SELECT v.a
       FROM public.v);--> statement-breakpoint
    CREATE TRIGGER "told" INSTEAD OF UPDATE ON "v" FOR EACH ROW EXECUTE FUNCTION public.told();--> statement-breakpoint
    GRANT SELECT ON TABLE "public"."v" TO "pg_monitor";--> statement-breakpoint
    COMMENT ON VIEW "public"."v" IS 'by hand';
    "#);
}

#[test]
fn what_stands_on_a_view_made_anew_is_told_without_a_proof() {
    let view = |columns: &str, query: &str| {
        let view = format!("export const v = pgView('v', {{ {columns} }}).as(sql`{query}`);");
        format!("{IMPORTS}{TABLE}\n{view}")
    };
    let both = view("a: integer(), id: integer()", "select a, id from t");
    let project = TestProject::generated(&both);
    project.succeeds(&["generate", "--custom", "--name", "by_hand"]);
    project.write("drizzle/0001_by_hand.sql", "GRANT SELECT ON v TO PUBLIC;");
    project.succeeds(&["record"]);
    project.schema(&view("id: integer()", "select id from t"));
    assert_snapshot!(project.run(&["generate", "--dry-run"]), @r#"
    exit 0
    --- stdout
      ~ view v (dropped and created again)

    DROP VIEW "public"."v";
    CREATE VIEW "public"."v" AS (select id from t);
    --- stderr
    warning[rebuilt-unproven]: view v is dropped and created again
     |
     = note: grants, comments and triggers that hand-written migrations gave are lost with it
     = help: with --prove the migrations are replayed, and what they gave is given back

    nothing was written
    "#);
}
