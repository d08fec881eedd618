//! `driftless baseline`: a database that exists gets its ledger.

use insta::assert_snapshot;

use crate::project::TestProject;
use crate::server::TestDatabase;

const POSTS: &str =
    "export const posts = pgTable('posts', { id: integer().primaryKey(), title: text() });";

/// `0000_first` and `0001_views`, and a database that has what they make, or the first alone.
fn adopted(migrations: usize) -> Option<(TestProject, TestDatabase)> {
    let database = TestDatabase::new()?;
    let project = TestProject::generated(POSTS).env("DATABASE_URL", &database.url());
    project.schema(&POSTS.replace("title: text()", "title: text(), views: integer()"));
    project.succeeds(&["generate", "--name", "views"]);
    for name in ["0000_first", "0001_views"].iter().take(migrations) {
        database.sql(&project.read(&format!("drizzle/{name}.sql")));
    }
    Some((project, database))
}

/// Whether there is a ledger at all.
fn has_ledger(database: &TestDatabase) -> bool {
    database.sql("SELECT to_regclass('drizzle.__drizzle_migrations');") != "\n"
}

#[test]
fn a_database_that_is_what_the_migrations_make_gets_its_ledger() {
    let Some((project, database)) = adopted(2) else {
        return;
    };
    assert_snapshot!(project.run(&["baseline", "--dry-run"]), @"
    exit 0
    --- stdout
    the database is what the migrations make: 2 would be recorded, nothing was changed
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert!(!has_ledger(&database));
    assert_snapshot!(project.run(&["baseline", "--database-url", &database.url()]), @"
    exit 0
    --- stdout
    the database is what the migrations make: 2 recorded, nothing was run
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from --database-url)
    ");
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    nothing to do: both migrations are applied already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_snapshot!(project.run(&["baseline"]), @"
    exit 0
    --- stdout
    nothing to do: both migrations are recorded already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    let migrated = TestDatabase::new().unwrap();
    project.succeeds(&["migrate", "--database-url", &migrated.url()]);
    let ledger = "SELECT id, hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id;";
    assert_eq!(database.sql(ledger), migrated.sql(ledger));
    assert_snapshot!(
        database.sql("SELECT migration, done, statements, finished_at IS NOT NULL, note FROM drizzle.__driftless_runs ORDER BY id;"),
        @"
    0000_first|0|1|t|baseline
    0001_views|0|1|t|baseline
    "
    );
    project.succeeds(&["check", "--database-url", &database.url()]);
}

#[test]
fn what_comes_after_the_tag_is_left_to_migrate() {
    let Some((project, database)) = adopted(1) else {
        return;
    };
    assert_snapshot!(project.run(&["baseline", "0000_first"]), @"
    exit 0
    --- stdout
    the database is what the migrations make: 1 recorded, nothing was run
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    hint: 1 later migration pending: run `driftless migrate`
    ");
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0001_views done in [TIME]
    ");
    assert_snapshot!(project.run(&["baseline", "0000_first"]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[ledger-has-rows]: nothing was recorded: the ledger "drizzle"."__drizzle_migrations" holds 2 rows already, and a baseline begins one
     |
     = note: it has 1 of 1 migration to record
     = help: `driftless status` compares it with the folder, `driftless migrate` goes on with it
    "#);
    project.succeeds(&["check", "--database-url", &database.url()]);
}

#[test]
fn a_database_that_differs_gets_nothing() {
    let Some((project, database)) = adopted(1) else {
        return;
    };
    database.sql("CREATE INDEX posts_title ON posts (title);");
    assert_snapshot!(project.run(&["baseline"]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[database-differs]: the database has index posts.posts_title, which no migration makes
     |
     = note: what makes the database so:
             DROP INDEX "posts_title";
     = note: nothing was recorded
     = help: run that SQL, or bring the migrations in line with the database; an earlier TAG may be what it has

    error[database-differs]: the database lacks column posts.views
     |
     = note: what makes the database so:
             ALTER TABLE "posts" ADD COLUMN "views" integer;
     = note: nothing was recorded
     = help: run that SQL, or bring the migrations in line with the database; an earlier TAG may be what it has
    "#);
    assert!(!has_ledger(&database));
    database.sql("DROP INDEX posts_title; ALTER TABLE posts ADD COLUMN views integer;");
    project.succeeds(&["baseline"]);
}

#[test]
fn a_ledger_with_other_rows_is_refused() {
    let Some((project, database)) = adopted(2) else {
        return;
    };
    database.sql(
        "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations \
         (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint); \
         INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('other', 7);",
    );
    assert_snapshot!(project.run(&["baseline"]), @r#"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[ledger-has-rows]: nothing was recorded: the ledger "drizzle"."__drizzle_migrations" holds 1 row already, and a baseline begins one
     |
     = note: it has 0 of 2 migrations to record
     = help: `driftless status` compares it with the folder, `driftless migrate` goes on with it
    "#);
    assert_eq!(
        database.sql("SELECT hash FROM drizzle.__drizzle_migrations;"),
        "other\n"
    );
}

/// drizzle-orm 1.x keeps names as well; its empty table stays its own.
#[test]
fn a_ledger_of_a_later_drizzle_orm_is_written_as_it_is() {
    let Some((project, database)) = adopted(2) else {
        return;
    };
    database.sql(
        "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations \
         (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint, name text, \
          applied_at timestamptz DEFAULT now());",
    );
    project.succeeds(&["baseline"]);
    assert_eq!(
        database.sql("SELECT name, applied_at IS NOT NULL FROM drizzle.__drizzle_migrations;"),
        "0000_first|t\n0001_views|t\n"
    );
    project.succeeds(&["migrate"]);
}

#[test]
fn what_makes_no_sense_is_an_error() {
    let Some((project, database)) = adopted(2) else {
        return;
    };
    assert_snapshot!(project.run(&["baseline", "0007_lucky"]), @"
    exit 1
    --- stderr
    error[unknown-migration]: the folder drizzle has no migration 0007_lucky
     |
     = help: `driftless status` lists the migrations
    ");
    let empty = TestProject::new(POSTS).env("DATABASE_URL", &database.url());
    assert_snapshot!(empty.run(&["baseline"]), @"
    exit 1
    --- stderr
    error[nothing-to-record]: the folder drizzle holds no migration to record
     |
     = help: write the first one for what the database has: bring schema.ts in line with it, then run `driftless generate`
    ");
    assert_snapshot!(TestProject::generated(POSTS).run(&["baseline"]), @"
    exit 1
    --- stderr
    error[database-url-missing]: which database to record the migrations in is not known: DATABASE_URL of drizzle.config.ts is not set
     |
     = help: pass --database-url, or set DATABASE_URL
    ");
    assert!(!has_ledger(&database));
}
