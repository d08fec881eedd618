//! `examples/race` through its everyday commands.

use std::path::Path;

use driftless_testing::Cluster;

use crate::project::TestProject;

/// A copy of the example, and what every command of its `Makefile` begins with.
pub(crate) fn race() -> TestProject {
    let project = TestProject::empty();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/race");
    copy(&source, project.path());
    project
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() && entry.file_name() != ".driftless" && entry.file_name() != "node_modules"
        {
            copy(&path, &target);
        } else if path.is_file() && entry.file_name() != ".env" {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// The recipe of a target of the `Makefile`, run.
fn make(project: &TestProject, target: &str) -> String {
    let makefile = project.read("Makefile");
    let (_, recipe) = makefile.split_once(&format!("\n{target}: ")).unwrap();
    let recipe = recipe.lines().nth(1).unwrap();
    let args: Vec<_> = recipe
        .trim()
        .strip_prefix("$(RUN) ")
        .unwrap()
        .split(' ')
        .collect();
    let mut all = vec!["-C", "apps/api"];
    all.extend(args);
    project.succeeds(&all)
}

fn every_day(project: &TestProject) {
    for target in [
        "migrate", "seed", "check", "wipe", "migrate", "seed", "seed", "check",
    ] {
        make(project, target);
    }
    assert_eq!(
        make(project, "migrate"),
        "nothing to do: both migrations are applied already\n"
    );
}

#[cfg(feature = "embedded")]
#[test]
fn wipe_migrate_seed_and_check_with_the_embedded_postgres() {
    every_day(&race());
}

#[test]
fn wipe_migrate_seed_and_check_with_a_server() {
    // Its migrations make roles, which belong to the whole server.
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    every_day(&race().env("DATABASE_URL", &cluster.database()));
}

#[test]
fn check_fails_until_a_migration_is_generated() {
    let project = race();
    let schema = "apps/api/src/db/schema.ts";
    project.edit(
        schema,
        "slug: varchar('slug'",
        "motto: text('motto'),\n    slug: varchar('slug'",
    );
    let check = ["-C", "apps/api", "check"];
    let said = project.run(&check);
    assert!(said.starts_with("exit 1\n"), "{said}");
    assert!(said.contains(r#"ADD COLUMN "motto" text;"#), "{said}");
    project.succeeds(&["-C", "apps/api", "generate", "--name", "motto"]);
    project.succeeds(&check);
}

#[test]
fn an_edited_migration_stops_check_and_migrate() {
    let Some(cluster) = Cluster::start() else {
        println!("skipped: no Postgres on this machine");
        return;
    };
    let project = race().env("DATABASE_URL", &cluster.database());
    make(&project, "migrate");
    let file = "apps/api/src/db/migrations/0001_rls_policies.sql";
    project.edit(
        file,
        "FORCE ROW LEVEL SECURITY",
        "NO FORCE ROW LEVEL SECURITY",
    );
    for (command, code) in [
        ("check", "migration-edited"),
        ("migrate", "applied-migration-edited"),
    ] {
        let said = project.run(&["-C", "apps/api", command]);
        assert!(said.starts_with("exit 1\n"), "{said}");
        assert!(said.contains(&format!("error[{code}]")), "{said}");
    }
}
