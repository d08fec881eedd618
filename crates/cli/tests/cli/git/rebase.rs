//! Two branches that each made a migration, merged: one finding, and `rebase` with the fix.

use super::{NAME, is_mended, merging, schema, table, with_tables};

#[test]
fn generated_and_generated_on_different_tables() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&with_tables(&["tags"]), "tags", &[]),
    );
    repository.schema(&with_tables(&["posts", "tags"]));
    insta::assert_snapshot!(repository.run(&["check"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[conflict-markers]: two branches made migrations from the same state, and git could not merge their journals: 0001_tags (HEAD) and 0001_posts (main)
      --> drizzle/meta/_journal.json:15:1
       |
    15 | <<<<<<< HEAD
       | ^^^^^^^^^^^^ git left this line
       |
       = note: their snapshots and their lines in the record are in conflict as well, or one side's are lost
       = help: merge schema.ts by hand, leave the migrations folder as it is, and run `driftless rebase`: the younger branch's migrations get new numbers behind the other's
    ");
    insta::assert_snapshot!(repository.run(&["rebase", "--dry-run"]), @r"
    exit 0
    --- stdout
    0001_tags: moved and generated again, with the same SQL
    --- stderr
    nothing was written
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
    insta::assert_snapshot!(repository.names().join("\n"), @r"
    0000_first.sql
    0001_posts.sql
    0002_tags.sql
    meta/0000_snapshot.json
    meta/0001_snapshot.json
    meta/0002_snapshot.json
    meta/_driftless.json
    meta/_journal.json
    ");
    is_mended(&repository);
}

#[test]
fn generated_and_generated_on_the_same_table() {
    let columns = |more: &str| schema(&format!("{NAME}{more}"), "");
    let repository = merging(
        |main| main.generate(&columns("  age: integer(),\n"), "age", &[]),
        |feature| feature.generate(&columns("  nick: text(),\n"), "nick", &[]),
    );
    repository.schema(&columns("  age: integer(),\n  nick: text(),\n"));
    insta::assert_snapshot!(repository.run(&["check"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[conflict-markers]: two branches made migrations from the same state, and git could not merge their journals: 0001_nick (HEAD) and 0001_age (main)
      --> drizzle/meta/_journal.json:15:1
       |
    15 | <<<<<<< HEAD
       | ^^^^^^^^^^^^ git left this line
       |
       = note: their snapshots and their lines in the record are in conflict as well, or one side's are lost
       = help: merge schema.ts by hand, leave the migrations folder as it is, and run `driftless rebase`: the younger branch's migrations get new numbers behind the other's
    ");
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_nick: moved and generated again, with the same SQL
    wrote drizzle/0002_nick.sql for 0001_nick
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    is_mended(&repository);
}

#[test]
fn generated_and_generated_on_the_same_column() {
    let column = |rest: &str| schema(&format!("  name: text(){rest},\n"), "");
    let repository = merging(
        |main| main.generate(&column(".notNull().default('nobody')"), "default", &[]),
        |feature| feature.generate(&column(""), "nullable", &[]),
    );
    repository.schema(&column(".default('nobody')"));
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_nullable: moved and generated again, with the same SQL
    wrote drizzle/0002_nullable.sql for 0001_nullable
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    is_mended(&repository);
}

#[test]
fn generated_and_generated_with_the_same_change() {
    let nick = schema(&format!("{NAME}  nick: text(),\n"), "");
    let repository = merging(
        |main| main.generate(&nick, "nick", &[]),
        |feature| feature.generate(&nick, "nickname", &[]),
    );
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_nickname: left out, main makes its change already
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    insta::assert_snapshot!(repository.names().join("\n"), @r"
    0000_first.sql
    0001_nick.sql
    meta/0000_snapshot.json
    meta/0001_snapshot.json
    meta/_driftless.json
    meta/_journal.json
    ");
    is_mended(&repository);
}

#[test]
fn hand_written_and_generated() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| {
            let sql = "-- Nobody without a name\nUPDATE users SET name = 'x' WHERE name = '';\n\
                       --> statement-breakpoint\nALTER TABLE users ENABLE ROW LEVEL SECURITY;\n";
            feature.custom("rls", sql);
            feature.generate(&with_tables(&["tags"]), "tags", &[]);
        },
    );
    repository.schema(&with_tables(&["posts", "tags"]));
    insta::assert_snapshot!(repository.run(&["check"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[conflict-markers]: two branches made migrations from the same state, and git could not merge their journals: 0001_rls, 0002_tags (HEAD) and 0001_posts (main)
      --> drizzle/meta/_journal.json:15:1
       |
    15 | <<<<<<< HEAD
       | ^^^^^^^^^^^^ git left this line
       |
       = note: their snapshots and their lines in the record are in conflict as well, or one side's are lost
       = help: merge schema.ts by hand, leave the migrations folder as it is, and run `driftless rebase`: the younger branch's migrations get new numbers behind the other's
    ");
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_rls: moved, its text as it is
    0002_tags: moved and generated again, with the same SQL
    wrote drizzle/0002_rls.sql for 0001_rls
    wrote drizzle/0003_tags.sql for 0002_tags
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    assert_eq!(
        repository.read("drizzle/0002_rls.sql"),
        repository.at("HEAD", "drizzle/0001_rls.sql")
    );
    is_mended(&repository);
}

#[test]
fn a_rename_on_the_base() {
    let repository = merging(
        |main| {
            let renamed = schema("  title: text().notNull(),\n", "");
            main.generate(&renamed, "title", &["--rename", "users.name=users.title"]);
        },
        |feature| {
            let nick = schema(&format!("{NAME}  nick: text(),\n"), "");
            feature.generate(&nick, "nick", &[]);
        },
    );
    repository.schema(&schema("  title: text().notNull(),\n  nick: text(),\n", ""));
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_nick: moved and generated again, with the same SQL
    wrote drizzle/0002_nick.sql for 0001_nick
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    is_mended(&repository);
}

#[test]
fn a_rename_on_this_side_keeps_its_answer() {
    let repository = merging(
        |main| {
            let nick = schema(&format!("{NAME}  nick: text(),\n"), "");
            main.generate(&nick, "nick", &[]);
        },
        |feature| {
            let renamed = schema("  title: text().notNull(),\n", "");
            feature.generate(&renamed, "title", &["--rename", "users.name=users.title"]);
        },
    );
    repository.schema(&schema("  title: text().notNull(),\n  nick: text(),\n", ""));
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_title: moved and generated again, with the same SQL
    wrote drizzle/0002_title.sql for 0001_title
    --- stderr
    --rename public.users.name=public.users.title as decided for 0001_title
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    assert_eq!(
        repository.read("drizzle/0002_title.sql"),
        "ALTER TABLE \"users\" RENAME COLUMN \"name\" TO \"title\";"
    );
    let record = repository.read("drizzle/meta/_driftless.json");
    assert!(
        record.contains("\"renames\":[\"public.users.name=public.users.title\"]"),
        "{record}"
    );
    is_mended(&repository);
}

#[test]
fn a_renamed_table_on_the_base_under_a_change_of_this_side() {
    let people = |columns: &str| schema(columns, "").replace("'users'", "'people'");
    let repository = merging(
        |main| main.generate(&people(NAME), "people", &["--rename", "users=people"]),
        |feature| {
            let nick = schema(&format!("{NAME}  nick: text(),\n"), "");
            feature.generate(&nick, "nick", &[]);
        },
    );
    repository.schema(&people(&format!("{NAME}  nick: text(),\n")));
    insta::assert_snapshot!(repository.run(&["rebase"]), @r#"
    exit 0
    --- stdout
    0001_nick: moved and generated again, its SQL is another one now:
    ALTER TABLE "people" ADD COLUMN "nick" text;
    wrote drizzle/0002_nick.sql for 0001_nick
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    "#);
    is_mended(&repository);
}

#[test]
fn several_migrations_of_a_branch_each_keep_their_part() {
    let repository = merging(
        |main| {
            main.generate(&with_tables(&["posts"]), "posts", &[]);
            main.generate(&with_tables(&["posts", "likes"]), "likes", &[]);
        },
        |feature| {
            feature.generate(&with_tables(&["tags"]), "tags", &[]);
            feature.custom("fill", "INSERT INTO tags DEFAULT VALUES;\n");
            feature.generate(&with_tables(&["tags", "labels"]), "labels", &[]);
        },
    );
    repository.schema(&with_tables(&["posts", "likes", "tags", "labels"]));
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_tags: moved and generated again, with the same SQL
    0002_fill: moved, its text as it is
    0003_labels: moved and generated again, with the same SQL
    wrote drizzle/0003_tags.sql for 0001_tags
    wrote drizzle/0004_fill.sql for 0002_fill
    wrote drizzle/0005_labels.sql for 0003_labels
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    insta::assert_snapshot!(repository.names().join("\n"), @r"
    0000_first.sql
    0001_posts.sql
    0002_likes.sql
    0003_tags.sql
    0004_fill.sql
    0005_labels.sql
    meta/0000_snapshot.json
    meta/0001_snapshot.json
    meta/0002_snapshot.json
    meta/0003_snapshot.json
    meta/0004_snapshot.json
    meta/0005_snapshot.json
    meta/_driftless.json
    meta/_journal.json
    ");
    is_mended(&repository);
}

#[test]
fn a_change_that_takes_two_files() {
    let indexed = |columns: &str, tables: &str| {
        let index = "}, (t) => [index('users_name').on(t.name).concurrently()]);";
        schema(columns, tables).replacen("});", index, 1)
    };
    let nick = format!("{NAME}  nick: text(),\n");
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| {
            feature.generate(&indexed(&nick, ""), "nick", &[]);
            let path = "drizzle/0002_nick_2.sql";
            let text = feature
                .read(path)
                .replace("INDEX CONCURRENTLY", "INDEX CONCURRENTLY /* slow */");
            feature.write(path, &text);
            feature.commit("a comment in the second file");
        },
    );
    repository.schema(&indexed(&nick, &table("posts")));
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 0
    --- stdout
    0001_nick: moved and generated again, with the same SQL
    0002_nick_2: another file of the change before it
    wrote drizzle/0002_nick.sql for 0001_nick
    wrote drizzle/0003_nick_2.sql for 0001_nick
    --- stderr
    rewrote journal, snapshots and record of drizzle
    hint: `driftless check --replay` runs it all in scratch
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    let second = repository.read("drizzle/0003_nick_2.sql");
    assert!(second.contains("/* slow */"), "{second}");
    is_mended(&repository);
}

#[test]
fn what_it_did_as_json() {
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| {
            feature.custom("fill", "SELECT 1;\n");
            feature.generate(&with_tables(&["tags"]), "tags", &[]);
        },
    );
    repository.schema(&with_tables(&["posts", "tags"]));
    let (code, json) = repository.json(&["rebase"]);
    assert_eq!(code, 0, "{json}");
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).unwrap(), @r#"
    {
      "base": "main",
      "command": "rebase",
      "diagnostics": [],
      "exit_code": 0,
      "moved": [
        {
          "how": "text-kept",
          "new": "0002_fill",
          "old": "0001_fill"
        },
        {
          "how": "same-sql",
          "new": "0003_tags",
          "old": "0002_tags"
        }
      ],
      "outcome": "ok"
    }
    "#);
}

/// Its plan has fewer files than it took: what was written to let others work stays so.
#[test]
fn a_change_that_was_generated_online() {
    let unique = schema("  name: text().notNull().unique(),\n", "");
    let repository = merging(
        |main| main.generate(&with_tables(&["posts"]), "posts", &[]),
        |feature| feature.generate(&unique, "unique", &["--online"]),
    );
    repository.schema(&(unique + &table("posts")));
    let files: Vec<String> = ["0001_unique", "0002_unique_2"]
        .map(|tag| repository.read(&format!("drizzle/{tag}.sql")))
        .into();
    assert!(files[0].contains("CONCURRENTLY"), "{files:?}");
    let told = repository.run(&["rebase"]);
    assert!(told.starts_with("exit 0\n"), "{told}");
    let moved: Vec<String> = ["0002_unique", "0003_unique_2"]
        .map(|tag| repository.read(&format!("drizzle/{tag}.sql")))
        .into();
    assert_eq!(moved, files);
    is_mended(&repository);
}
