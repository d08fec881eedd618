//! Runs schema pairs and says which pass.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use driftless_testing::Cluster;
use driftless_testing::corpus::{Case, Databases, Outcome, Runner};
use serde_json::Value;

use crate::{binary, root};

/// The pairs in `corpus/`.
pub(crate) fn own(update: bool) -> Result<bool, String> {
    let cluster = cluster()?;
    let databases = databases(&cluster);
    let runner = Runner {
        binary: binary(false)?,
        databases: &databases,
    };
    let mut green = true;
    for folder in folders(&root().join("corpus"))? {
        let case = Case::read(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let outcome = match runner.run(&case) {
            Outcome::Pass { sql, rows } => {
                if update {
                    keep(&folder, "plan.sql", &sql)?;
                    if !case.rows.is_empty() {
                        keep(&folder, "rows.txt", &rows)?;
                    }
                }
                continue;
            }
            other => other,
        };
        green = false;
        println!("{}: {}", case.name, words(&outcome));
    }
    println!(
        "{}",
        if green {
            "every pair passes"
        } else {
            "some pairs fail"
        }
    );
    Ok(green)
}

fn keep(folder: &Path, name: &str, text: &str) -> Result<(), String> {
    fs::write(folder.join(name), text).map_err(|e| e.to_string())
}

/// drizzle-kit's own `generate` cases, whose data are not part of this repository.
pub(crate) fn drizzle(only: &[&str]) -> Result<bool, String> {
    let data = root().join("../shared/corpora/drizzle/generate");
    if !data.is_dir() {
        println!("skipped: the corpus is not here");
        return Ok(true);
    }
    let cluster = cluster()?;
    let databases = databases(&cluster);
    let runner = Runner {
        binary: binary(false)?,
        databases: &databases,
    };
    let mut rows = Vec::new();
    for file in files(&data)? {
        let text = fs::read_to_string(&file).map_err(|e| e.to_string())?;
        let json: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        let case = drizzle_case(&json);
        if !only.is_empty() && !only.contains(&case.name.as_str()) {
            continue;
        }
        let outcome = runner.run(&case);
        if !only.is_empty() {
            println!("{}\n{}", case.name, words(&outcome));
        }
        rows.push((
            case.name,
            outcome,
            json["pg15_error"].as_str().map(str::to_owned),
        ));
    }
    let report = drizzle_report(&rows);
    println!("{}", report.lines().nth(4).unwrap_or_default());
    if only.is_empty() {
        let path = root().join("docs/results/drizzle-generate.md");
        fs::create_dir_all(root().join("docs/results")).map_err(|e| e.to_string())?;
        fs::write(path, &report).map_err(|e| e.to_string())?;
    }
    Ok(rows
        .iter()
        .all(|(_, outcome, _)| !matches!(outcome, Outcome::Fail(_))))
}

fn drizzle_case(json: &Value) -> Case {
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    let list = |key: &str| -> Vec<String> {
        json[key]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    };
    let flags = list("renames")
        .iter()
        .flat_map(|rename| ["--rename".to_owned(), rename.replace("->", "=")])
        .collect();
    let peer = (json["applies_on_pg15"] == true)
        .then(|| [list("from_sql"), list("expected_sql")].concat().join("\n"));
    Case {
        name: text("id"),
        from: text("from_ts"),
        to: text("to_ts"),
        flags,
        casing: json["casing"].as_str().map(str::to_owned),
        setup: surroundings(json),
        peer,
        ..Case::default()
    }
}

/// What a case takes for granted: tables and roles that the schema names and does not declare.
fn surroundings(json: &Value) -> String {
    let mut sql = String::new();
    for side in ["from_snapshot", "to_snapshot"] {
        let snapshot = &json[side];
        let declared = |name: &str| snapshot["roles"].get(name).is_some();
        let tables = snapshot["tables"].as_object().into_iter().flatten();
        let nested = tables.flat_map(|(_, table)| policies(&table["policies"]));
        for policy in nested.chain(policies(&snapshot["policies"])) {
            if let Some(on) = policy["on"].as_str() {
                if let Some((schema, _)) = on.split_once('.') {
                    let _ = writeln!(sql, "CREATE SCHEMA IF NOT EXISTS {schema};");
                }
                let _ = writeln!(sql, "CREATE TABLE IF NOT EXISTS {on} (id integer);");
            }
            for role in policy["to"].as_array().into_iter().flatten() {
                let role = role.as_str().unwrap_or_default();
                let word =
                    ["public", "current_role", "current_user", "session_user"].contains(&role);
                if !word && !declared(role) {
                    let _ = writeln!(
                        sql,
                        "DO $$ BEGIN CREATE ROLE \"{role}\"; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                    );
                }
            }
        }
    }
    if json.to_string().contains("gin_trgm_ops") {
        sql.push_str("CREATE EXTENSION IF NOT EXISTS pg_trgm;\n");
    }
    sql
}

fn policies(value: &Value) -> impl Iterator<Item = &Value> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, policy)| policy)
}

fn drizzle_report(rows: &[(String, Outcome, Option<String>)]) -> String {
    let count = |fits: fn(&Outcome) -> bool| rows.iter().filter(|(_, o, _)| fits(o)).count();
    let pass = count(|o| matches!(o, Outcome::Pass { .. }));
    let refused = count(|o| matches!(o, Outcome::Refused(_)));
    let rejected = count(|o| matches!(o, Outcome::Rejected(_)));
    let fail = count(|o| matches!(o, Outcome::Fail(_)));
    let mut text = format!(
        "# drizzle-kit's own cases\n\n\
         Written by `cargo xtask corpus drizzle`: each pair of schemas is generated and migrated by the\n\
         command line on Postgres, and `pg_dump` compares the end with the target loaded from empty.\n\
         {} cases: {pass} pass, {refused} are refused with the reason before anything is written, \
         {rejected} are rejected by Postgres for what the schema says, {fail} fail.\n\n\
         Refused and rejected cases are inputs that no tool can apply; drizzle-kit's SQL for them is \
         rejected too unless the last column is empty.\n\n\
         | case | outcome | why | drizzle-kit's SQL on Postgres 15 |\n|---|---|---|---|\n",
        rows.len()
    );
    for (name, outcome, peer) in rows {
        if matches!(outcome, Outcome::Pass { .. }) {
            continue;
        }
        let label = match outcome {
            Outcome::Pass { .. } => "pass",
            Outcome::Refused(_) => "refused",
            Outcome::Rejected(_) => "rejected",
            Outcome::Fail(_) => "**fail**",
        };
        let peer = peer
            .as_deref()
            .map_or("", |p| p.lines().next().unwrap_or(p));
        let _ = writeln!(
            text,
            "| {name} | {label} | {} | {} |",
            cell(&words(outcome)),
            cell(peer)
        );
    }
    text.push_str("\nPassing: ");
    let passing: Vec<_> = rows
        .iter()
        .filter(|(_, outcome, _)| matches!(outcome, Outcome::Pass { .. }))
        .map(|(name, _, _)| name.as_str())
        .collect();
    text + &passing.join(", ") + ".\n"
}

/// The first sentence of an error, fit for a table.
fn cell(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| line.to_lowercase().contains("error"))
        .or_else(|| text.lines().next())
        .unwrap_or_default();
    line.replace('|', "\\|").chars().take(160).collect()
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Pass { sql, .. } => format!("pass\n{sql}"),
        Outcome::Refused(text) | Outcome::Rejected(text) | Outcome::Fail(text) => text.clone(),
    }
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    Ok(files)
}

fn folders(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    Ok(files(folder)?
        .into_iter()
        .filter(|path| path.is_dir())
        .collect())
}

/// The cluster that chores run against.
pub(crate) fn cluster() -> Result<Cluster, String> {
    Cluster::start().ok_or_else(|| "no Postgres binaries found".to_owned())
}

pub(crate) fn databases(cluster: &Cluster) -> Databases {
    cluster.databases()
}
