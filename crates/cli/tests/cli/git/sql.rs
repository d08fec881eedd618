//! Branches of a project whose schema is SQL files beside schema.ts: what a migration does behind the
//! base's is seen in scratch Postgres.

use insta::assert_snapshot;

use super::{NAME, Repository, is_mended, merging_in, schema, table};

const VIEW: &str = "CREATE VIEW people AS SELECT id, name FROM users;\n";

/// As `merging`; the first commit has the view besides the table.
fn merging(
    main: impl FnOnce(&Repository),
    feature: impl FnOnce(&Repository),
) -> Option<Repository> {
    if driftless_testing::binaries().is_none() {
        println!("skipped: no Postgres on this machine");
        return None;
    }
    let repository = Repository::new();
    repository.write(
        "driftless.toml",
        "schema = ['src/schema.ts', 'sql/*.sql']\n",
    );
    change(&repository, NAME, VIEW, "people", &[]);
    Some(merging_in(repository, main, feature))
}

/// Columns of the table and text of the view, and the migration for them.
fn change(repository: &Repository, columns: &str, view: &str, name: &str, flags: &[&str]) {
    repository.write("sql/people.sql", view);
    repository.generate(&schema(columns, ""), name, flags);
}

fn decide(repository: &Repository, columns: &str, view: &str) {
    repository.schema(&schema(columns, ""));
    repository.write("sql/people.sql", view);
}

/// Both replace the view, each in its own way, and somebody has decided for both.
fn replacing_one_view(and_feature: impl FnOnce(&Repository)) -> Option<Repository> {
    let repository = merging(
        |main| {
            let view = "CREATE VIEW people AS SELECT id, upper(name) AS name FROM users;\n";
            change(main, NAME, view, "upper", &[]);
        },
        |feature| {
            let view = "CREATE VIEW people AS SELECT id, name FROM users WHERE id > 0;\n";
            change(feature, NAME, view, "positive", &[]);
            and_feature(feature);
        },
    )?;
    let view = "CREATE VIEW people AS SELECT id, upper(name) AS name FROM users WHERE id > 0;\n";
    decide(&repository, NAME, view);
    Some(repository)
}

/// Sound, in step, and in step when it is run.
#[track_caller]
fn is_proven(repository: &Repository) {
    is_mended(repository);
    let told = repository.run(&["check", "--replay"]);
    assert!(told.starts_with("exit 0\n"), "{told}");
}

#[test]
fn what_still_leads_there_keeps_its_text() {
    let Some(repository) = merging(
        |main| main.generate(&schema(NAME, &table("posts")), "posts", &[]),
        |feature| {
            let view = "CREATE VIEW people AS SELECT id, name, 1 AS one FROM users;\n";
            change(feature, NAME, view, "one", &[]);
        },
    ) else {
        return;
    };
    repository.schema(&schema(NAME, &table("posts")));
    assert_snapshot!(repository.run(&["rebase"]), @"
    exit 0
    --- stdout
    0002_one: moved and generated again, with the same SQL
    wrote drizzle/0003_one.sql for 0002_one
    --- stderr
    rewrote journal, snapshots and record of drizzle
    proven in scratch: the migrations make what is declared
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
    is_proven(&repository);
}

#[test]
fn what_fails_behind_the_bases_is_generated_again() {
    let Some(repository) = merging(
        |main| {
            let view = "CREATE VIEW people AS SELECT id, name, 1 AS one FROM users;\n";
            change(main, NAME, view, "one", &[]);
        },
        |feature| {
            let view = "CREATE VIEW people AS SELECT id, name, age FROM users;\n";
            change(
                feature,
                &format!("{NAME}  age: integer(),\n"),
                view,
                "age",
                &[],
            );
            feature.custom("by_hand", "SELECT 1;\n");
            let view = "CREATE VIEW people AS SELECT id, name, age AS old FROM users;\n";
            change(
                feature,
                &format!("{NAME}  age: integer(),\n"),
                view,
                "old",
                &[],
            );
        },
    ) else {
        return;
    };
    let view = "CREATE VIEW people AS SELECT id, name, 1 AS one, age AS old FROM users;\n";
    decide(&repository, &format!("{NAME}  age: integer(),\n"), view);
    assert_snapshot!(repository.run(&["rebase", "--dry-run"]), @r#"
    exit 0
    --- stdout
    0002_age: moved and generated again, its SQL is another one now:
    ALTER TABLE "users" ADD COLUMN "age" integer;
    CREATE OR REPLACE VIEW "public"."people" AS (SELECT users.id,
        users.name,
        1 AS one,
        users.age AS old
       FROM public.users);
    0003_by_hand: moved, its text as it is
    0004_old: another file of the change before it
    --- stderr
    nothing was written
    "#);
    assert_snapshot!(repository.run(&["rebase"]), @r#"
    exit 0
    --- stdout
    0002_age: moved and generated again, its SQL is another one now:
    ALTER TABLE "users" ADD COLUMN "age" integer;
    CREATE OR REPLACE VIEW "public"."people" AS (SELECT users.id,
        users.name,
        1 AS one,
        users.age AS old
       FROM public.users);
    0003_by_hand: moved, its text as it is
    0004_old: another file of the change before it
    wrote drizzle/0003_age.sql for 0002_age
    wrote drizzle/0004_by_hand.sql for 0003_by_hand
    --- stderr
    rewrote journal, snapshots and record of drizzle
    proven in scratch: the migrations make what is declared
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    "#);
    is_proven(&repository);
}

#[test]
fn what_leads_elsewhere_is_generated_again() {
    let Some(repository) = replacing_one_view(|_| {}) else {
        return;
    };
    assert_snapshot!(repository.run(&["rebase"]), @r#"
    exit 0
    --- stdout
    0002_positive: moved and generated again, its SQL is another one now:
    CREATE OR REPLACE VIEW "public"."people" AS (SELECT users.id,
        upper(users.name) AS name
       FROM public.users
      WHERE (users.id > 0));
    wrote drizzle/0003_positive.sql for 0002_positive
    --- stderr
    rewrote journal, snapshots and record of drizzle
    proven in scratch: the migrations make what is declared
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    "#);
    is_proven(&repository);
}

#[test]
fn what_was_edited_is_not_lost() {
    let Some(repository) = replacing_one_view(|feature| {
        let path = "drizzle/0002_positive.sql";
        let text = feature.read(path);
        feature.write(path, &format!("DELETE FROM users;\n{text}"));
        feature.commit("edited");
    }) else {
        return;
    };
    let before = repository.names();
    assert_snapshot!(repository.run(&["rebase"]), @r#"
    exit 1
    --- stderr
    error[generated-edited]: drizzle/0002_positive.sql is not as it was generated, and on top of main it has to do something else
     |
     = note: what it would be:
             CREATE OR REPLACE VIEW "public"."people" AS (SELECT users.id,
                 upper(users.name) AS name
                FROM public.users
               WHERE (users.id > 0));
     = note: nothing was written
     = help: move what was written by hand into a migration of its own (`driftless generate --custom`) before the merge
     = help: or give it up: driftless rebase --discard-edits
    "#);
    assert_eq!(repository.names(), before);
    repository.succeeds(&["rebase", "--discard-edits"]);
    is_proven(&repository);
}

#[test]
fn what_is_wanted_no_more_is_left_out() {
    let view = "CREATE VIEW people AS SELECT id, name, 1 AS one FROM users;\n";
    let Some(repository) = merging(
        |main| change(main, NAME, view, "one", &[]),
        |feature| {
            feature.write("sql/more.sql", "CREATE TABLE more (a int);\n");
            change(feature, NAME, VIEW, "more", &[]);
        },
    ) else {
        return;
    };
    repository.remove("sql/more.sql");
    assert_snapshot!(repository.run(&["rebase"]), @"
    exit 0
    --- stdout
    0002_more: left out, main makes its change already
    --- stderr
    rewrote journal, snapshots and record of drizzle
    proven in scratch: the migrations make what is declared
    hint: look at it, then `git add drizzle` and commit
    hint: a database that has run a migration under its old number would run it again: make it anew
    ");
}
