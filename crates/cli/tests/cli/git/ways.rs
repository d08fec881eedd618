//! Ways in which branches meet, and what somebody did to the conflict before `rebase`.

use super::{is_mended, merging, with_tables};

#[test]
fn a_merge_that_kept_both_entries_by_hand_and_was_committed() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&with_tables(&["tags"]), "tags", &[]),
    );
    repository.schema(&with_tables(&["posts", "tags"]));
    let journal = repository.at("main", "drizzle/meta/_journal.json");
    repository.write("drizzle/meta/_journal.json", &journal);
    let ours = repository.at("HEAD", "drizzle/meta/_journal.json");
    let ours: serde_json::Value = serde_json::from_str(&ours).unwrap();
    repository.journal(|entries| entries.push(ours["entries"][1].clone()));
    let record = repository.read("drizzle/meta/_driftless.json");
    let lines: Vec<_> = record
        .lines()
        .filter(|line| line.starts_with([' ', '{', '}']))
        .collect();
    repository.write("drizzle/meta/_driftless.json", &lines.join("\n"));
    repository.git(&[
        "checkout",
        "--quiet",
        "--theirs",
        "drizzle/meta/0001_snapshot.json",
    ]);
    repository.commit("merged by hand");
    repository.write("note.txt", "and more work on top");
    repository.commit("note");
    insta::assert_snapshot!(repository.run(&["check"]), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[journal-duplicate-index]: 0001_posts and 0001_tags both have index 1, two branches made a migration from the same state
      --> drizzle/meta/_journal.json:21:7
       |
    14 |       "tag": "0001_posts",
       |       ------------------- the other one
    ...
    21 |       "tag": "0001_tags",
       |       ^^^^^^^^^^^^^^^^^^
       |
       = help: run `driftless rebase`: the younger branch's migrations get new numbers behind the other's, and are generated again on top of them
    "#);
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_tags: moved and generated again, with the same SQL
    wrote drizzle/0002_tags.sql for 0001_tags
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    is_mended(&repository);
}

#[test]
fn a_merge_that_kept_one_side_of_the_journal() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&with_tables(&["tags"]), "tags", &[]),
    );
    repository.schema(&with_tables(&["posts", "tags"]));
    for name in ["_journal.json", "_driftless.json", "0001_snapshot.json"] {
        let path = format!("drizzle/meta/{name}");
        repository.git(&["checkout", "--quiet", "--theirs", &path]);
    }
    repository.commit("took the base's side");
    insta::assert_snapshot!(repository.run(&["check"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[migration-not-in-journal]: drizzle/0001_tags.sql never runs, the journal does not list it
     |
     = note: 0001_posts has the same number: two branches made a migration from the same state, and a merge kept one side of the journal
     = help: run `driftless rebase`: it gives the younger branch's migration a new number
    ");
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_tags: moved and generated again, with the same SQL
    wrote drizzle/0002_tags.sql for 0001_tags
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    is_mended(&repository);
}

#[test]
fn on_main_itself_the_merged_branch_moves() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&with_tables(&["tags"]), "tags", &[]),
    );
    repository.git(&["merge", "--abort"]);
    repository.checkout("main");
    assert!(!repository.merge("feature"));
    repository.schema(&with_tables(&["posts", "tags"]));
    // Somebody commits it as git left it.
    repository.commit("merged");
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_tags: moved and generated again, with the same SQL
    wrote drizzle/0002_tags.sql for 0001_tags
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    repository.is_sound();
}

#[test]
fn a_git_rebase_that_stopped_at_the_journal() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&with_tables(&["tags"]), "tags", &[]),
    );
    repository.git(&["merge", "--abort"]);
    assert!(!repository.try_git(&["rebase", "main"]).0);
    repository.schema(&with_tables(&["posts", "tags"]));
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_tags: moved and generated again, with the same SQL
    wrote drizzle/0002_tags.sql for 0001_tags
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    repository.is_sound();
    repository.git(&["add", "--all"]);
    repository.git(&["-c", "core.editor=true", "rebase", "--continue"]);
    repository.is_sound();
}

#[test]
fn before_the_merge_the_bases_migrations_come_first() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&with_tables(&["tags"]), "tags", &[]),
    );
    repository.git(&["merge", "--abort"]);
    insta::assert_snapshot!(repository.run(&["check", "--base", "main"]), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[base-same-number]: 0001_tags takes the number that 0001_posts has on main: two branches made a migration from the same state
      --> drizzle/meta/_journal.json:16:7
       |
    16 |       "tag": "0001_tags",
       |       ^^^^^^^^^^^^^^^^^^
       |
       = help: merge main and run `driftless rebase --base main`: this branch's migrations get the next numbers
    "#);
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_posts is taken from main
    0001_tags: moved and generated again, with the same SQL
    wrote drizzle/0002_tags.sql for 0001_tags
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: now merge main: until then `driftless check` says that schema.ts is behind
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    repository.commit("moved");
    // The journal has the base's entries already; git may still ask about the line behind them.
    repository.merge("main");
    repository.schema(&with_tables(&["posts", "tags"]));
    repository.run(&["rebase"]);
    is_mended(&repository);
}
