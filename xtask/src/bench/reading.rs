//! Reading a database beside `drizzle-kit pull` and `pg_dump`, and replaying a folder.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::project::{Project, Style, copy};
use super::{Program, State, in_turn, install, machine, median};
use crate::{binary, root};

/// Reading a database beside `drizzle-kit pull` and `pg_dump`, and replaying the example.
pub(crate) fn run() -> Result<bool, String> {
    let driftless = binary(true)?;
    let node_modules = install()?;
    let cluster = crate::corpus::cluster()?;
    let databases = crate::corpus::databases(&cluster);
    let mut table = String::from(
        "| tables | schema | driftless | drizzle-kit pull | pg_dump -s | than drizzle-kit | than pg_dump |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for style in [Style::Plain, Style::Helpers] {
        let size = 1000;
        let project = Project::new(size, style, &node_modules)?;
        let database = databases.create("bench_reading")?;
        let url = databases.url(&database);
        project.prepare(State::Migrated, &driftless, &url)?;
        let program = |command: PathBuf, args: &[&str]| Program {
            command,
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            url: url.clone(),
        };
        let ours = program(driftless.clone(), &["diff", "empty", &url]);
        let kit = program(node_modules.join(".bin/drizzle-kit"), &["pull"]);
        let dump = program(cluster.bin().join("pg_dump"), &["--schema-only", &url]);
        let [a, b, c] = in_turn([&ours, &kit, &dump], &project, 5)?;
        let _ = writeln!(
            table,
            "| {size} | {} | {a:.3} s | {b:.3} s | {c:.3} s | {:.1} times faster | {:.2} times its time |",
            style.word(),
            b / a,
            a / c
        );
        databases.drop(&database)?;
    }
    let cold = replay(&driftless, true)?;
    let warm = replay(&driftless, false)?;
    let text = format!(
        "# Reading\n\nWritten by `cargo xtask bench reading`: wall time of whole commands, medians of runs taken in\n\
         turn on one machine ({}). `driftless diff empty URL` reads everything and prints it as SQL, as\n\
         pg_dump does; drizzle-kit 0.31.11 `pull` writes schema.ts.\n\n{table}\n\
         `driftless check --replay` of the example (23 tables, 2 migrations) in native scratch: {cold:.3} s\n\
         with nothing cached but a cluster as `initdb` makes it, {warm:.3} s with its catalogs cached.\n",
        machine()
    );
    println!("{text}");
    std::fs::write(root().join("docs/results/reading.md"), text).map_err(|e| e.to_string())?;
    Ok(true)
}

/// Median time of `check --replay` on the example, with cached catalogs thrown away before each.
fn replay(driftless: &Path, cold: bool) -> Result<f64, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    copy(&root().join("examples/race"), folder.path())?;
    let app = folder.path().join("apps/api");
    let mut times = Vec::new();
    for _ in 0..=9 {
        if cold {
            let _ = std::fs::remove_dir_all(folder.path().join("cache/driftless/catalogs"));
        }
        let start = Instant::now();
        let status = Command::new(driftless)
            .args(["check", "--replay"])
            .current_dir(&app)
            .env("XDG_CACHE_HOME", folder.path().join("cache"))
            .stdout(Stdio::null())
            .status()
            .map_err(|e| e.to_string())?;
        if !status.success() {
            return Err("check --replay of the example failed".to_owned());
        }
        times.push(start.elapsed().as_secs_f64());
    }
    Ok(median(&mut times[1..]))
}
