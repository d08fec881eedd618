//! Whole commands beside drizzle-kit's, in turn, in one run.
//!
//! The peer is installed from npm into `target/npm`. Each row is the median of several runs after
//! a warm-up; ratios are of those medians.

mod migrating;
mod project;
mod reading;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

pub(crate) use migrating::run as migrating;
use project::{Project, Style};
pub(crate) use reading::run as reading;

use crate::{binary, root};

const PEERS: [&str; 4] = ["drizzle-kit@0.31.11", "drizzle-orm@0.45.4", "pg@8", "tsx@4"];

/// Runs every scenario at the sizes given, or at 10, 100 and 1,000 tables.
pub(crate) fn run(sizes: &[&str]) -> Result<bool, String> {
    let sizes: Vec<usize> = if sizes.is_empty() {
        vec![10, 100, 1000]
    } else {
        sizes
            .iter()
            .map(|size| size.parse().map_err(|_| format!("not a size: {size}")))
            .collect::<Result<_, _>>()?
    };
    let driftless = binary(true)?;
    let node_modules = install()?;
    let cluster = crate::corpus::cluster()?;
    let databases = crate::corpus::databases(&cluster);
    let mut table = String::from(
        "| tables | schema | command | driftless | drizzle-kit | times faster | driftless peak |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for &size in &sizes {
        let runs = if size >= 1000 { 5 } else { 9 };
        for (style, scenario) in scenarios() {
            let project = Project::new(size, style, &node_modules)?;
            let database = databases.create(&format!("bench_{size}"))?;
            let url = databases.url(&database);
            project.prepare(scenario.state, &driftless, &url)?;
            let ours = Program {
                command: driftless.clone(),
                args: scenario.ours.iter().map(|&arg| arg.to_owned()).collect(),
                url: url.clone(),
            };
            let theirs = Program {
                command: node_modules.join(".bin/drizzle-kit"),
                args: scenario.theirs.iter().map(|&arg| arg.to_owned()).collect(),
                url,
            };
            let [a, b] = in_turn([&ours, &theirs], &project, scenario.cold, runs)?;
            if scenario.cold {
                project.forget()?;
            }
            let peak = peak_memory(&ours, &project).map_or_else(
                || "not measured".to_owned(),
                |kib| format!("{} MB", kib / 1024),
            );
            let _ = writeln!(
                table,
                "| {size} | {} | {} | {:.3} s | {:.3} s | {:.1} | {peak} |",
                style.word(),
                scenario.name,
                a,
                b,
                b / a
            );
            println!(
                "{size} {} {}: {a:.3} s, drizzle-kit {b:.3} s",
                style.word(),
                scenario.name
            );
            databases.drop(&database)?;
        }
    }
    let text = format!(
        "# Speed\n\nWritten by `cargo xtask bench`: wall time of whole commands, medians of runs taken in turn\n\
         with drizzle-kit 0.31.11 on the same machine ({}). \"in sync\" finds nothing to do,\n\
         \"incremental\" writes a migration for one added column, \"from empty\" writes the first one: both\n\
         with --no-prove, as drizzle-kit tries nothing in a throwaway Postgres. These two and \"first time\"\n\
         know nothing of the schema; in the others it did not change since it was last evaluated.\n\
         Each table has 12 columns, 4 indexes or constraints and a foreign key; 20 tables a file. Tables\n\
         are \"spelled out\" one by one, or written \"with helpers\": columns from functions and spreads,\n\
         names by casing, a schema of its own, identity, a policy on each, a view for every 20.\n\n{table}",
        machine()
    );
    println!("{table}");
    if sizes == [10, 100, 1000] {
        std::fs::create_dir_all(root().join("docs/results")).map_err(|e| e.to_string())?;
        std::fs::write(root().join("docs/results/speed.md"), text).map_err(|e| e.to_string())?;
    }
    Ok(true)
}

/// Every scenario in every style.
fn scenarios() -> impl Iterator<Item = (Style, &'static Scenario)> {
    [Style::Plain, Style::Helpers]
        .into_iter()
        .flat_map(|style| SCENARIOS.iter().map(move |scenario| (style, scenario)))
}

/// Something to time, and the state of the project that it starts from.
struct Scenario {
    name: &'static str,
    state: State,
    /// Nothing is known of the schema from before.
    cold: bool,
    ours: &'static [&'static str],
    theirs: &'static [&'static str],
}

/// What the folder and the database hold before each run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// No migrations.
    Empty,
    /// The folder is in step with the schema.
    InSync,
    /// The schema has one more column than the folder.
    Edited,
    /// In step, and the database has it all.
    Migrated,
}

static SCENARIOS: [Scenario; 6] = [
    Scenario {
        name: "generate, in sync",
        state: State::InSync,
        cold: false,
        ours: &["generate"],
        theirs: &["generate"],
    },
    Scenario {
        name: "generate, incremental",
        state: State::Edited,
        cold: true,
        ours: &["generate", "--no-prove", "--name", "more"],
        theirs: &["generate", "--name", "more"],
    },
    Scenario {
        name: "generate, from empty",
        state: State::Empty,
        cold: true,
        ours: &["generate", "--no-prove", "--name", "first"],
        theirs: &["generate", "--name", "first"],
    },
    Scenario {
        name: "check, first time",
        state: State::InSync,
        cold: true,
        ours: &["check"],
        theirs: &["check"],
    },
    Scenario {
        name: "check",
        state: State::InSync,
        cold: false,
        ours: &["check"],
        theirs: &["check"],
    },
    Scenario {
        name: "migrate, nothing to do",
        state: State::Migrated,
        cold: false,
        ours: &["migrate"],
        theirs: &["migrate"],
    },
];

struct Program {
    command: PathBuf,
    args: Vec<String>,
    url: String,
}

impl Program {
    fn command(&self, project: &Project) -> Command {
        let mut command = Command::new(&self.command);
        command
            .args(&self.args)
            .current_dir(project.folder())
            .env("DATABASE_URL", &self.url)
            .env("XDG_CACHE_HOME", project.cache())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn seconds(&self, project: &Project) -> Result<f64, String> {
        let start = Instant::now();
        let status = self
            .command(project)
            .status()
            .map_err(|e| format!("{}: {e}", self.command.display()))?;
        let seconds = start.elapsed().as_secs_f64();
        if status.success() {
            Ok(seconds)
        } else {
            Err(format!("{} {:?} failed", self.command.display(), self.args))
        }
    }
}

/// Medians of programs run A B C A B C, the project as it was before each run.
fn in_turn<const N: usize>(
    programs: [&Program; N],
    project: &Project,
    cold: bool,
    runs: usize,
) -> Result<[f64; N], String> {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..=runs {
        for (program, times) in programs.iter().zip(&mut times) {
            if cold {
                project.forget()?;
            }
            times.push(program.seconds(project)?);
            project.restore()?;
        }
    }
    // The first of each warms the file cache and is not counted.
    Ok(times.map(|mut times| median(&mut times[1..])))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Peak resident memory in KiB, where GNU time is installed.
fn peak_memory(program: &Program, project: &Project) -> Option<u64> {
    let inner = program.command(project);
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M"])
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(project.folder())
        .env("DATABASE_URL", &program.url)
        .env("XDG_CACHE_HOME", project.cache())
        .output()
        .ok()?;
    project.restore().ok()?;
    String::from_utf8_lossy(&output.stderr)
        .lines()
        .last()?
        .trim()
        .parse()
        .ok()
}

fn install() -> Result<PathBuf, String> {
    let folder = root().join("target/npm");
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    if !Path::new(&folder).join("node_modules/tsx").is_dir() {
        let status = Command::new("npm")
            .args(["install", "--no-save", "--silent"])
            .args(PEERS)
            .current_dir(&folder)
            .status()
            .map_err(|e| format!("npm: {e}"))?;
        if !status.success() {
            return Err("npm could not install the peer".to_owned());
        }
    }
    Ok(folder.join("node_modules"))
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{cores} cores, {}", std::env::consts::ARCH)
}
