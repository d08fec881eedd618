//! Each way of breaking a folder: one finding that says what to do.

use super::{NAME, Repository, schema, table};

/// `0000_first`, `0001_age`, `0002_rls` by hand, `0003_posts`; one commit each.
fn history() -> Repository {
    let repository = Repository::new();
    let age = format!("{NAME}  age: integer(),\n");
    repository.generate(&schema(&age, ""), "age", &[]);
    repository.custom("rls", "ALTER TABLE \"users\" ENABLE ROW LEVEL SECURITY;\n");
    repository.generate(&schema(&age, &table("posts")), "posts", &[]);
    repository
}

/// What `check` says after one change that somebody committed; git and `check` leave it alone.
fn check_after(change: impl FnOnce(&Repository)) -> String {
    let repository = history();
    change(&repository);
    repository.commit("a change");
    let before = repository.files("drizzle");
    let told = repository.run(&["check"]);
    assert_eq!(repository.files("drizzle"), before);
    told
}

#[test]
fn nothing_is_wrong() {
    insta::assert_snapshot!(check_after(|repository| repository.write("note.txt", "")), @r"
    exit 0
    --- stdout
    in step: 2 tables, 4 migrations
    ");
}

#[test]
fn a_migration_was_edited() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.edit("drizzle/0002_rls.sql", "ENABLE", "FORCE");
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-edited]: drizzle/0002_rls.sql was edited after it was recorded, its statements differ
     --> drizzle/meta/_driftless.json:4:3
      |
    4 |   "0002_rls": {"kind":"custom","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^ recorded here
      |
      = note: recorded as sha256 [SHA256]
      = note: now it is   sha256 [SHA256]
      = help: restore it (`git log -p -- drizzle/0002_rls.sql` shows the edit) and put the change into a new migration
      = help: if no database has run it yet, `driftless record --edited 0002_rls` takes its text as it is now
    "#);
}

#[test]
fn a_comment_was_edited() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.edit("drizzle/0002_rls.sql", "ALTER", "-- Nobody sees others' rows\nALTER");
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-edited]: drizzle/0002_rls.sql was edited after it was recorded, only comments or whitespace differ
     --> drizzle/meta/_driftless.json:4:3
      |
    4 |   "0002_rls": {"kind":"custom","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^ recorded here
      |
      = note: recorded as sha256 [SHA256]
      = note: now it is   sha256 [SHA256]
      = help: restore it (`git log -p -- drizzle/0002_rls.sql` shows the edit) and put the change into a new migration
      = help: if no database has run it yet, `driftless record --edited 0002_rls` takes its text as it is now
    "#);
}

#[test]
fn a_file_is_missing() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.git(&["rm", "--quiet", "drizzle/0002_rls.sql"]);
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-file-missing]: drizzle/0002_rls.sql is missing, the journal lists it as index 2
      --> drizzle/meta/_journal.json:23:7
       |
    23 |       "tag": "0002_rls",
       |       ^^^^^^^^^^^^^^^^^ listed here
       |
       = help: restore the file: git checkout -- drizzle/0002_rls.sql
       = help: if it was never committed, ask whoever made it to push it
    "#);
}

#[test]
fn there_is_a_file_more() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.write("drizzle/0004_fix.sql", "UPDATE users SET age = 1;");
    }), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-not-in-journal]: drizzle/0004_fix.sql never runs, the journal does not list it
     |
     = help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git
     = help: if you wrote it by hand, run `driftless generate --custom --name fix` and move the SQL into the file that it makes
    ");
}

#[test]
fn the_journal_entry_was_forgotten() {
    insta::assert_snapshot!(check_after(|repository| {
        let before = repository.at("HEAD~1", "drizzle/meta/_journal.json");
        repository.write("drizzle/meta/_journal.json", &before);
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-not-in-journal]: drizzle/0003_posts.sql never runs, the journal does not list it
     --> drizzle/meta/_driftless.json:5:3
      |
    5 |   "0003_posts": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^^^ recorded here
      |
      = note: its snapshot is there as well: drizzle/meta/0003_snapshot.json
      = help: its entry was not committed, or a merge lost it: restore drizzle/meta/_journal.json from git or from whoever made the migration
    "#);
}

#[test]
fn only_the_sql_was_committed() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.git(&["reset", "--quiet", "HEAD~1"]);
        for path in ["drizzle/meta/_journal.json", "drizzle/meta/_driftless.json"] {
            repository.git(&["checkout", "--quiet", "HEAD", "--", path]);
        }
        repository.remove("drizzle/meta/0003_snapshot.json");
    }), @r#"
    exit 1
    --- stdout
    check failed: 2 findings
    --- stderr
    error[migration-not-in-journal]: drizzle/0003_posts.sql never runs, the journal does not list it
     |
     = help: if a branch or a merge lost its entry, restore drizzle/meta/_journal.json and the snapshot from git
     = help: if you wrote it by hand, run `driftless generate --custom --name posts` and move the SQL into the file that it makes

    error[schema-not-migrated]: the schema has changes that no migration holds: 1 statement missing
     |
     = note: the missing SQL:
             CREATE TABLE "posts" (
                 "id" serial NOT NULL PRIMARY KEY
             );
     = help: run `driftless generate --name what_changed`, look at the SQL and commit it
    "#);
}

#[test]
fn the_snapshot_was_forgotten() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.git(&["rm", "--quiet", "drizzle/meta/0003_snapshot.json"]);
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[snapshot-missing]: the snapshot of 0003_posts is missing, its change would be generated again
      --> drizzle/meta/_journal.json:30:7
       |
    30 |       "tag": "0003_posts",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = help: restore it from git: git checkout -- drizzle/meta/0003_snapshot.json
    "#);
}

#[test]
fn the_snapshot_is_stale() {
    insta::assert_snapshot!(check_after(|repository| {
        let old = repository.read("drizzle/meta/0001_snapshot.json");
        repository.write("drizzle/meta/0003_snapshot.json", &old);
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[snapshot-edited]: drizzle/meta/0003_snapshot.json does not hold the state that was recorded for 0003_posts, the next migration would be compared with a wrong one
     --> drizzle/meta/_driftless.json:5:3
      |
    5 |   "0003_posts": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^^^ recorded here
      |
      = help: restore it (`git log -p -- drizzle/meta/0003_snapshot.json` shows the edit)
      = help: if the new state is right, delete the line from drizzle/meta/_driftless.json: the next `driftless generate` records it again
    "#);
}

#[test]
fn the_snapshot_was_edited_by_hand() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.edit("drizzle/meta/0003_snapshot.json", "\"integer\"", "\"bigint\"");
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[snapshot-edited]: drizzle/meta/0003_snapshot.json does not hold the state that was recorded for 0003_posts, the next migration would be compared with a wrong one
     --> drizzle/meta/_driftless.json:5:3
      |
    5 |   "0003_posts": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^^^ recorded here
      |
      = help: restore it (`git log -p -- drizzle/meta/0003_snapshot.json` shows the edit)
      = help: if the new state is right, delete the line from drizzle/meta/_driftless.json: the next `driftless generate` records it again
    "#);
}

#[test]
fn the_chain_is_broken_by_a_migration_taken_out() {
    insta::assert_snapshot!(check_after(|repository| {
        let paths = ["drizzle/0001_age.sql", "drizzle/meta/0001_snapshot.json"];
        repository.git(&["rm", "--quiet", paths[0], paths[1]]);
        repository.journal(|entries| {
            entries.remove(1);
        });
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-lost]: 0001_age is recorded, but the journal does not list it any more
     --> drizzle/meta/_driftless.json:3:3
      |
    3 |   "0001_age": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^ recorded here
      |
      = help: restore its entry in drizzle/meta/_journal.json from git
      = help: if it was removed on purpose and no database has run it, delete this line
    "#);
}

#[test]
fn the_chain_is_broken_by_a_migration_put_in() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.write("drizzle/0001_early.sql", "SELECT 1;");
        repository.journal(|entries| {
            let mut early = entries[1].clone();
            early["tag"] = "0001_early".into();
            early["when"] = (early["when"].as_u64().unwrap() - 1).into();
            entries.insert(1, early);
            for (idx, entry) in entries.iter_mut().enumerate() {
                entry["idx"] = idx.into();
            }
        });
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[snapshot-missing]: 0001_early and 0001_age have the same number, so one of them has no snapshot
      --> drizzle/meta/_journal.json:21:7
       |
    14 |       "tag": "0001_early",
       |       ------------------- the other one
    ...
    21 |       "tag": "0001_age",
       |       ^^^^^^^^^^^^^^^^^
       |
       = help: run `driftless rebase`: what the base branch does not have gets a number of its own at the end
       = help: a migration that was put in by hand is made with `driftless generate --custom`

    info[migration-not-recorded]: 0001_early is not recorded yet, an edit of it would not be noticed offline
      --> drizzle/meta/_journal.json:14:7
       |
    14 |       "tag": "0001_early",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = help: run `driftless record`; the next `driftless generate` that writes one records it too
    "#);
}

#[test]
fn two_entries_changed_places() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.journal(|entries| entries.swap(1, 2));
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[record-chain-broken]: what runs before 0002_rls is not what ran before it when it was recorded
      --> drizzle/meta/_journal.json:14:7
       |
    14 |       "tag": "0002_rls",
       |       ^^^^^^^^^^^^^^^^^
       |
      ::: drizzle/meta/_driftless.json:4:3
       |
     4 |   "0002_rls": {"kind":"custom","hash":"[SHA256]","tokens":"[SHA256]...
       |   ---------- recorded here
       |
       = note: it was recorded after 0001_age, and the journal has it after 0000_first
       = help: put the journal's entries back in the order of the recorded lines; after a merge of two branches run `driftless rebase`
    "#);
}

#[test]
fn a_time_goes_back() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.journal(|entries| entries[3]["when"] = 1_700_000_000_000_u64.into());
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[journal-when-not-increasing]: 0003_posts would never run where 0002_rls has run, its `when` is older than that one's
      --> drizzle/meta/_journal.json:28:7
       |
    21 |       "tag": "0002_rls",
       |       ----------------- the other one
    ...
    28 |       "tag": "0003_posts",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = note: `when` is [MILLISECONDS] and [MILLISECONDS]
       = help: if no database has 0003_posts yet, set its `when` to [MILLISECONDS] in drizzle/meta/_journal.json
    "#);
}

#[test]
fn a_file_was_renamed() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.git(&["mv", "drizzle/0001_age.sql", "drizzle/0001_add_age.sql"]);
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-renamed]: drizzle/0001_age.sql was renamed to drizzle/0001_add_age.sql, which the journal does not list: nothing runs
      --> drizzle/meta/_journal.json:16:7
       |
    16 |       "tag": "0001_age",
       |       ^^^^^^^^^^^^^^^^^ the old name
       |
       = note: its text is the one that was recorded
       = help: give it its old name back: `git mv drizzle/0001_add_age.sql drizzle/0001_age.sql`
    "#);
}

#[test]
fn a_file_was_renamed_and_edited() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.git(&["mv", "drizzle/0001_age.sql", "drizzle/0001_add_age.sql"]);
        repository.write("drizzle/0001_add_age.sql", "ALTER TABLE users ADD COLUMN age bigint;");
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-renamed]: drizzle/0001_age.sql was renamed to drizzle/0001_add_age.sql, which the journal does not list: nothing runs
      --> drizzle/meta/_journal.json:16:7
       |
    16 |       "tag": "0001_age",
       |       ^^^^^^^^^^^^^^^^^ the old name
       |
       = note: it was edited as well: its statements differ
       = help: give it its old name back: `git mv drizzle/0001_add_age.sql drizzle/0001_age.sql`
    "#);
}

#[test]
fn a_file_was_renamed_and_its_entry_with_it() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.git(&["mv", "drizzle/0001_age.sql", "drizzle/0001_add_age.sql"]);
        repository.edit("drizzle/meta/_journal.json", "0001_age", "0001_add_age");
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-renamed]: 0001_age was renamed to 0001_add_age after it was recorded
      --> drizzle/meta/_journal.json:16:7
       |
    16 |       "tag": "0001_add_age",
       |       ^^^^^^^^^^^^^^^^^^^^^ the new name
       |
      ::: drizzle/meta/_driftless.json:3:3
       |
     3 |   "0001_age": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
       |   ---------- the name that was recorded
       |
       = note: its text is the one that was recorded
       = help: give it its old name back: `git mv drizzle/0001_add_age.sql drizzle/0001_age.sql`, and the same in drizzle/meta/_journal.json
    "#);
}

#[test]
fn a_migration_was_renumbered_by_hand() {
    insta::assert_snapshot!(check_after(|repository| {
        for (old, new) in [
            ("drizzle/0003_posts.sql", "drizzle/0007_posts.sql"),
            ("drizzle/meta/0003_snapshot.json", "drizzle/meta/0007_snapshot.json"),
        ] {
            repository.git(&["mv", old, new]);
        }
        repository.edit("drizzle/meta/_journal.json", "0003_posts", "0007_posts");
    }), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-renamed]: 0003_posts was renamed to 0007_posts after it was recorded
      --> drizzle/meta/_journal.json:30:7
       |
    30 |       "tag": "0007_posts",
       |       ^^^^^^^^^^^^^^^^^^^ the new name
       |
      ::: drizzle/meta/_driftless.json:5:3
       |
     5 |   "0003_posts": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
       |   ------------ the name that was recorded
       |
       = note: its text is the one that was recorded
       = help: give it its old name back: `git mv drizzle/0007_posts.sql drizzle/0003_posts.sql`, and the same in drizzle/meta/_journal.json
    "#);
}

#[test]
fn the_record_is_in_conflict() {
    insta::assert_snapshot!(check_after(|repository| {
        let text = repository.read("drizzle/meta/_driftless.json");
        let text = text.replace("  \"0003", "<<<<<<< HEAD\n=======\n>>>>>>> side\n  \"0003");
        repository.write("drizzle/meta/_driftless.json", &text);
    }), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[conflict-markers]: drizzle/meta/_driftless.json holds a git merge conflict at line 5 and cannot be read
     --> drizzle/meta/_driftless.json:5:1
      |
    5 | <<<<<<< HEAD
      | ^^^^^^^^^^^^ git left this line
      |
      = help: run `driftless rebase`: it reads both sides, moves the migrations of the one behind the other's, and writes the file anew
    ");
}

#[test]
fn a_snapshot_is_in_conflict() {
    insta::assert_snapshot!(check_after(|repository| {
        let path = "drizzle/meta/0002_snapshot.json";
        let text = repository.read(path).replacen("{\n", "{\n<<<<<<< HEAD\n=======\n>>>>>>> side\n", 1);
        repository.write(path, &text);
    }), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[conflict-markers]: drizzle/meta/0002_snapshot.json holds a git merge conflict at line 2 and cannot be read
     --> drizzle/meta/0002_snapshot.json:2:1
      |
    2 | <<<<<<< HEAD
      | ^^^^^^^^^^^^ git left this line
      |
      = help: run `driftless rebase`: it reads both sides, moves the migrations of the one behind the other's, and writes the file anew
    ");
}

#[test]
fn a_migration_is_in_conflict() {
    insta::assert_snapshot!(check_after(|repository| {
        repository.write(
            "drizzle/0002_rls.sql",
            "SELECT 1;\n<<<<<<< HEAD\nSELECT 2;\n=======\nSELECT 3;\n>>>>>>> side\n",
        );
    }), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[conflict-markers]: drizzle/0002_rls.sql holds a git merge conflict at line 2
     --> drizzle/0002_rls.sql:2:1
      |
    2 | <<<<<<< HEAD
      | ^^^^^^^^^^^^ git left this line
      |
      = help: keep the side that was applied to a database and delete the marker lines
    ");
}
