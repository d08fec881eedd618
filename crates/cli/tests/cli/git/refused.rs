//! Repositories in which nothing can be compared: what is said, and what to do.

use super::{NAME, Repository, schema, table};
use crate::project::TestProject;

#[test]
fn there_is_no_repository() {
    let project = TestProject::generated(super::USERS);
    insta::assert_snapshot!(project.run(&["check", "--base", "origin/main"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[not-a-repository]: the folder drizzle is in no git repository, so there is no branch to compare with
     |
     = note: fatal: not a git repository (or any of the parent directories): .git
     = help: run the command in a clone; in a container, give it the folder `.git` as well
    ");
    insta::assert_snapshot!(project.run(&["rebase"]), @r"
    exit 1
    --- stderr
    error[not-a-repository]: the folder drizzle is in no git repository, so there is no branch to compare with
     |
     = note: fatal: not a git repository (or any of the parent directories): .git
     = help: run the command in a clone; in a container, give it the folder `.git` as well
    ");
}

#[test]
fn there_is_no_git() {
    let repository = Repository::new();
    let output = repository
        .command(&["check", "--base", "origin/main"])
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    insta::assert_snapshot!(repository.told(&output), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[git-not-found]: there is no program `git` here, so nothing is known of other branches
     |
     = help: install git, in a container's image too: apt-get install git
    ");
}

#[test]
fn there_is_no_such_revision() {
    let repository = Repository::new();
    insta::assert_snapshot!(repository.run(&["check", "--base", "origin/main"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[unknown-revision]: `origin/main` names no commit in this repository
     |
     = help: fetch it (git fetch origin main:refs/remotes/origin/main), or correct the name
    ");
    insta::assert_snapshot!(repository.run(&["rebase", "--base", "develop"]), @r"
    exit 1
    --- stderr
    error[unknown-revision]: `develop` names no commit in this repository
     |
     = help: fetch it (git fetch origin develop), or correct the name
    ");
}

#[test]
fn a_revision_is_no_option() {
    let repository = Repository::new();
    insta::assert_snapshot!(repository.run(&["check", "--base=--all"]), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[unknown-revision]: `--all` names no commit in this repository
     |
     = help: fetch it (git fetch origin --all), or correct the name
    ");
}

#[test]
fn the_clone_is_shallow() {
    let repository = Repository::new();
    repository.generate(&schema(NAME, &table("posts")), "posts", &[]);
    repository.branch("feature");
    repository.write("note.txt", "");
    repository.commit("note");
    let clone = TestProject::empty();
    let from = format!("file://{}", repository.path().display());
    let into = clone.path().join("clone").display().to_string();
    let shallow = [
        "clone",
        "--quiet",
        "--depth=1",
        "--branch=feature",
        &from,
        &into,
    ];
    repository.git(&shallow);
    let check = ["-C", "clone", "check", "--base", "origin/main"];
    insta::assert_snapshot!(clone.run(&check), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[unknown-revision]: `origin/main` names no commit in this repository
     |
     = note: the clone is shallow: it holds the newest commits of one branch only
     = help: in GitHub Actions give actions/checkout `fetch-depth: 0`, in GitLab set GIT_DEPTH to 0
     = help: elsewhere: git fetch --unshallow
     = help: fetch it (git fetch origin main:refs/remotes/origin/main), or correct the name
    ");
    // The base alone is fetched, as some actions do.
    let fetch = [
        "-C",
        &into,
        "fetch",
        "--quiet",
        "--depth=1",
        "origin",
        "main:refs/remotes/origin/main",
    ];
    repository.git(&fetch);
    insta::assert_snapshot!(clone.run(&check), @r"
    exit 1
    --- stdout
    check failed: 1 finding
    --- stderr
    error[no-merge-base]: origin/main and HEAD have no commit in common here
     |
     = note: the clone is shallow: it does not go back to where the branches part
     = help: in GitHub Actions give actions/checkout `fetch-depth: 0`, in GitLab set GIT_DEPTH to 0
     = help: elsewhere: git fetch --unshallow
    ");
    repository.git(&["-C", &into, "fetch", "--quiet", "--unshallow"]);
    insta::assert_snapshot!(clone.run(&check), @r"
    exit 0
    --- stdout
    in step: 2 tables, 2 migrations
    ");
}

#[test]
fn no_branch_is_usual() {
    let repository = Repository::new();
    repository.git(&["branch", "--move", "trunk"]);
    insta::assert_snapshot!(repository.run(&["rebase"]), @r"
    exit 1
    --- stderr
    error[base-unknown]: which branch the migrations go to is not known: there is no origin/main, main or master
     |
     = help: name it: --base origin/develop
    ");
}

#[test]
fn the_base_itself_is_not_sound() {
    let repository = Repository::new();
    repository.edit("drizzle/0000_first.sql", "text", "varchar(9)");
    repository.commit("an edit on main");
    repository.branch("feature");
    insta::assert_snapshot!(repository.run(&["rebase"]), @r#"
    exit 1
    --- stderr
    error[migration-edited]: drizzle/0000_first.sql was edited after it was recorded, its statements differ
     --> drizzle/meta/_driftless.json:2:3
      |
    2 |   "0000_first": {"kind":"generated","hash":"[SHA256]","tokens":"[SHA256]...
      |   ^^^^^^^^^^^^ recorded here
      |
      = note: recorded as sha256 [SHA256]
      = note: now it is   sha256 [SHA256]
      = note: this is about the folder on main
      = help: mend it there first
    "#);
}
