//! `driftless init`.

use insta::assert_snapshot;

use crate::project::TestProject;

const USERS: &str = "export const users = pgTable('users', { id: serial().primaryKey() });";

/// Paths of everything, and of `.github` too.
fn names(project: &TestProject) -> Vec<String> {
    let files = project.files("").into_iter();
    let below = |path: &std::path::Path| {
        let path = path.strip_prefix(project.path()).unwrap_or(path);
        path.display().to_string()
    };
    files.map(|(path, _)| below(&path)).collect()
}

#[test]
fn a_new_project_works_at_once() {
    let project = TestProject::empty();
    assert_snapshot!(project.run(&["init", "--ci", "github"]), @r"
    exit 0
    --- stdout
    wrote src/db/schema.ts
    wrote drizzle.config.ts
    wrote .gitignore
    wrote drizzle/0000_initial.sql
    wrote drizzle/meta/0000_snapshot.json
    wrote .github/workflows/driftless.yml
    --- stderr
    hint: `npm install drizzle-orm` is for your application and your editor; Driftless needs no Node
    hint: `driftless migrate` applies it: to DATABASE_URL, or to a Postgres of its own in .driftless/
    ");
    assert_snapshot!(names(&project).join("\n"), @r"
    .github/workflows/driftless.yml
    .gitignore
    drizzle/0000_initial.sql
    drizzle/meta/0000_snapshot.json
    drizzle/meta/_driftless.json
    drizzle/meta/_journal.json
    drizzle.config.ts
    src/db/schema.ts
    ");
    assert_snapshot!(project.read("drizzle.config.ts"), @r"
    import { defineConfig } from 'drizzle-kit';

    export default defineConfig({
      dialect: 'postgresql',
      schema: './src/db/schema.ts',
      out: './drizzle',
      dbCredentials: { url: process.env.DATABASE_URL! },
    });
    ");
    assert_snapshot!(project.run(&["check"]), @r"
    exit 0
    --- stdout
    in step: 2 tables, 1 migration
    ");
    assert_snapshot!(project.run(&["lint"]), @r"
    exit 0
    --- stdout
    1 file: nothing to object to
    ");
    assert_snapshot!(project.run(&["init"]), @r"
    exit 0
    --- stdout
    drizzle: 1 migration, recorded already
    --- stderr
    hint: `driftless check` from now on, and `driftless migrate` where drizzle-kit migrate was
    ");
}

#[test]
fn a_schema_that_is_there_is_taken() {
    let project = TestProject::empty();
    project.write(
        "app/models.ts",
        &format!("import {{ pgTable, serial }} from 'drizzle-orm/pg-core';\n{USERS}\n"),
    );
    let args = ["init", "--schema", "app/models.ts", "--out", "./migrations"];
    assert_snapshot!(project.run(&args), @r"
    exit 0
    --- stdout
    wrote drizzle.config.ts
    wrote .gitignore
    wrote migrations/0000_initial.sql
    wrote migrations/meta/0000_snapshot.json
    --- stderr
    hint: `driftless migrate` applies it: to DATABASE_URL, or to a Postgres of its own in .driftless/
    ");
    assert_snapshot!(project.read("migrations/0000_initial.sql"), @r#"
    CREATE TABLE "users" (
    	"id" serial NOT NULL PRIMARY KEY
    );
    "#);
    project.succeeds(&["check"]);
}

#[test]
fn a_schema_that_is_wrong_leaves_nothing_behind() {
    let project = TestProject::empty();
    project.write("app/models.ts", "export const users = 1 +;\n");
    assert_snapshot!(project.run(&["init", "--schema", "app/models.ts"]), @r"
    exit 1
    --- stderr
    error[syntax-error]: app/models.ts cannot be parsed: Unexpected token
     --> app/models.ts:1:25
      |
    1 | export const users = 1 +;
      |                         ^
    ");
    assert_eq!(names(&project), ["app/models.ts"]);
    assert_snapshot!(project.run(&["init", "--out", "../elsewhere"]), @r"
    exit 1
    --- stderr
    error[init-outside]: ../elsewhere is not below the project's directory
     |
     = note: nothing was written
     = help: give a path within it, such as src/db/schema.ts, or choose the directory with -C
    ");
    assert_eq!(names(&project), ["app/models.ts"]);
}

#[test]
fn a_drizzle_project_is_taken_up_from_its_place_in_the_repository() {
    let project = TestProject::generated(USERS);
    project.remove("drizzle/meta/_driftless.json");
    project.write(".gitlab-ci.yml", "");
    std::fs::create_dir(project.path().join(".git")).unwrap();
    assert_snapshot!(project.run(&["init"]), @r"
    exit 0
    --- stdout
    drizzle: 1 migration, now recorded
    wrote .gitlab/driftless.yml
    --- stderr
    hint: name the file in .gitlab-ci.yml: `include: .gitlab/driftless.yml`
    hint: `driftless check` from now on, and `driftless migrate` where drizzle-kit migrate was
    ");
    assert_snapshot!(project.read(".gitlab/driftless.yml"), @r#"
    # schema.ts, the migrations folder and the branch it goes to agree, or the merge request says where not.
    driftless:
      image: rust:1.95
      rules:
        - if: $CI_PIPELINE_SOURCE == "merge_request_event"
      variables:
        GIT_DEPTH: 0
      script:
        - cargo install --locked --no-default-features --git https://github.com/driftless/driftless driftless-cli
        - target=$CI_MERGE_REQUEST_TARGET_BRANCH_NAME
        - git fetch origin "$target:refs/remotes/origin/$target"
        - driftless -C . check --base "origin/$target" --format junit > driftless.xml
      artifacts:
        when: always
        reports:
          junit: driftless.xml
    "#);
    project.succeeds(&["check"]);
    assert_snapshot!(project.run(&["init"]), @r"
    exit 0
    --- stdout
    drizzle: 1 migration, recorded already
    --- stderr
    hint: name the file in .gitlab-ci.yml: `include: .gitlab/driftless.yml`
    hint: `driftless check` from now on, and `driftless migrate` where drizzle-kit migrate was
    ");
    assert_snapshot!(project.run(&["init", "--out", "elsewhere"]), @r"
    exit 1
    --- stderr
    error[init-configured]: the project says already where its schema and its migrations are
     |
     = note: nothing was written
     = help: run `driftless init` without --schema and --out, or change the config
    ");
}

#[test]
fn a_folder_that_is_broken_is_told_and_left_alone() {
    let project = TestProject::generated(USERS);
    project.remove("drizzle/meta/_driftless.json");
    project.remove("drizzle/0000_first.sql");
    let before = project.files("");
    assert_snapshot!(project.run(&["init", "--ci", "github"]), @r#"
    exit 1
    --- stderr
    error[migration-file-missing]: drizzle/0000_first.sql is missing, the journal lists it as index 0
     --> drizzle/meta/_journal.json:9:7
      |
    9 |       "tag": "0000_first",
      |       ^^^^^^^^^^^^^^^^^^^ listed here
      |
      = help: restore the file: git checkout -- drizzle/0000_first.sql
      = help: if it was never committed, ask whoever made it to push it
    "#);
    assert_eq!(project.files(""), before);
}
