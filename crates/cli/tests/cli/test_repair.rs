//! `driftless repair`, and the flags of `migrate` that settle an order.

use insta::assert_snapshot;

use crate::test_migrate::{custom, project};

const LEDGER: &str =
    "SELECT created_at > 0, length(hash) FROM drizzle.__drizzle_migrations ORDER BY id";
const NOTES: &str =
    "SELECT migration, note FROM drizzle.__driftless_runs WHERE note IS NOT NULL ORDER BY id";

#[test]
fn a_migration_that_was_run_by_hand_is_recorded_and_not_run() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(&project, 1, "hotfix", "CREATE TABLE hotfix (id int);");
    database.sql(
        "CREATE TABLE users (id serial primary key, name text); CREATE TABLE hotfix (id int);",
    );
    let mark = |tag| project.run(&["repair", "--mark-applied", tag, "--reason", "by hand"]);
    assert_snapshot!(mark("0000_first"), @"
    exit 0
    --- stdout
    `0000_first` is recorded as applied, and was not run
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_snapshot!(mark("0001_hotfix"), @"
    exit 0
    --- stdout
    `0001_hotfix` is recorded as applied, and was not run
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    nothing to do: both migrations are applied already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_eq!(database.sql(LEDGER), "t|64\nt|64\n");
    assert_eq!(
        database.sql(NOTES),
        "0000_first|marked as applied: by hand\n0001_hotfix|marked as applied: by hand\n"
    );
    assert_snapshot!(mark("0001_hotfix"), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[nothing-to-repair]: the ledger says already that `0001_hotfix` is applied, with the text that it has now
     |
     = help: `driftless status` shows what it says of each
    ");
    assert_snapshot!(mark("0009_nothing"), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[no-such-migration]: the folder has no migration `0009_nothing`
     |
     = help: `driftless status` lists them
    ");
}

#[test]
fn an_edited_text_is_accepted() {
    let Some((project, _database)) = project() else {
        return;
    };
    project.succeeds(&["migrate"]);
    let text = project.read("drizzle/0000_first.sql");
    project.write("drizzle/0000_first.sql", &text.replace("text", "text NULL"));
    assert_snapshot!(project.run(&["repair"]), @"
    exit 1
    --- stdout
    1 migration to settle
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[unsettled]: `0000_first` was edited after it was applied
     |
     = help: restore the file (`git checkout`), and write the change as a new migration
     = help: or `driftless repair --accept-hash 0000_first --reason '…'`, where the database has what the file says now
    ");
    let accept = [
        "repair",
        "--accept-hash",
        "0000_first",
        "--reason",
        "same thing",
    ];
    assert_snapshot!(project.run(&accept), @"
    exit 0
    --- stdout
    the text of `0000_first` as it is now is taken for what was applied
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    nothing to do: the only migration is applied already
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_snapshot!(project.run(&["repair"]), @"
    exit 0
    --- stdout
    nothing to settle
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
}

#[test]
fn what_was_undone_by_hand_is_run_again() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(&project, 1, "two", "CREATE TABLE two (id int);");
    project.succeeds(&["migrate"]);
    let mark = |tag| project.run(&["repair", "--mark-rolled-back", tag, "--reason", "undone"]);
    assert_snapshot!(mark("0000_first"), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[not-the-last]: `0000_first` is not what was applied last
     |
     = note: applied after it: `0001_two`
     = help: mark those first, the last one before the others
    ");
    database.sql("DROP TABLE two");
    assert_snapshot!(mark("0001_two"), @"
    exit 0
    --- stdout
    `0001_two` is recorded as not applied: `migrate` will run it
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0001_two done in [TIME]
    ");
    assert_eq!(database.sql("SELECT count(*) FROM two"), "0\n");
}

#[test]
fn a_half_run_migration_begins_anew_once_it_was_undone() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(
        &project,
        1,
        "half",
        "-- driftless: no-transaction\nCREATE TABLE half (id int);\n--> statement-breakpoint\nSELECT 1/0;\n",
    );
    project.run(&["migrate"]);
    assert_snapshot!(project.run(&["repair"]), @"
    exit 1
    --- stdout
    1 migration to settle
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[unsettled]: `0001_half` stopped half way: 1 statement done
     |
     = help: `driftless migrate` goes on with it
     = help: or `driftless repair --mark-rolled-back 0001_half --reason '…'`, where you have undone what it did
     = help: or `driftless repair --mark-applied 0001_half --reason '…'`, where you have run the rest by hand
    ");
    database.sql("DROP TABLE half");
    let mark = [
        "repair",
        "--mark-rolled-back",
        "0001_half",
        "--reason",
        "undone",
    ];
    assert_snapshot!(project.run(&mark), @"
    exit 0
    --- stdout
    `0001_half` will be run from its beginning
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    ");
    project.write(
        "drizzle/0001_half.sql",
        "-- driftless: no-transaction\nCREATE TABLE half (id int, n int);\n",
    );
    project.succeeds(&["migrate"]);
    assert_eq!(database.sql("SELECT count(n) FROM half"), "0\n");
}

/// Two branches: the one whose migration is younger was merged and applied first.
#[test]
fn what_was_skipped_is_run_out_of_order() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(&project, 1, "older", "CREATE TABLE older (id int);");
    custom(&project, 2, "younger", "CREATE TABLE younger (id int);");
    project.succeeds(&["migrate"]);
    database.sql("DROP TABLE older; DELETE FROM drizzle.__drizzle_migrations m WHERE id = 2");
    assert_snapshot!(project.run(&["migrate"]), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[older-than-applied]: `0001_older` was never applied, and `0002_younger`, which is younger, was
     |
     = note: journal: `when` is [MILLISECONDS], the youngest applied is [MILLISECONDS]
     = note: drizzle-orm's own migrator skips such a migration for ever, and says nothing
     = help: if nobody else has applied it yet, generate it again so that it comes last
     = help: where it does not matter, `driftless migrate --allow-out-of-order` runs it now
    ");
    assert_snapshot!(project.run(&["migrate", "--allow-out-of-order"]), @"
    exit 0
    --- stdout
    applied 1 migration in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0001_older done in [TIME]
    ");
    assert_eq!(database.sql("SELECT count(*) FROM older"), "0\n");
    assert_eq!(
        database.sql(NOTES),
        "0001_older|run out of order: --allow-out-of-order\n"
    );
    project.succeeds(&["migrate"]);
}

#[test]
fn one_transaction_is_all_or_nothing() {
    let Some((project, database)) = project() else {
        return;
    };
    custom(&project, 1, "two", "CREATE TABLE two (id int);");
    custom(&project, 2, "broken", "SELECT 1/0;");
    let together = ["migrate", "--single-transaction"];
    assert_snapshot!(project.run(&together), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[statement-failed]: `0002_broken` was rolled back: division by zero
     --> drizzle/0002_broken.sql:1:1
      |
    1 | SELECT 1/0;
      | ^^^^^^^^^^ 22012
      |
      = note: SQLSTATE 22012
      = note: statement 1 of 1
      = note: in one transaction with 2 more: none of them was applied
      = help: correct the file, then run `driftless migrate` again
    ");
    assert_eq!(database.sql("SELECT to_regclass('users') IS NULL"), "t\n");
    project.write("drizzle/0002_broken.sql", "INSERT INTO two VALUES (1);");
    assert_snapshot!(project.run(&together), @"
    exit 0
    --- stdout
    applied 3 migrations in [TIME]
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    0000_first done in [TIME]
    0001_two done in [TIME]
    0002_broken done in [TIME]
    ");
    assert_eq!(database.sql(LEDGER), "t|64\nt|64\nt|64\n");
    custom(
        &project,
        3,
        "alone",
        "-- driftless: no-transaction\nCREATE INDEX CONCURRENTLY i ON two (id);",
    );
    assert_snapshot!(project.run(&together), @"
    exit 1
    --- stderr
    database: postgres://postgres@/[DATABASE]?host=[SOCKET] (from DATABASE_URL)
    error[not-in-one-transaction]: `0003_alone` asks to run without a transaction
     --> drizzle/0003_alone.sql:1:1
      |
    1 | -- driftless: no-transaction
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: run it without --single-transaction, and what comes after it in another run
    ");
}
