//! `migrate` killed, raced and robbed of its server, again and again: in the end every database is
//! as if nothing had happened.

mod folder;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use driftless_testing::Cluster;
use driftless_testing::corpus::Databases;
use fastrand::Rng;
use folder::Folder;

use crate::binary;

/// Kills the migrator after each of its events, then at random moments until it was killed so often;
/// stops the server a sixth as often; then lets 32 migrators race in 20 rounds.
pub(crate) fn run(words: &[&str]) -> Result<bool, String> {
    let kills: usize = match words.first() {
        Some(word) => word.parse().map_err(|_| format!("not a number: {word}"))?,
        None => 300,
    };
    let stops = kills / 6;
    let seed = Rng::new().u64(0..1_000_000);
    println!("seed {seed}");
    let mut bench = Bench::new(Rng::with_seed(seed))?;
    let boundaries = bench.kill_at_boundaries()?;
    println!(
        "a migrator was killed at each of {boundaries} boundaries: every one ended as it should"
    );
    let kills = kills.saturating_sub(boundaries);
    let rounds = bench.kill_migrators(kills)?;
    println!("{kills} migrators were killed in {rounds} databases: every one ended as it should");
    let rounds = bench.kill_servers(stops)?;
    println!("{stops} servers were stopped in {rounds} databases: every one ended as it should");
    bench.race(32, 20)?;
    println!("32 migrators raced 20 times: every migration was run once");
    Ok(true)
}

struct Bench {
    cluster: Cluster,
    databases: Databases,
    driftless: PathBuf,
    folder: Folder,
    /// What an undisturbed run comes to.
    wanted: Vec<String>,
    /// How long it takes.
    took: Duration,
    rng: Rng,
}

const DATABASE: &str = "torture";

impl Bench {
    fn new(rng: Rng) -> Result<Self, String> {
        let cluster = Cluster::start_with(&["max_connections=100"])
            .ok_or("no Postgres binaries were found")?;
        let driftless = binary(false)?;
        let mut bench = Self {
            databases: cluster.databases(),
            folder: Folder::new(&driftless)?,
            cluster,
            driftless,
            wanted: Vec::new(),
            took: Duration::ZERO,
            rng,
        };
        bench.fresh()?;
        let started = Instant::now();
        let output = bench.migrator().output().map_err(|e| e.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        bench.took = started.elapsed();
        bench.wanted = bench.databases.dump(DATABASE)?;
        Ok(bench)
    }

    /// An empty database; the roles of the last one are gone.
    fn fresh(&self) -> Result<(), String> {
        self.databases.forget(DATABASE)?;
        self.databases.create(DATABASE)?;
        Ok(())
    }

    fn migrator(&self) -> Command {
        let mut command = Command::new(&self.driftless);
        command
            .args(["migrate", "--lock-timeout", "5s"])
            .current_dir(self.folder.path())
            .env("DATABASE_URL", self.databases.url(DATABASE))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    fn start(&self) -> Result<Child, String> {
        self.migrator().spawn().map_err(|e| e.to_string())
    }

    /// A moment within an undisturbed run, or a little after.
    fn moment(&mut self) -> Duration {
        self.took.mul_f64(self.rng.f64() * 1.2)
    }

    /// Kills a migrator at each boundary of an undisturbed run, one after the other: before a
    /// statement is sent, after it is done, between files.
    fn kill_at_boundaries(&mut self) -> Result<usize, String> {
        self.fresh()?;
        let (mut all, mut child) = self.watched()?;
        let boundaries: Vec<String> = all.by_ref().collect();
        child.wait().map_err(|e| e.to_string())?;
        self.fresh()?;
        let (mut next, mut killed) = (0, 0);
        let mut missed = None;
        while next < boundaries.len() {
            let (events, mut child) = self.watched()?;
            // What is behind us may come again, what a killed run had done does not.
            let places = events.map(|event| boundaries.iter().position(|known| *known == event));
            let reached = places.flatten().find(|place| *place >= next);
            let Some(place) = reached else {
                // Statements are sent before the others' answers are told: the last kill may have
                // come after the end, and the rest is left for another database.
                let ended = child.wait().map_err(|e| e.to_string())?;
                if !ended.success() || missed.replace(next) == Some(next) {
                    return Err(format!("after {killed} kills: {}", said(child)));
                }
                self.judge()
                    .map_err(|why| format!("after {killed} kills at boundaries: {why}"))?;
                self.fresh()?;
                continue;
            };
            child.kill().map_err(|e| e.to_string())?;
            let _ = child.wait();
            next = place + 1;
            killed += 1;
        }
        let output = self.migrator().output().map_err(|e| e.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        self.judge()
            .map_err(|why| format!("after {killed} kills at boundaries: {why}"))?;
        Ok(killed)
    }

    /// A migrator and its events, each as far as it is the same in every run.
    fn watched(&self) -> Result<(impl Iterator<Item = String> + use<>, Child), String> {
        let mut child = self
            .migrator()
            .args(["--format", "json"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        let out = child.stdout.take().ok_or("no stdout")?;
        let lines = BufReader::new(out).lines().map_while(Result::ok);
        let events = lines.filter_map(|line| {
            let event: serde_json::Value = serde_json::from_str(&line).ok()?;
            let name = event["event"].as_str()?;
            let is_boundary = name.starts_with("statement-") || name.starts_with("migration-");
            is_boundary.then(|| match event.get("statements") {
                Some(_) => format!("{name} {}", event["tag"]),
                None => format!("{name} {} {}", event["tag"], event["number"]),
            })
        });
        Ok((events, child))
    }

    fn kill_migrators(&mut self, kills: usize) -> Result<usize, String> {
        let (mut killed, mut rounds) = (0, 0);
        while killed < kills {
            self.fresh()?;
            rounds += 1;
            loop {
                let mut child = self.start()?;
                std::thread::sleep(self.moment());
                if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
                    if status.success() {
                        break;
                    }
                    return Err(format!("after {killed} kills: {}", said(child)));
                }
                child.kill().map_err(|e| e.to_string())?;
                let _ = child.wait();
                killed += 1;
            }
            self.judge()
                .map_err(|why| format!("after {killed} kills: {why}"))?;
        }
        Ok(rounds)
    }

    fn kill_servers(&mut self, kills: usize) -> Result<usize, String> {
        let (mut killed, mut rounds) = (0, 0);
        while killed < kills {
            self.fresh()?;
            rounds += 1;
            loop {
                let mut child = self.start()?;
                std::thread::sleep(self.moment());
                let ended = child.try_wait().map_err(|e| e.to_string())?;
                if ended.is_some_and(|status| status.success()) {
                    break;
                }
                self.cluster.crash();
                killed += 1;
                // It may have been done just before.
                let _ = child.wait();
            }
            self.judge()
                .map_err(|why| format!("after {killed} stops: {why}"))?;
        }
        Ok(rounds)
    }

    fn race(&self, migrators: usize, rounds: usize) -> Result<(), String> {
        for round in 1..=rounds {
            self.fresh()?;
            let racers: Result<Vec<Child>, String> = (0..migrators).map(|_| self.start()).collect();
            for mut racer in racers? {
                let status = racer.wait().map_err(|e| e.to_string())?;
                if !status.success() {
                    return Err(format!("round {round}: {}", said(racer)));
                }
            }
            self.judge()
                .map_err(|why| format!("round {round}: {why}"))?;
        }
        Ok(())
    }

    /// The schema is that of an undisturbed run, every file was run once, and ledger and record say
    /// so.
    fn judge(&self) -> Result<(), String> {
        let difference =
            driftless_testing::corpus::difference(&self.databases.dump(DATABASE)?, &self.wanted);
        if let Some(difference) = difference {
            return Err(format!("the schema is another:\n{difference}"));
        }
        let files = self.folder.files;
        for (what, sql, wanted) in [
            (
                "files whose rows are not there once",
                "SELECT count(*) FROM (SELECT n FROM log GROUP BY n HAVING count(*) <> 1) x",
                0,
            ),
            ("rows", "SELECT count(*) FROM log", self.folder.with_rows),
            (
                "rows of the ledger",
                "SELECT count(DISTINCT hash) FROM drizzle.__drizzle_migrations",
                files,
            ),
            (
                "ledger rows that repeat another",
                "SELECT count(*) - count(DISTINCT hash) FROM drizzle.__drizzle_migrations",
                0,
            ),
            (
                "files that the record calls done",
                "SELECT count(DISTINCT migration) FROM drizzle.__driftless_runs WHERE finished_at IS NOT NULL",
                files,
            ),
            (
                "invalid indexes",
                "SELECT count(*) FROM pg_index WHERE NOT indisvalid",
                0,
            ),
        ] {
            let found = self.databases.run(DATABASE, &format!("{sql};"))?;
            if found.trim() != wanted.to_string() {
                return Err(format!("{what}: {} instead of {wanted}", found.trim()));
            }
        }
        Ok(())
    }
}

fn said(child: Child) -> String {
    let output = child.wait_with_output();
    output.map_or_else(
        |e| e.to_string(),
        |output| String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}
