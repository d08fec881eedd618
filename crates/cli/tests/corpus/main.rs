//! Every pair of schemas in `corpus/`, through the command line, on a real Postgres.
//!
//! `cargo xtask corpus --update` rewrites what a case is expected to show.

use std::path::{Path, PathBuf};

use driftless_testing::Cluster;
use driftless_testing::corpus::{Case, Outcome, Runner};

#[test]
fn every_pair_ends_where_its_target_does() {
    let Some(cluster) = Cluster::start() else {
        eprintln!("skipped: no Postgres binaries found");
        return;
    };
    let databases = cluster.databases();
    let runner = Runner {
        binary: env!("CARGO_BIN_EXE_driftless").into(),
        databases: &databases,
    };
    let mut wrong = Vec::new();
    let folders = folders();
    assert!(!folders.is_empty(), "the corpus is not where it was");
    for folder in folders {
        let case = Case::read(&folder).expect("from.ts and to.ts");
        let expected = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        match runner.run(&case) {
            Outcome::Pass { sql, rows } => {
                if sql != expected("plan.sql") {
                    wrong.push(format!("{}: another plan:\n{sql}", case.name));
                }
                if rows != expected("rows.txt") {
                    wrong.push(format!("{}: other rows:\n{rows}", case.name));
                }
            }
            other => wrong.push(format!("{}: {other:?}", case.name)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn folders() -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(corpus)
        .expect("the corpus is part of the repository")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}
