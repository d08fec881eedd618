//! `driftless record`.

use crate::project::TestProject;

#[test]
fn a_hand_written_migration_is_recorded_once_it_is_written() {
    let project = TestProject::generated("export const a = pgTable('a', { id: serial() });");
    project.succeeds(&["generate", "--custom", "--name", "mine"]);
    insta::assert_snapshot!(project.run(&["record"]), @r"
    exit 0
    --- stdout
    nothing to record: every migration that is written is recorded already
    ");
    project.write("drizzle/0001_mine.sql", "SELECT 1;");
    insta::assert_snapshot!(project.run(&["check"]), @r#"
    exit 0
    --- stdout
    in step: 1 table, 2 migrations
    --- stderr
    info[migration-not-recorded]: 0001_mine is not recorded yet, an edit of it would not be noticed offline
      --> drizzle/meta/_journal.json:16:7
       |
    16 |       "tag": "0001_mine",
       |       ^^^^^^^^^^^^^^^^^^
       |
       = help: run `driftless record`; the next `driftless generate` that writes one records it too
    "#);
    insta::assert_snapshot!(project.run(&["record"]), @r"
    exit 0
    --- stdout
    recorded 1 migration: 0001_mine
    ");
    insta::assert_snapshot!(project.run(&["record"]), @r"
    exit 0
    --- stdout
    nothing to record: every migration that is written is recorded already
    ");
    insta::assert_snapshot!(project.run(&["check"]), @r"
    exit 0
    --- stdout
    in step: 1 table, 2 migrations
    ");
    let (code, json) = project.json(&["record"]);
    assert_eq!((code, &json["outcome"]), (0, &"ok".into()));
}

#[test]
fn an_edit_that_no_database_has_run_is_taken() {
    let project = TestProject::generated("export const t = pgTable('t', { id: integer() });");
    project.edit("drizzle/0000_first.sql", "integer", "integer -- by hand");
    let refused = project.run(&["record"]);
    assert!(refused.starts_with("exit 1"), "{refused}");
    let help = "help: if no database has run it yet, `driftless record --edited 0000_first` takes its text as it is now";
    assert!(refused.contains(help), "{refused}");
    insta::assert_snapshot!(project.run(&["record", "--edited", "0000_first"]), @"
    exit 0
    --- stdout
    recorded 1 migration: 0000_first
    ");
    let checked = project.run(&["check"]);
    assert!(checked.starts_with("exit 0"), "{checked}");
    insta::assert_snapshot!(project.run(&["record", "--edited", "0007_x"]), @"
    exit 1
    --- stderr
    error[unknown-migration]: the folder drizzle has no migration 0007_x
     |
     = help: `driftless status` lists the migrations
    ");
}
