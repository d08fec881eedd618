//! Two branches, one of which has squashed what both began with.

use super::{Repository, is_mended, with_tables};

/// `main` has `0001_posts`, and the branch `feature` has `0002_tags` behind it.
fn on_main() -> Option<Repository> {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return None;
    }
    let repository = Repository::new();
    repository.generate(&with_tables(&["posts"]), "posts", &[]);
    repository.branch("feature");
    repository.generate(&with_tables(&["posts", "tags"]), "tags", &[]);
    repository.checkout("main");
    Some(repository)
}

#[test]
fn the_base_was_squashed() {
    let Some(repository) = on_main() else { return };
    repository.generate(&with_tables(&["posts", "pages"]), "pages", &[]);
    repository.succeeds(&["squash", "--name", "first"]);
    repository.is_sound();
    repository.branch("squash");
    repository.commit("squash");
    let told = repository.run(&["check", "--base", "main", "--fail-on", "info"]);
    assert!(told.starts_with("exit 0\n"), "{told}");
    repository.checkout("main");
    repository.git(&["merge", "--quiet", "squash"]);
    repository.checkout("feature");
    assert!(!repository.merge("main"), "git merges no two journals");
    repository.schema(&with_tables(&["posts", "pages", "tags"]));
    insta::assert_snapshot!(repository.run(&["rebase"]), @"
    exit 0
    --- stdout
    0002_tags: moved and generated again, with the same SQL
    wrote drizzle/0001_tags.sql for 0002_tags
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    insta::assert_snapshot!(repository.names().join("\n"), @"
    0000_first.sql
    0001_tags.sql
    meta/0000_snapshot.json
    meta/0001_snapshot.json
    meta/_driftless.json
    meta/_journal.json
    ");
    is_mended(&repository);
}

#[test]
fn the_base_was_squashed_and_is_not_merged_yet() {
    let Some(repository) = on_main() else { return };
    repository.succeeds(&["squash"]);
    repository.commit("squash");
    repository.checkout("feature");
    insta::assert_snapshot!(repository.run(&["rebase"]), @"
    exit 0
    --- stdout
    0000_baseline is taken from main
    0002_tags: moved and generated again, with the same SQL
    wrote drizzle/0001_tags.sql for 0002_tags
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: now merge main: until then `driftless check` says that schema.ts is behind
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    insta::assert_snapshot!(repository.names().join("\n"), @"
    0000_baseline.sql
    0001_tags.sql
    meta/0000_snapshot.json
    meta/0001_snapshot.json
    meta/_driftless.json
    meta/_journal.json
    ");
    repository.is_sound();
}
