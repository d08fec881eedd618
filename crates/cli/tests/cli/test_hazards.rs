//! Hazards: refused until they are allowed by name, or only told.

use crate::project::TestProject;

const USERS: &str = "export const users = pgTable('users', {
  id: serial().primaryKey(),
  name: text().notNull(),
});";

const WITHOUT_NAME: &str = "export const users = pgTable('users', {
  id: serial().primaryKey(),
});";

#[test]
fn what_loses_data_has_to_be_allowed_by_name() {
    let project = TestProject::generated(USERS);
    project.schema(WITHOUT_NAME);
    let before = project.files("drizzle");
    insta::assert_snapshot!(project.run(&["generate"]), @r"
    exit 2
    --- stdout
      ~ table users
        - column name
    --- stderr
    error[hazard-not-allowed]: the migration was not written: it has 1 hazard that nobody has allowed
     |
     = note: drop-column: column users.name and its values are dropped
     = help: if that is what you want, add --allow drop-column
    ");
    assert_eq!(project.files("drizzle"), before);

    let args = ["generate", "--name", "drop", "--allow", "drop-column"];
    insta::assert_snapshot!(project.run(&args), @r#"
    exit 0
    --- stdout
      ~ table users
        - column name

    allowed drop-column: A column and its values are dropped
        column users.name and its values are dropped
    wrote drizzle/0001_drop.sql
    --- stderr
    warning[drop-column]: the values of users.name are lost, and code that asks for it fails
     --> drizzle/0001_drop.sql:2:21
      |
    2 | ALTER TABLE "users" DROP COLUMN "name";
      |                     ^^^^^^^^^^^^^^^^^^
      |
      = help: deploy code that does not use it first, then waive this with the reason

    hint: look at the SQL, then run `driftless migrate`
    "#);
    insta::assert_snapshot!(project.read("drizzle/0001_drop.sql"), @r#"
    -- driftless: hazard drop-column: column users.name and its values are dropped
    ALTER TABLE "users" DROP COLUMN "name";
    "#);
}

#[test]
fn a_hazard_that_is_only_noted_stops_nothing() {
    let project = TestProject::generated(USERS);
    project.schema(&USERS.replace("});", "}, (t) => [index('users_name').on(t.name)]);"));
    insta::assert_snapshot!(project.run(&["generate", "--name", "index"]), @r#"
    exit 0
    --- stdout
      ~ table users
        + index users_name

    note index-build: An index is built while writers wait
        writers of users wait while users_name is built
    wrote drizzle/0001_index.sql
    --- stderr
    warning[index-not-concurrent]: index users_name of users is built without CONCURRENTLY
     --> drizzle/0001_index.sql:2:1
      |
    2 | CREATE INDEX "users_name" ON "users" USING btree ("name");
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: not measured: who waits for it meanwhile
      = help: add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`; `driftless generate --online` writes that

    hint: look at the SQL, then run `driftless migrate`
    "#);
    insta::assert_snapshot!(project.read("drizzle/0001_index.sql"), @r#"
    -- driftless: hazard index-build: writers of users wait while users_name is built
    CREATE INDEX "users_name" ON "users" USING btree ("name");
    "#);
}

#[test]
fn a_dry_run_shows_all_and_writes_nothing() {
    let project = TestProject::generated(USERS);
    project.schema(WITHOUT_NAME);
    let before = project.files("drizzle");
    insta::assert_snapshot!(project.run(&["generate", "--dry-run"]), @r#"
    exit 0
    --- stdout
      ~ table users
        - column name

    refused drop-column: A column and its values are dropped
        column users.name and its values are dropped
        allow it with --allow drop-column

    -- drop-column: column users.name and its values are dropped
    ALTER TABLE "users" DROP COLUMN "name";
    --- stderr
    warning[drop-column]: the values of users.name are lost, and code that asks for it fails
     --> plan.sql:2:21
      |
    2 | ALTER TABLE "users" DROP COLUMN "name";
      |                     ^^^^^^^^^^^^^^^^^^
      |
      = help: deploy code that does not use it first, then waive this with the reason

    nothing was written
    "#);
    assert_eq!(project.files("drizzle"), before);
}
