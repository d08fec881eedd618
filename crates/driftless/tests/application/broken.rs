//! Folders that `migrate!` does not compile, and what the compiler says: the macro reads them with
//! this function, and puts its own sentence before the findings.

use crate::support::Folder;

fn sound() -> Folder {
    Folder::of(&[("0000_a", "SELECT 1;\n"), ("0001_b", "SELECT 2;\n")])
}

fn refused(folder: &Folder) -> String {
    let failure = driftless_checks::read_embeddable(&folder.dir, "drizzle").unwrap_err();
    let error = driftless::Error::from(failure);
    folder.shown(&error)
}

#[test]
fn a_sound_folder_is_taken() {
    let folder = sound();
    assert!(driftless_checks::read_embeddable(&folder.dir, "drizzle").is_ok());
}

#[test]
fn a_file_is_missing() {
    let folder = sound();
    folder.remove("0001_b.sql");
    insta::assert_snapshot!(refused(&folder), @r#"
    error[migration-file-missing]: drizzle/0001_b.sql is missing, the journal lists it as index 1
     --> drizzle/meta/_journal.json:6:47
      |
    6 |     { "idx": 1, "version": "7", "when": 1001, "tag": "0001_b" }
      |                                               ^^^^^^^^^^^^^^^ listed here
      |
      = help: restore the file: git checkout -- drizzle/0001_b.sql
      = help: if it was never committed, ask whoever made it to push it
    "#);
}

#[test]
fn a_file_is_not_in_the_journal() {
    let folder = sound();
    folder.write("0002_c.sql", "SELECT 3;\n");
    insta::assert_snapshot!(refused(&folder), @r"
    error[migration-not-in-journal]: drizzle/0002_c.sql never runs, the journal does not list it
     |
     = help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git
     = help: if you wrote it by hand, run `driftless generate --custom --name c` and move the SQL into the file that it makes
    ");
}

#[test]
fn the_journal_is_no_json() {
    let folder = sound();
    folder.edit("meta/_journal.json", "\"entries\": [", "\"entries\": [,");
    insta::assert_snapshot!(refused(&folder), @r#"
    error[journal-malformed]: drizzle/meta/_journal.json is not valid JSON: expected value
     --> drizzle/meta/_journal.json:4:15
      |
    4 |   "entries": [,
      |               ^
      |
      = note: in field entries[0]
      = help: restore the file from git: git checkout -- drizzle/meta/_journal.json
    "#);
}

#[test]
fn the_journal_is_missing() {
    let folder = sound();
    folder.remove("meta/_journal.json");
    insta::assert_snapshot!(refused(&folder), @r"
    error[journal-missing]: drizzle has no meta/_journal.json, so none of its files would run
     |
     = help: name the folder that holds meta/_journal.json, or restore that file from git
    ");
}

#[test]
fn a_number_is_there_twice() {
    let folder = sound();
    folder.edit("meta/_journal.json", "\"idx\": 1", "\"idx\": 0");
    insta::assert_snapshot!(refused(&folder), @r#"
    error[journal-duplicate-index]: 0000_a and 0001_b both have index 0, two branches made a migration from the same state
     --> drizzle/meta/_journal.json:6:47
      |
    5 |     { "idx": 0, "version": "7", "when": 1000, "tag": "0000_a" },
      |                                               --------------- the other one
    6 |     { "idx": 0, "version": "7", "when": 1001, "tag": "0001_b" }
      |                                               ^^^^^^^^^^^^^^^
      |
      = help: run `driftless rebase`: the younger branch's migrations get new numbers behind the other's, and are generated again on top of them
    "#);
}

#[test]
fn the_record_is_no_json() {
    let folder = sound();
    folder.write("meta/_driftless.json", "{");
    insta::assert_snapshot!(refused(&folder), @r"
    error[record-malformed]: drizzle/meta/_driftless.json is cut off, the record ends too early
     --> drizzle/meta/_driftless.json:1:1
      |
    1 | {
      | ^
      |
      = help: restore the file from git: git checkout -- drizzle/meta/_driftless.json
    ");
}

#[test]
fn the_folder_is_not_there() {
    let folder = sound();
    std::fs::remove_dir_all(&folder.dir).unwrap();
    let text = refused(&folder).replace("looked for in drizzle", "looked for in [DIR]");
    insta::assert_snapshot!(text, @r"
    error[migrations-not-found]: there is no migrations folder drizzle
     |
     = note: looked for in [DIR]
     = help: name the folder that holds meta/_journal.json
    ");
}

#[test]
fn everything_comes_at_once() {
    let folder = sound();
    folder.remove("0000_a.sql");
    folder.write("0001_b.sql", "<<<<<<< HEAD\nSELECT 2;\n");
    folder.write("0002_c.sql", "SELECT 3;\n");
    let codes: Vec<_> = driftless_checks::read_embeddable(&folder.dir, "drizzle")
        .unwrap_err()
        .diagnostics()
        .iter()
        .map(|found| found.code)
        .collect();
    assert_eq!(
        codes,
        [
            "migration-file-missing",
            "conflict-markers",
            "migration-not-in-journal"
        ]
    );
}
