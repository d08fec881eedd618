//! Reading a database beside `drizzle-kit pull` and `pg_dump`, and replaying a folder.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

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
        "| tables | driftless | pg_dump -s | times its time | drizzle-kit pull | times faster |\n\
         |---|---|---|---|---|---|\n",
    );
    for size in [100, 1000] {
        let project = Project::new(size, Style::Plain, &node_modules)?;
        let database = databases.create("bench_reading")?;
        let url = databases.url(&database);
        project.prepare(State::Migrated, &driftless, &url)?;
        let program = |command: PathBuf, args: &[&str]| Program {
            command,
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            url: url.clone(),
        };
        let ours = program(driftless.clone(), &["diff", "empty", &url]);
        let dump = program(cluster.bin().join("pg_dump"), &["--schema-only", &url]);
        let [a, b] = in_turn([&ours, &dump], &project, false, 5)?;
        let kit = program(node_modules.join(".bin/drizzle-kit"), &["pull"]);
        let (kit, faster) = match limited(&mut kit.command(&project))? {
            Some(c) => (format!("{c:.1} s"), format!("{:.0}", c / a)),
            None => (
                format!("not done after {} s", LIMIT.as_secs()),
                format!("more than {:.0}", LIMIT.as_secs_f64() / a),
            ),
        };
        let _ = writeln!(
            table,
            "| {size} | {a:.3} s | {b:.3} s | {:.2} | {kit} | {faster} |",
            a / b,
        );
        databases.drop(&database)?;
    }
    let cold = replay(&driftless, true)?;
    let warm = replay(&driftless, false)?;
    let text = format!(
        "# Reading\n\nWritten by `cargo xtask bench reading`: wall time of whole commands, medians of runs taken in\n\
         turn on one machine ({}). `driftless diff empty URL` reads everything and prints it as SQL, as\n\
         pg_dump does; drizzle-kit 0.31.11 `pull` writes schema.ts and was run once.\n\n{table}\n\
         `driftless diff empty migrations` of the example (23 tables, 2 migrations) in native scratch:\n\
         {cold:.3} s where only the empty database is cached, {warm:.3} s with the replay cached as well.\n",
        machine()
    );
    println!("{text}");
    std::fs::write(root().join("docs/results/reading.md"), text).map_err(|e| e.to_string())?;
    Ok(true)
}

/// How long drizzle-kit may take: its time grows with the square of the tables.
const LIMIT: Duration = Duration::from_mins(1);

/// How long one run takes, where it ends in time.
fn limited(command: &mut Command) -> Result<Option<f64>, String> {
    let start = Instant::now();
    let mut child = command.spawn().map_err(|e| e.to_string())?;
    while start.elapsed() < LIMIT {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            let seconds = start.elapsed().as_secs_f64();
            return status
                .success()
                .then_some(Some(seconds))
                .ok_or_else(|| "drizzle-kit pull failed".to_owned());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().map_err(|e| e.to_string())?;
    let _ = child.wait();
    Ok(None)
}

/// Median time of a replay of the example, with what it comes to thrown away before each.
fn replay(driftless: &Path, cold: bool) -> Result<f64, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    copy(&root().join("examples/race"), folder.path())?;
    let run = |sides: [&str; 2]| {
        let status = Command::new(driftless)
            .arg("diff")
            .args(sides)
            .current_dir(folder.path().join("apps/api"))
            .env("XDG_CACHE_HOME", folder.path().join("cache"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|e| e.to_string())?;
        status
            .success()
            .then_some(())
            .ok_or_else(|| "the example is not replayed".to_owned())
    };
    let mut times = Vec::new();
    for _ in 0..=9 {
        if cold {
            let _ = std::fs::remove_dir_all(folder.path().join("cache/driftless/catalogs"));
        }
        run(["empty", "empty"])?;
        let start = Instant::now();
        run(["empty", "migrations"])?;
        times.push(start.elapsed().as_secs_f64());
    }
    Ok(median(&mut times[1..]))
}
