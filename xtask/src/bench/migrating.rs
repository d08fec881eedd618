//! Many small migrations beside one `psql` that runs the same files, a transaction each.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use driftless_testing::corpus::Databases;

use super::{machine, median};
use crate::{binary, root};

const RUNS: usize = 5;

/// 200 and 1,000 migrations, from nothing, and again with nothing to do.
pub(crate) fn run() -> Result<bool, String> {
    let driftless = binary(true)?;
    let cluster = crate::corpus::cluster()?;
    let databases = crate::corpus::databases(&cluster);
    let psql = cluster.bin().join("psql");
    let mut table = String::from(
        "| migrations | driftless migrate | psql | times its time | nothing to do |\n|---|---|---|---|---|\n",
    );
    for size in [200, 1000] {
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        write(folder.path(), size).map_err(|e| e.to_string())?;
        let (mut ours, mut theirs, mut idle) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..=RUNS {
            let database = databases.create("bench_migrating")?;
            let url = databases.url(&database);
            let mut migrate = Command::new(&driftless);
            migrate.arg("migrate").env("DATABASE_URL", &url);
            ours.push(seconds(&mut migrate, folder.path())?);
            idle.push(seconds(&mut migrate, folder.path())?);
            again(&databases, &database)?;
            let mut one = Command::new(&psql);
            one.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "all.sql", &url]);
            theirs.push(seconds(&mut one, folder.path())?);
            databases.drop(&database)?;
        }
        // The first of each warms the file cache and is not counted.
        let [a, b, c] = [ours, theirs, idle].map(|mut times| median(&mut times[1..]));
        let _ = writeln!(
            table,
            "| {size} | {a:.3} s | {b:.3} s | {:.2} | {c:.3} s |",
            a / b
        );
    }
    let text = format!(
        "# Migrating\n\nWritten by `cargo xtask bench migrating`: wall time of whole commands, medians of {RUNS} runs taken\n\
         in turn on one machine ({}). Each migration makes a table with an index and a row; psql runs\n\
         the same files in a transaction each, without ledger, lock or record.\n\n{table}",
        machine()
    );
    println!("{text}");
    std::fs::write(root().join("docs/results/migrating.md"), text).map_err(|e| e.to_string())?;
    Ok(true)
}

fn again(databases: &Databases, database: &str) -> Result<(), String> {
    databases.drop(database)?;
    databases.create(database)?;
    Ok(())
}

fn seconds(command: &mut Command, folder: &Path) -> Result<f64, String> {
    let start = Instant::now();
    let output = command
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| e.to_string())?;
    let seconds = start.elapsed().as_secs_f64();
    if output.status.success() {
        Ok(seconds)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// A project with a folder of so many migrations, and all of them as one script.
fn write(folder: &Path, size: usize) -> std::io::Result<()> {
    std::fs::write(
        folder.join("drizzle.config.ts"),
        "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle', \
         dbCredentials: { url: process.env.DATABASE_URL! } };\n",
    )?;
    std::fs::create_dir_all(folder.join("drizzle/meta"))?;
    let (mut entries, mut all) = (Vec::new(), String::new());
    for number in 0..size {
        let sql = format!(
            "CREATE TABLE \"t{number}\" (\"id\" integer PRIMARY KEY, \"name\" text NOT NULL);\n\
             --> statement-breakpoint\nCREATE INDEX \"t{number}_name\" ON \"t{number}\" (\"name\");\n\
             --> statement-breakpoint\nINSERT INTO \"t{number}\" VALUES (1, 'one');\n"
        );
        let tag = format!("{number:04}_step");
        std::fs::write(folder.join(format!("drizzle/{tag}.sql")), &sql)?;
        let _ = write!(all, "BEGIN;\n{sql}COMMIT;\n");
        entries.push(serde_json::json!({
            "idx": number, "version": "7", "when": 1_700_000_000_000_u64 + number as u64,
            "tag": tag, "breakpoints": true,
        }));
    }
    std::fs::write(folder.join("all.sql"), all)?;
    let journal =
        serde_json::json!({ "version": "7", "dialect": "postgresql", "entries": entries });
    std::fs::write(
        folder.join("drizzle/meta/_journal.json"),
        journal.to_string(),
    )
}
