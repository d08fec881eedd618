//! What no compiler keeps: the shape of the tree, and the invariants of ARCHITECTURE.md.

use std::path::{Path, PathBuf};

/// Longer files are split.
const MAX_LINES: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push((shown(&path), read(&path)));
            }
        }
    }
    // Test modules may print and read what they like.
    found.retain(|(name, _)| !name.ends_with("/tests.rs"));
    assert!(!found.is_empty(), "no {ending} files in {folder}");
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    let inside = path.strip_prefix(root()).unwrap_or(path);
    inside.display().to_string()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[track_caller]
fn none(what: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{what}:\n{}", offenders.join("\n"));
}

/// Code alone, without comments, doc comments and tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn files_are_short() {
    let long: Vec<String> = ["rs", "js"]
        .into_iter()
        .flat_map(|ending| files("crates", ending))
        .filter(|(_, text)| text.lines().count() > MAX_LINES)
        .map(|(name, text)| format!("{name}: {} lines", text.lines().count()))
        .collect();
    none("split these", &long);
}

#[test]
fn machinery_names_no_kind() {
    let kinds: Vec<String> = files("crates/catalog/src/kinds", "rs")
        .into_iter()
        .flat_map(|(_, text)| {
            code(&text)
                .lines()
                .filter_map(|line| line.strip_prefix("impl Kind for "))
                .filter_map(|rest| rest.split_whitespace().next().map(str::to_owned))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(kinds.len() >= 14, "found the kinds: {kinds:?}");
    let machinery = [
        "batch.rs",
        "catalog.rs",
        "compact.rs",
        "diff.rs",
        "needs.rs",
        "online.rs",
        "order.rs",
        "plan.rs",
        "planner.rs",
        "planner/edges.rs",
        "rename.rs",
        "rename/apply.rs",
        "similar.rs",
    ];
    let mut offenders = Vec::new();
    for file in machinery {
        let text = read(&root().join("crates/catalog/src").join(file));
        for kind in &kinds {
            for name in [format!("Tag::{kind}"), format!("Object::{kind}")] {
                if code(&text).contains(&name) {
                    offenders.push(format!("{file} names {name}"));
                }
            }
        }
    }
    none("knowledge belongs into kinds/", &offenders);
}

#[test]
fn ddl_for_users_objects_is_written_in_kinds_alone() {
    let words = [
        "\"CREATE TABLE ",
        "\"ALTER TABLE ",
        "\"DROP TABLE ",
        "\"CREATE POLICY",
        "\"CREATE INDEX",
    ];
    let offenders: Vec<String> = ["catalog", "sources", "checks", "report", "tenant", "cli"]
        .into_iter()
        .flat_map(|name| files(&format!("crates/{name}/src"), "rs"))
        .filter(|(name, _)| !name.starts_with("crates/catalog/src/kinds/"))
        .filter(|(_, text)| words.iter().any(|word| code(text).contains(word)))
        .map(|(name, _)| name)
        .collect();
    none("SQL outside kinds/", &offenders);
}

#[test]
fn libraries_leave_the_environment_and_the_terminal_alone() {
    let words = [
        "std::env::var",
        "env::vars(",
        "std::process::exit",
        "println!",
        "eprintln!",
    ];
    let offenders: Vec<String> = [
        "diagnostic",
        "catalog",
        "postgres",
        "migrations",
        "sources",
        "checks",
        "lint",
        "report",
        "tenant",
        "driftless",
    ]
    .into_iter()
    .flat_map(|name| files(&format!("crates/{name}/src"), "rs"))
    .flat_map(|(name, text)| {
        let text = code(&text);
        words
            .into_iter()
            .filter(|word| text.contains(word))
            .map(|word| format!("{name}: {word}"))
            .collect::<Vec<_>>()
    })
    .collect();
    none("only cli may", &offenders);
}

#[test]
fn catalog_does_no_io() {
    let words = ["std::fs", "fs_err", "std::net", "tokio", "async "];
    let offenders: Vec<String> = files("crates/catalog/src", "rs")
        .into_iter()
        .filter(|(_, text)| words.iter().any(|word| code(text).contains(word)))
        .map(|(name, _)| name)
        .collect();
    none("catalog is data and thinking", &offenders);
}
