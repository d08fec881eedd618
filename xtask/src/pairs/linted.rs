//! The linter over the plans between the pairs: whatever it claims of a lock, a rewrite or a scan has
//! to be seen by somebody else too.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use driftless_catalog::{Batch, Catalog};
use driftless_diagnostic::{Diagnostic, Severity, SourceFile};
use driftless_lint::{Level, Levels, RULES, Script, lint};
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::run::{Measured, measure};
use driftless_migrations::statements::split;
use driftless_postgres::{ConnectOptions, Scope, connect, read};

use super::case::Case;
use super::check::{Bench, DATABASE, planned, said};
use super::observed::{self, Seen, claims, shows};
use super::{Way, clusters};
use crate::root;

/// What one rule came to over all plans.
#[derive(Debug, Default, Clone)]
struct Tally {
    /// Findings with measurements.
    measured: usize,
    /// Findings without, and how many of these say that something is open.
    read: usize,
    open: usize,
    /// Those of them that measurements bear out.
    confirmed: usize,
    claims: usize,
    shown: usize,
}

#[derive(Default)]
struct Results {
    rules: BTreeMap<&'static str, Tally>,
    plans: usize,
    statements: usize,
    /// Claims that nobody else saw.
    wrong: Vec<String>,
    /// Statements whose syntax the linter does not know.
    not_understood: Vec<String>,
    /// Ways that could not be looked at.
    failed: Vec<String>,
}

/// Lints the plans of cases whose name contains a word, or of all; writes the results of all.
pub(super) fn run(all: Vec<Case>, words: &[&str]) -> Result<bool, String> {
    let first = clusters()?;
    let major = first.0.major()?;
    let cases: Vec<Case> = all
        .into_iter()
        .filter(|case| case.loads_on(major))
        .filter(|case| words.is_empty() || words.iter().any(|word| case.name.contains(word)))
        .collect();
    let results = Mutex::new(Results::default());
    let next = AtomicUsize::new(0);
    let work = |clusters: Result<(Bench, Bench), String>| -> Result<(), String> {
        let (start, end) = clusters?;
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (way, start, end) in [(Way::Forth, &start, &end), (Way::Back, &end, &start)] {
                let outcome = one(case, way, start, end);
                let mut results = results.lock().map_err(|_| "a worker panicked")?;
                match outcome {
                    Ok(linted) => results.add(&format!("{} {way:?}", case.name), &linted),
                    Err(why) => results.failed.push(format!("{} {way:?}: {why}", case.name)),
                }
                if results.plans % 100 == 0 {
                    eprintln!("{} of {}", results.plans, cases.len() * 2);
                }
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let other = (cases.len() > 4).then(|| scope.spawn(|| work(clusters())));
        let own = work(Ok(first));
        let other = other.map_or(Ok(Ok(())), std::thread::ScopedJoinHandle::join);
        own.and(other.unwrap_or_else(|_| Err("a worker panicked".to_owned())))
    })?;
    let mut results = results.into_inner().map_err(|_| "a worker panicked")?;
    results.wrong.sort();
    results.not_understood.sort();
    results.failed.sort();
    let text = results.text(major);
    println!("{text}");
    if words.is_empty() {
        let path = root().join("docs/results/lint.md");
        std::fs::write(path, &text).map_err(|e| e.to_string())?;
    }
    Ok(results.wrong.is_empty())
}

/// One file of a plan.
struct Linted {
    source: SourceFile,
    /// Before its first statement, and after each.
    seen: Vec<Seen>,
    measured: Vec<Diagnostic>,
    read: Vec<Diagnostic>,
}

fn one(case: &Case, way: Way, start: &Bench, end: &Bench) -> Result<Vec<Linted>, String> {
    let sides = case.sides(way);
    let from = start.load(case, &sides.start)?.catalog;
    let to = end.load(case, &sides.end)?.catalog;
    let plan = planned(&from, &to, false)?;
    let batches = plan.batches();
    let sources: Vec<SourceFile> = batches.iter().map(source).collect();
    start.loaded.take();
    start.run(&sides.seed)?;
    let mut seen = Vec::new();
    for (source, batch) in sources.iter().zip(&batches) {
        let statements = split(source).statements.into_iter();
        let statements: Vec<&str> = statements.map(|one| &source.text()[one.range]).collect();
        seen.push(observed::run(start, &statements, batch.in_transaction)?);
    }
    start.load(case, &sides.start)?;
    start.loaded.take();
    start.run(&sides.seed)?;
    let measured = measured(start, &sources)?;
    let script = |at: usize, tried: bool| Script {
        source: &sources[at],
        before: &measured[at].0,
        measured: tried.then_some(measured[at].1.as_slice()),
    };
    let levels = every_rule();
    let linted = (0..sources.len()).zip(seen).map(|(at, seen)| Linted {
        source: sources[at].clone(),
        seen,
        measured: lint(&[script(at, true)], &levels).findings,
        read: lint(&[script(at, false)], &levels).findings,
    });
    Ok(linted.collect())
}

fn every_rule() -> Levels {
    let mut levels = Levels::default();
    for rule in RULES {
        levels.choose(rule.name, rule.level.max(Level::Warning));
    }
    levels
}

fn source(batch: &Batch) -> SourceFile {
    let header = if batch.in_transaction {
        ""
    } else {
        "-- driftless: no-transaction\n"
    };
    let steps = batch.steps.iter().map(|step| step.sql.as_str());
    let text = steps.collect::<Vec<_>>().join("\n");
    SourceFile::new("plan.sql", format!("{header}{text}\n"))
}

/// What is there before each file, and what is measured of it.
fn measured(bench: &Bench, files: &[SourceFile]) -> Result<Vec<(Catalog, Vec<Measured>)>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    let options = ConnectOptions::from_url(&bench.cluster.url(DATABASE)).map_err(said)?;
    runtime.block_on(async {
        let mut session = connect(&options).await.map_err(said)?;
        let mut all = Vec::new();
        for source in files {
            let reading = read(&mut session, &Scope::default()).await.map_err(said)?;
            let file = MigrationFile {
                tag: source.path().to_owned(),
                when: 0,
                source: source.clone(),
                recorded: None,
            };
            let measured = measure(&mut session, &[file]).await.map_err(said)?;
            let statements = measured.into_iter().flat_map(|one| one.statements);
            all.push((reading.catalog, statements.collect()));
        }
        session.close().await;
        Ok(all)
    })
}

impl Results {
    fn add(&mut self, case: &str, files: &[Linted]) {
        self.plans += 1;
        for file in files {
            self.statements += file.seen.len().saturating_sub(1);
            let ranges: Vec<_> = split(&file.source).statements;
            let place = |found: &Diagnostic| {
                let start = found.labels.first().map_or(0, |label| label.start);
                ranges.iter().position(|one| one.range.contains(&start))
            };
            for found in &file.measured {
                let tally = self.rules.entry(found.code).or_default();
                tally.measured += 1;
                let Some(at) = place(found) else { continue };
                if found.code == "not-understood" {
                    let sql = &file.source.text()[ranges[at].range.clone()];
                    let why = found.notes.first().map_or("", String::as_str);
                    self.not_understood.push(format!("{case}: {why}: {sql}"));
                }
                for claim in claims(&found.message) {
                    tally.claims += 1;
                    // That one is about the whole transaction, tables that are dropped included.
                    let (before, after) = match found.code {
                        "several-exclusive-locks" => (0, file.seen.len() - 1),
                        _ => (at, at + 1),
                    };
                    if shows(&claim, &file.seen[before], &file.seen[after]) {
                        tally.shown += 1;
                    } else {
                        let sql = &file.source.text()[ranges[at].range.clone()];
                        self.wrong
                            .push(format!("{case}: {} {claim:?}: {sql}", found.code));
                    }
                }
            }
            for found in &file.read {
                let tally = self.rules.entry(found.code).or_default();
                if found.severity == Severity::Info {
                    tally.open += 1;
                    continue;
                }
                tally.read += 1;
                let same =
                    |other: &&Diagnostic| other.code == found.code && place(other) == place(found);
                tally.confirmed += usize::from(file.measured.iter().any(|other| same(&other)));
            }
        }
    }

    fn text(&self, major: u32) -> String {
        let claims: usize = self.rules.values().map(|tally| tally.claims).sum();
        let shown: usize = self.rules.values().map(|tally| tally.shown).sum();
        let mut text = format!(
            "# The linter over the plans between pairs of schemas on Postgres {major}\n\n\
             Written by `cargo xtask lint`. Each plan is measured in scratch and linted with every rule on;\n\
             a second time each statement is run by `psql`, which looks at `pg_locks`, the files of tables\n\
             and the counts of their scans after it. A claim is a table that a finding says somebody waits\n\
             for, or whose rows it says are written anew or read.\n\n\
             {} plans, {} statements. Claims that Postgres shows: {shown} of {claims}.\n\n\
             *Without scratch* counts findings from reading alone, in which nothing is claimed; *borne out*\n\
             says how many of them a measurement keeps; *left open* are those that only say what was not\n\
             measured.\n\n\
             | rule | findings | claims | shown | without scratch | borne out | left open |\n\
             |---|---|---|---|---|---|---|\n",
            self.plans, self.statements
        );
        for (rule, tally) in &self.rules {
            let _ = writeln!(
                text,
                "| {rule} | {} | {} | {} | {} | {} | {} |",
                tally.measured, tally.claims, tally.shown, tally.read, tally.confirmed, tally.open
            );
        }
        for (title, lines) in [
            ("Claims that nobody else saw", &self.wrong),
            ("Statements that are not understood", &self.not_understood),
            ("Ways that could not be looked at", &self.failed),
        ] {
            if !lines.is_empty() {
                let _ = writeln!(text, "\n## {title}\n");
                for line in lines {
                    let line: String = line.split_whitespace().collect::<Vec<_>>().join(" ");
                    let short: String = line.chars().take(240).collect();
                    let _ = writeln!(text, "- {short}");
                }
            }
        }
        text
    }
}
