//! `driftless generate --online`: what lets others read and write.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::server::TestDatabase;

const BEFORE: &str = "export const users = pgTable('users', { id: serial().primaryKey(), email: text(), age: integer() }, (t) => [index('old').on(t.age)]);
export const orders = pgTable('orders', { id: serial().primaryKey(), user: integer() });";

const AFTER: &str = "import { check, unique, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const users = pgTable('users', {
  id: serial().primaryKey(), email: text().notNull(), age: integer(),
  token: uuid().notNull().defaultRandom(), phone: text().notNull(),
}, (t) => [unique('one_email').on(t.email), index('by_age').on(t.age, t.id), check('grown', sql`${t.age} > 0`)]);
export const orders = pgTable('orders', { id: serial().primaryKey(), user: integer().references(() => users.id) });
export const tags = pgTable('tags', { name: text().notNull().unique() }, (t) => [index('tag').on(t.name)]);";

/// The SQL of every migration after the first, each under its name.
fn written(project: &TestProject) -> String {
    let files = project.files("drizzle");
    let scripts = files
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|e| e == "sql"));
    let shown = scripts.skip(1).map(|(path, text)| {
        let name = path.file_name().unwrap().to_str().unwrap();
        format!("=== {name}\n{text}\n")
    });
    shown.collect()
}

#[test]
fn nobody_waits_for_what_is_there_already() {
    let project = TestProject::generated(BEFORE);
    project.schema(AFTER);
    assert_snapshot!(project.run(&["generate", "--online", "--name", "more"]), @"
    exit 0
    --- stdout
      + table tags
        + index tag
      ~ table users
        + column token
        + column phone
        + check constraint grown
        - index old
        + index by_age
        ~ column email
        + unique constraint one_email
      ~ table orders
        + foreign key orders_user_users_id_fk

    note validate-rows: Existing rows are checked; one row that fails stops the migration
        every row of users is checked while others read and write; one that fails stops the migration
        every row of orders is checked while others read and write; one that fails stops the migration
        every row of users is checked while others read and write; a NULL in users.email stops the migration
        every row of users is checked while others read and write; a NULL in users.token stops the migration
        every row of users is checked while others read and write; a NULL in users.phone stops the migration
    note unique-build: A unique index is built; existing duplicates stop the migration
        users is read and indexed while others read and write; duplicates stop the migration
    wrote drizzle/0001_more.sql
    wrote drizzle/0002_more_2.sql
    wrote drizzle/0003_more_3.sql
    wrote drizzle/0004_more_4.sql
    wrote drizzle/0005_more_5.sql
    wrote drizzle/0006_more_6_backfill.sql
    wrote drizzle/0007_more_7.sql
    wrote drizzle/0008_more_8.sql
    wrote drizzle/0009_more_9.sql
    wrote drizzle/0010_more_10.sql
    wrote drizzle/0011_more_11.sql
    --- stderr
    info[several-migrations]: the change takes several files, each of which has to be committed before the next
     |
     = note: drizzle-orm's own migrator runs all pending files in one transaction: there, apply them one at a time

    info[no-transaction]: 4 files begin with `-- driftless: no-transaction`: their statements refuse to run in one
     |
     = note: drizzle-orm's own migrator cannot run those files

    info[backfill-to-complete]: rows that hold NULL stop the migration that ends in `_backfill`
     |
     = help: say in that file which value they get, or leave it as it is where there are none

    hint: look at the SQL, then run `driftless migrate`
    ");
    assert_snapshot!(written(&project), @r#"
    === 0001_more.sql
    CREATE TABLE "tags" (
    	"name" text NOT NULL,
    	CONSTRAINT "tags_name_unique" UNIQUE("name")
    );--> statement-breakpoint
    ALTER TABLE "users" ADD COLUMN "token" uuid;--> statement-breakpoint
    ALTER TABLE "users" ALTER COLUMN "token" SET DEFAULT gen_random_uuid();--> statement-breakpoint
    ALTER TABLE "users" ADD COLUMN "phone" text;--> statement-breakpoint
    ALTER TABLE "users" ADD CONSTRAINT "grown" CHECK ("users"."age" > 0) NOT VALID;--> statement-breakpoint
    ALTER TABLE "orders" ADD CONSTRAINT "orders_user_users_id_fk" FOREIGN KEY ("user") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action NOT VALID;--> statement-breakpoint
    CREATE INDEX "tag" ON "tags" USING btree ("name");
    === 0002_more_2.sql
    -- driftless: hazard validate-rows: every row of users is checked while others read and write; one that fails stops the migration
    ALTER TABLE "users" VALIDATE CONSTRAINT "grown";--> statement-breakpoint
    -- driftless: hazard validate-rows: every row of orders is checked while others read and write; one that fails stops the migration
    ALTER TABLE "orders" VALIDATE CONSTRAINT "orders_user_users_id_fk";
    === 0003_more_3.sql
    -- driftless: no-transaction
    DROP INDEX CONCURRENTLY "old";
    === 0004_more_4.sql
    -- driftless: no-transaction
    DO $backfill$
    DECLARE
      portion CONSTANT bigint := 1000;
      pages CONSTANT bigint := pg_relation_size('"users"') / current_setting('block_size')::bigint;
    BEGIN
      FOR page IN 0..pages BY portion LOOP
        UPDATE "users" SET "token" = DEFAULT
        WHERE "token" IS NULL
          AND ctid >= format('(%s,0)', page)::tid
          AND ctid < format('(%s,0)', page + portion)::tid;
        COMMIT;
      END LOOP;
      -- Rows that moved meanwhile.
      UPDATE "users" SET "token" = DEFAULT WHERE "token" IS NULL;
    END $backfill$;
    === 0005_more_5.sql
    -- driftless: no-transaction
    CREATE INDEX CONCURRENTLY "by_age" ON "users" USING btree ("age", "id");
    === 0006_more_6_backfill.sql
    -- driftless: no-transaction
    -- Rows in which users.email is NULL are in the way of the migrations after this one. Where there
    -- are some, write the value that they get in place of 'VALUE', and take away the comment
    -- signs in front of the block.
    --
    -- DO $backfill$
    -- DECLARE
    --   portion CONSTANT bigint := 1000;
    --   pages CONSTANT bigint := pg_relation_size('"users"') / current_setting('block_size')::bigint;
    -- BEGIN
    --   FOR page IN 0..pages BY portion LOOP
    --     UPDATE "users" SET "email" = 'VALUE'
    --     WHERE "email" IS NULL
    --       AND ctid >= format('(%s,0)', page)::tid
    --       AND ctid < format('(%s,0)', page + portion)::tid;
    --     COMMIT;
    --   END LOOP;
    --   -- Rows that moved meanwhile.
    --   UPDATE "users" SET "email" = 'VALUE' WHERE "email" IS NULL;
    -- END $backfill$;
    DO $check$
    BEGIN
      IF EXISTS (SELECT FROM "users" WHERE "email" IS NULL) THEN
        RAISE EXCEPTION USING MESSAGE = 'users.email is NULL in some rows: say in this file what they get';
      END IF;
    END $check$;--> statement-breakpoint
    -- Rows in which users.phone is NULL are in the way of the migrations after this one. Where there
    -- are some, write the value that they get in place of 'VALUE', and take away the comment
    -- signs in front of the block.
    --
    -- DO $backfill$
    -- DECLARE
    --   portion CONSTANT bigint := 1000;
    --   pages CONSTANT bigint := pg_relation_size('"users"') / current_setting('block_size')::bigint;
    -- BEGIN
    --   FOR page IN 0..pages BY portion LOOP
    --     UPDATE "users" SET "phone" = 'VALUE'
    --     WHERE "phone" IS NULL
    --       AND ctid >= format('(%s,0)', page)::tid
    --       AND ctid < format('(%s,0)', page + portion)::tid;
    --     COMMIT;
    --   END LOOP;
    --   -- Rows that moved meanwhile.
    --   UPDATE "users" SET "phone" = 'VALUE' WHERE "phone" IS NULL;
    -- END $backfill$;
    DO $check$
    BEGIN
      IF EXISTS (SELECT FROM "users" WHERE "phone" IS NULL) THEN
        RAISE EXCEPTION USING MESSAGE = 'users.phone is NULL in some rows: say in this file what they get';
      END IF;
    END $check$;
    === 0007_more_7.sql
    ALTER TABLE "users" ADD CONSTRAINT "users_email_is_set" CHECK ("email" IS NOT NULL) NOT VALID;--> statement-breakpoint
    ALTER TABLE "users" ADD CONSTRAINT "users_token_is_set" CHECK ("token" IS NOT NULL) NOT VALID;--> statement-breakpoint
    ALTER TABLE "users" ADD CONSTRAINT "users_phone_is_set" CHECK ("phone" IS NOT NULL) NOT VALID;
    === 0008_more_8.sql
    -- driftless: hazard validate-rows: every row of users is checked while others read and write; a NULL in users.email stops the migration
    ALTER TABLE "users" VALIDATE CONSTRAINT "users_email_is_set";--> statement-breakpoint
    -- driftless: hazard validate-rows: every row of users is checked while others read and write; a NULL in users.token stops the migration
    ALTER TABLE "users" VALIDATE CONSTRAINT "users_token_is_set";--> statement-breakpoint
    -- driftless: hazard validate-rows: every row of users is checked while others read and write; a NULL in users.phone stops the migration
    ALTER TABLE "users" VALIDATE CONSTRAINT "users_phone_is_set";
    === 0009_more_9.sql
    ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;--> statement-breakpoint
    ALTER TABLE "users" DROP CONSTRAINT "users_email_is_set";--> statement-breakpoint
    ALTER TABLE "users" ALTER COLUMN "token" SET NOT NULL;--> statement-breakpoint
    ALTER TABLE "users" DROP CONSTRAINT "users_token_is_set";--> statement-breakpoint
    ALTER TABLE "users" ALTER COLUMN "phone" SET NOT NULL;--> statement-breakpoint
    ALTER TABLE "users" DROP CONSTRAINT "users_phone_is_set";
    === 0010_more_10.sql
    -- driftless: no-transaction
    -- driftless: hazard unique-build: users is read and indexed while others read and write; duplicates stop the migration
    CREATE UNIQUE INDEX CONCURRENTLY "one_email" ON "users" ("email");
    === 0011_more_11.sql
    ALTER TABLE "users" ADD CONSTRAINT "one_email" UNIQUE USING INDEX "one_email";
    "#);
    assert_snapshot!(project.run(&["check"]), @r#"
    exit 0
    --- stdout
    in step: 3 tables, 12 migrations
    --- stderr
    info[migration-not-recorded]: 0006_more_6_backfill is not recorded yet, an edit of it would not be noticed offline
      --> drizzle/meta/_journal.json:51:7
       |
    51 |       "tag": "0006_more_6_backfill",
       |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: run `driftless record`; the next `driftless generate` that writes one records it too
    "#);
}

#[test]
fn a_change_that_nobody_waits_for_is_written_as_ever() {
    let project = TestProject::generated(BEFORE);
    project.schema(&BEFORE.replace(
        "user: integer()",
        "user: integer(), note: text().notNull().default('')",
    ));
    assert_snapshot!(project.run(&["generate", "--online", "--name", "note"]), @"
    exit 0
    --- stdout
      ~ table orders
        + column note
    wrote drizzle/0001_note.sql
    --- stderr
    hint: look at the SQL, then run `driftless migrate`
    ");
    assert_snapshot!(written(&project), @r#"
    === 0001_note.sql
    ALTER TABLE "orders" ADD COLUMN "note" text DEFAULT '' NOT NULL;
    "#);
}

/// A database with rows that has the first migration.
fn with_rows() -> Option<(TestProject, TestDatabase)> {
    let database = TestDatabase::new()?;
    let project = TestProject::generated(BEFORE).env("DATABASE_URL", &database.url());
    project.succeeds(&["migrate"]);
    database.sql(
        "INSERT INTO users (email, age) SELECT 'u' || n, n FROM generate_series(1, 5000) n;
         UPDATE users SET email = NULL WHERE id > 4990;
         INSERT INTO orders (\"user\") SELECT id FROM users;",
    );
    project.schema(AFTER);
    Some((project, database))
}

#[test]
fn rows_get_their_values_before_null_is_refused() {
    let Some((project, database)) = with_rows() else {
        return;
    };
    project.succeeds(&["generate", "--online", "--name", "more", "--prove"]);
    // Two columns have rows that somebody has to think about.
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0001_more done in [TIME]
    0002_more_2 done in [TIME]
    0003_more_3 done in [TIME]
    0004_more_4 done in [TIME]
    0005_more_5 done in [TIME]
    error[statement-failed]: nothing of `0006_more_6_backfill` is done: users.email is NULL in some rows: say in this file what they get
      --> drizzle/0006_more_6_backfill.sql:24:5
       |
    24 |     RAISE EXCEPTION USING MESSAGE = 'users.email is NULL in some rows: say in this file what they get';
       |     ^^^^^ P0001
       |
       = note: SQLSTATE P0001
       = note: context: PL/pgSQL function inline_code_block line 4 at RAISE
       = note: statement 1 of 2, outside of a transaction
       = note: applied before it, and kept: `0001_more`, `0002_more_2`, `0003_more_3`, `0004_more_4`, `0005_more_5`
       = help: correct the file, then run `driftless migrate` again: it goes on with this migration
    ");
    let files = project.files("drizzle");
    let mut names = files
        .iter()
        .map(|(path, _)| path.file_name().unwrap().to_str().unwrap());
    let name = names.find(|name| name.ends_with("_backfill.sql")).unwrap();
    let name = &format!("drizzle/{name}");
    // Every comment sign goes but those of the words.
    let words = ["-- driftless:", "-- Rows in", "-- are some", "-- signs in"];
    let text = project.read(name);
    let lines = text.lines().map(|line| {
        let stays = words.iter().any(|word| line.starts_with(word));
        let bare = line.strip_prefix("-- ").filter(|_| !stays);
        bare.unwrap_or(line)
    });
    let filled = lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace("\"email\" = 'VALUE'", "\"email\" = 'u' || id")
        .replace("'VALUE'", "'none'");
    project.write(name, &filled);
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    applied 6 migrations in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0006_more_6_backfill done in [TIME]
    0007_more_7 done in [TIME]
    0008_more_8 done in [TIME]
    0009_more_9 done in [TIME]
    0010_more_10 done in [TIME]
    0011_more_11 done in [TIME]
    ");
    assert_eq!(
        database.sql(
            "SELECT count(*), count(DISTINCT token), count(DISTINCT email), count(*) FILTER (WHERE phone = 'none') FROM users"
        ),
        "5000|5000|5000|5000\n"
    );
    // Written by hand, it is recorded with the next one, and nothing differs from what is declared.
    project.succeeds(&["record"]);
    assert_snapshot!(project.run(&["check", "--database-url", &database.url()]), @"
    exit 0
    --- stdout
    in step: 3 tables, 12 migrations
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from --database-url)
    ");
}

#[test]
fn what_it_writes_the_linter_has_nothing_against() {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return;
    }
    let project = TestProject::generated(BEFORE);
    project.schema(AFTER);
    project.succeeds(&["generate", "--online", "--name", "more"]);
    assert_snapshot!(project.run(&["lint", "--since", "0000_first", "--measure"]), @"
    exit 0
    --- stdout
    11 files: nothing to object to
    ");
}
