//! `check --base`: the folder beside that of the branch it goes to.

use super::{NAME, Repository, schema, table};

/// `main` has `0000_first` and `0001_posts`; the branch `feature` begins there.
fn on_feature() -> Repository {
    let repository = Repository::new();
    repository.generate(&schema(NAME, &table("posts")), "posts", &[]);
    repository.branch("feature");
    repository
}

fn check(repository: &Repository) -> String {
    repository.commit("a change");
    repository.run(&["check", "--base", "main"])
}

#[test]
fn a_branch_that_only_adds_is_fine() {
    let repository = on_feature();
    let tables = table("posts") + &table("tags");
    repository.generate(&schema(NAME, &tables), "tags", &[]);
    repository.checkout("main");
    repository.write("note.txt", "main went on");
    repository.commit("note");
    repository.checkout("feature");
    insta::assert_snapshot!(repository.run(&["check", "--base", "main"]), @r"
    exit 0
    --- stdout
    in step: 3 tables, 3 migrations
    ");
}

#[test]
fn two_branches_took_one_number() {
    let repository = on_feature();
    let both = |name: &str| table("posts") + "\n" + &table(name);
    repository.generate(&schema(NAME, &both("tags")), "tags", &[]);
    repository.checkout("main");
    repository.generate(&schema(NAME, &both("likes")), "likes", &[]);
    repository.checkout("feature");
    insta::assert_snapshot!(repository.run(&["check", "--base", "main"]), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[base-same-number]: 0002_tags takes the number that 0002_likes has on main: two branches made a migration from the same state
      --> drizzle/meta/_journal.json:23:7
       |
    23 |       "tag": "0002_tags",
       |       ^^^^^^^^^^^^^^^^^^
       |
       = help: merge main and run `driftless rebase --base main`: this branch's migrations get the next numbers
    "#);
}

#[test]
fn two_branches_change_one_object() {
    let repository = on_feature();
    let column = |rest: &str| schema(&format!("  name: text(){rest},\n"), &table("posts"));
    repository.generate(&column(""), "nullable", &[]);
    repository.checkout("main");
    repository.custom("fill", "UPDATE users SET name = 'nobody' WHERE name = '';");
    repository.generate(&column(".notNull().default('nobody')"), "default", &[]);
    repository.checkout("feature");
    insta::assert_snapshot!(repository.run(&["check", "--base", "main"]), @r#"
    exit 1
    --- stdout
    check failed: 2 findings
    --- stderr
    error[base-same-number]: 0002_nullable takes the number that 0002_fill has on main: two branches made a migration from the same state
      --> drizzle/meta/_journal.json:23:7
       |
    23 |       "tag": "0002_nullable",
       |       ^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: merge main and run `driftless rebase --base main`: this branch's migrations get the next numbers

    error[base-same-objects]: this branch and main both change column users.name, and neither knows of the other
      --> drizzle/meta/_journal.json:23:7
       |
    23 |       "tag": "0002_nullable",
       |       ^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: column users.name: altered here, altered on main
       = note: here in 0002_nullable, there in 0002_fill, 0003_default
       = help: merge main, decide in schema.ts what it shall be, and run `driftless rebase --base main`

    info[ban-drop-not-null]: Dropping a `NOT NULL` constraint may break existing clients
     --> drizzle/0002_nullable.sql:1:41
      |
    1 | ALTER TABLE "users" ALTER COLUMN "name" DROP NOT NULL;
      |                                         ^^^^^^^^^^^^^
    "#);
}

#[test]
fn one_branch_renames_what_the_other_builds_upon() {
    let repository = on_feature();
    let index = schema(NAME, &table("posts")).replacen(
        "});",
        "}, (t) => [index('users_name').on(t.name)]);",
        1,
    );
    repository.generate(&index, "index", &[]);
    repository.checkout("main");
    let renamed = schema("  title: text().notNull(),\n", &table("posts"));
    repository.generate(&renamed, "title", &["--rename", "users.name=users.title"]);
    repository.checkout("feature");
    insta::assert_snapshot!(repository.run(&["check", "--base", "main"]), @r#"
    exit 1
    --- stdout
    check failed: 2 findings
    --- stderr
    error[base-same-number]: 0002_index takes the number that 0002_title has on main: two branches made a migration from the same state
      --> drizzle/meta/_journal.json:23:7
       |
    23 |       "tag": "0002_index",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = help: merge main and run `driftless rebase --base main`: this branch's migrations get the next numbers

    error[base-same-objects]: this branch and main both change index users.users_name, and neither knows of the other
      --> drizzle/meta/_journal.json:23:7
       |
    23 |       "tag": "0002_index",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = note: index users.users_name: changed here, and public.users.name is renamed to public.users.title on main
       = note: here in 0002_index, there in 0002_title
       = help: merge main, decide in schema.ts what it shall be, and run `driftless rebase --base main`

    warning[index-not-concurrent]: index users_name of users is built without CONCURRENTLY
     --> drizzle/0002_index.sql:2:1
      |
    2 | CREATE INDEX "users_name" ON "users" USING btree ("name");
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: not measured: who waits for it meanwhile
      = help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that
    "#);
}

#[test]
fn one_branch_drops_what_the_other_builds_upon() {
    let repository = on_feature();
    let tables = table("posts").replace("() }", "(), title: text() }");
    repository.generate(&schema(NAME, &tables), "title", &[]);
    repository.checkout("main");
    repository.generate(&schema(NAME, ""), "no_posts", &["--allow", "drop-table"]);
    repository.checkout("feature");
    insta::assert_snapshot!(repository.run(&["check", "--base", "main"]), @r#"
    exit 1
    --- stdout
    check failed: 2 findings
    --- stderr
    error[base-same-number]: 0002_title takes the number that 0002_no_posts has on main: two branches made a migration from the same state
      --> drizzle/meta/_journal.json:23:7
       |
    23 |       "tag": "0002_title",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = help: merge main and run `driftless rebase --base main`: this branch's migrations get the next numbers

    error[base-same-objects]: this branch and main both change column posts.title, and neither knows of the other
      --> drizzle/meta/_journal.json:23:7
       |
    23 |       "tag": "0002_title",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = note: column posts.title: changed here, and table posts is dropped on main
       = note: here in 0002_title, there in 0002_no_posts
       = help: merge main, decide in schema.ts what it shall be, and run `driftless rebase --base main`
    "#);
}

#[test]
fn a_migration_of_the_base_was_edited_and_recorded_again() {
    let repository = on_feature();
    repository.edit("drizzle/0000_first.sql", "text", "varchar(9)");
    let record = repository.read("drizzle/meta/_driftless.json");
    let lines: Vec<_> = record
        .lines()
        .filter(|line| !line.contains("\"0000_first\""))
        .collect();
    repository.write("drizzle/meta/_driftless.json", &lines.join("\n"));
    repository.succeeds(&["record"]);
    insta::assert_snapshot!(repository.run(&["check"]), @r"
    exit 0
    --- stdout
    in step: 2 tables, 2 migrations
    ");
    insta::assert_snapshot!(check(&repository), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[base-migration-changed]: drizzle/0000_first.sql is not what it is on main, its statements differ
     --> drizzle/0000_first.sql:3:1
      |
    3 |     "name" varchar(9) NOT NULL
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the first line that differs
      |
      = note: its hash in drizzle/meta/_driftless.json was changed with it
      = help: take it back (git checkout main -- drizzle/0000_first.sql drizzle/meta/_driftless.json), and put the change into a new migration
    "#);
}

#[test]
fn a_migration_of_the_base_was_taken_out_with_all_that_is_known_of_it() {
    let repository = on_feature();
    repository.schema(&schema(NAME, ""));
    for path in ["drizzle/0001_posts.sql", "drizzle/meta/0001_snapshot.json"] {
        repository.remove(path);
    }
    let main = "HEAD~1";
    for path in ["drizzle/meta/_journal.json", "drizzle/meta/_driftless.json"] {
        let text = repository.at(main, path);
        repository.write(path, &text);
    }
    insta::assert_snapshot!(repository.run(&["check"]), @r"
    exit 0
    --- stdout
    in step: 1 table, 1 migration
    ");
    insta::assert_snapshot!(check(&repository), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[base-migration-removed]: 0001_posts of main is not in the journal any more: a new database would go without it
     |
     = help: take it back: git checkout main -- drizzle
     = help: to undo what it did, write a new migration: `driftless revert`
    ");
}

#[test]
fn a_migration_of_the_base_was_renamed_with_all_that_is_known_of_it() {
    let repository = on_feature();
    repository.git(&["mv", "drizzle/0001_posts.sql", "drizzle/0001_articles.sql"]);
    repository.edit("drizzle/meta/_journal.json", "0001_posts", "0001_articles");
    let record = repository.read("drizzle/meta/_driftless.json");
    let lines: Vec<_> = record
        .lines()
        .filter(|line| !line.contains("\"0001_posts\""))
        .collect();
    repository.write("drizzle/meta/_driftless.json", &lines.join("\n"));
    repository.succeeds(&["record"]);
    insta::assert_snapshot!(repository.run(&["check"]), @r"
    exit 0
    --- stdout
    in step: 2 tables, 2 migrations
    ");
    insta::assert_snapshot!(check(&repository), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[base-migration-renamed]: 0001_posts of main was renamed to 0001_articles: a database that has run it would run it again
      --> drizzle/meta/_journal.json:16:7
       |
    16 |       "tag": "0001_articles",
       |       ^^^^^^^^^^^^^^^^^^^^^^ the new name
       |
       = help: take it back: git checkout main -- drizzle
    "#);
}

#[test]
fn the_time_of_a_migration_of_the_base_was_changed() {
    let repository = on_feature();
    repository.journal(|entries| {
        entries[1]["when"] = (entries[1]["when"].as_u64().unwrap() + 1).into();
    });
    insta::assert_snapshot!(repository.run(&["check"]), @r"
    exit 0
    --- stdout
    in step: 2 tables, 2 migrations
    ");
    insta::assert_snapshot!(check(&repository), @r#"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[base-entry-changed]: the journal entry of 0001_posts is not what it is on main: databases that have run it know it by the old one
      --> drizzle/meta/_journal.json:14:7
       |
    14 |       "tag": "0001_posts",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = note: `when` is [MILLISECONDS], and was [MILLISECONDS]
       = help: take the entry back: git diff main -- drizzle/meta/_journal.json
    "#);
}

#[test]
fn a_migration_of_this_branch_is_listed_before_one_of_the_base() {
    let repository = on_feature();
    repository.custom("mine", "SELECT 1;\n");
    repository.remove("drizzle/meta/_driftless.json");
    repository.journal(|entries| {
        entries.swap(1, 2);
        for (at, entry) in entries.iter_mut().enumerate() {
            entry["idx"] = at.into();
        }
        let first = entries[0]["when"].as_u64().unwrap();
        entries[1]["when"] = (first + 1).into();
    });
    insta::assert_snapshot!(check(&repository), @r#"
    exit 1
    --- stdout
    check failed: 4 findings
    --- stderr
    error[snapshot-chain-broken]: drizzle/meta/0002_snapshot.json does not follow the snapshot before it in the journal
     --> drizzle/meta/0002_snapshot.json:3:14
      |
    3 |   "prevId": "[UUID]",
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: the one before it is drizzle/meta/0000_snapshot.json
      = help: restore the journal's order, or the migration that is missing before it
      = help: if a migration was dropped on purpose, set `prevId` to [UUID]

    error[snapshot-chain-broken]: drizzle/meta/0001_snapshot.json does not follow the snapshot before it in the journal
     --> drizzle/meta/0001_snapshot.json:3:14
      |
    3 |   "prevId": "[UUID]",
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: the one before it is drizzle/meta/0002_snapshot.json
      = help: restore the journal's order, or the migration that is missing before it
      = help: if a migration was dropped on purpose, set `prevId` to [UUID]

    warning[snapshot-order]: drizzle-kit would continue from drizzle/meta/0002_snapshot.json, the newest state is drizzle/meta/0001_snapshot.json
      --> drizzle/meta/_journal.json:21:7
       |
    21 |       "tag": "0001_posts",
       |       ^^^^^^^^^^^^^^^^^^^ the last migration with a snapshot
       |
       = help: keep one `prefix` in the config, and generate with Driftless only

    error[base-entry-changed]: the journal entry of 0001_posts is not what it is on main: databases that have run it know it by the old one
      --> drizzle/meta/_journal.json:21:7
       |
    21 |       "tag": "0001_posts",
       |       ^^^^^^^^^^^^^^^^^^^
       |
       = note: `idx` is 2, and was 1
       = help: take the entry back: git diff main -- drizzle/meta/_journal.json

    error[base-order-changed]: 0002_mine is listed before 0001_posts, which main has run before it
      --> drizzle/meta/_journal.json:14:7
       |
    14 |       "tag": "0002_mine",
       |       ^^^^^^^^^^^^^^^^^^
    ...
    21 |       "tag": "0001_posts",
       |       ------------------- the base's
       |
       = help: put the base's entries first, as they are there; `driftless rebase` does it
    "#);
}

#[test]
fn what_the_branch_adds_is_linted_by_its_text() {
    let repository = on_feature();
    repository.custom(
        "slow",
        "CREATE INDEX users_name ON users (name);\n--> statement-breakpoint\n\
         -- driftless: allow add-not-null-column: because there are no rows yet\n\
         ALTER TABLE users ADD COLUMN kind text NOT NULL;\n",
    );
    insta::assert_snapshot!(repository.run(&["check", "--base", "main"]), @"
    exit 0
    --- stdout
    in step: 2 tables, 3 migrations
    --- stderr
    warning[index-not-concurrent]: index users_name of users is built without CONCURRENTLY
     --> drizzle/0002_slow.sql:1:1
      |
    1 | CREATE INDEX users_name ON users (name);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: not measured: who waits for it meanwhile
      = help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that
    ");
    // The base's own are none of this branch's.
    repository.checkout("main");
    repository.git(&["merge", "--quiet", "feature"]);
    repository.branch("next");
    let said = repository.run(&["check", "--base", "main"]);
    assert!(said.starts_with("exit 0"), "{said}");
}
