//! Pairs of SQL schemas: load the one, plan and run the way to the other, let `pg_dump` decide.
//!
//! The data are not part of this repository. Two clusters stand side by side, as roles belong to a
//! cluster: one holds the start and is brought to the end, the other holds the end.

mod case;
mod check;
mod linted;
mod observed;
mod report;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use case::Case;
use check::How;
pub(crate) use check::{Bench, planned, said};
use driftless_testing::Cluster;

use crate::root;

/// From a to b, or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Forth,
    Back,
}

/// What became of one way of one case.
struct Verdict {
    case: String,
    way: Way,
    outcome: Result<(), String>,
}

/// Runs every case whose name contains one of the words, or all; writes the results of all.
pub(crate) fn run(words: &[&str]) -> Result<bool, String> {
    let (all, data) = (every_case()?, data());
    let (flags, words): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| word.starts_with('-'));
    let how = How {
        verbose: flags.contains(&"-v"),
        online: flags.contains(&"--online"),
    };
    let (verdicts, major) = verdicts(all, &words, how)?;
    println!("{}", report::summary(&verdicts));
    if words.is_empty() && data.is_dir() {
        let text = report::text(&verdicts, major, how.online);
        let online = if how.online { "online-" } else { "" };
        let path = root().join(format!("docs/results/pairs-{online}{major}.md"));
        std::fs::write(path, text).map_err(|e| e.to_string())?;
    }
    Ok(verdicts.iter().all(|verdict| verdict.outcome.is_ok()))
}

/// Lints the plan of every case whose name contains one of the words, or of all.
pub(crate) fn lint(words: &[&str]) -> Result<bool, String> {
    linted::run(every_case()?, words)
}

fn data() -> PathBuf {
    root().join("../shared/corpora/pairs")
}

fn every_case() -> Result<Vec<Case>, String> {
    let mut all = Case::own(&root().join("pairs"))?;
    if data().is_dir() {
        all.extend(Case::all(&data())?);
    } else {
        println!("only the pairs of this repository: the corpus is not here");
    }
    Ok(all)
}

/// Runs those of the cases whose name contains a word, each both ways; failures of a choice are
/// printed.
fn verdicts(all: Vec<Case>, words: &[&str], how: How) -> Result<(Vec<Verdict>, u32), String> {
    let first = clusters()?;
    let major = first.0.major()?;
    let cases: Vec<Case> = all
        .into_iter()
        .filter(|case| case.loads_on(major))
        .filter(|case| words.is_empty() || words.iter().any(|word| case.name.contains(word)))
        .collect();
    let verdicts = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let work = |clusters: Result<(Bench, Bench), String>| -> Result<(), String> {
        let (start, end) = clusters?;
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (way, start, end) in [(Way::Forth, &start, &end), (Way::Back, &end, &start)] {
                let outcome = check::run(case, way, start, end, how);
                if let (Err(why), false) = (&outcome, words.is_empty()) {
                    println!("FAIL {} {way:?}\n{why}\n", case.name);
                }
                let verdict = Verdict {
                    case: case.name.clone(),
                    way,
                    outcome,
                };
                let mut verdicts = verdicts
                    .lock()
                    .map_err(|_| "a worker panicked".to_owned())?;
                verdicts.push(verdict);
                if verdicts.len() % 50 == 0 {
                    eprintln!("{} of {}", verdicts.len(), cases.len() * 2);
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
    let mut verdicts = verdicts
        .into_inner()
        .map_err(|_| "a worker panicked".to_owned())?;
    verdicts.sort_by(|a, b| (&a.case, a.way).cmp(&(&b.case, b.way)));
    Ok((verdicts, major))
}

/// Two clusters.
pub(crate) fn clusters() -> Result<(Bench, Bench), String> {
    Ok((cluster()?, cluster()?))
}

/// One cluster.
pub(crate) fn cluster() -> Result<Bench, String> {
    Cluster::start_with(&["wal_level=logical", "max_connections=100"])
        .map(Bench::new)
        .ok_or_else(|| "no Postgres binaries were found".to_owned())
}

/// What becomes of one way of a case.
pub(crate) fn outcome(case: &Case, way: Way, start: &Bench, end: &Bench) -> Result<(), String> {
    check::run(case, way, start, end, How::default())
}

/// The text of a file, or nothing where there is none.
fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_this_repository_passes_both_ways() {
        if driftless_testing::binaries().is_none() {
            eprintln!("skipped: no Postgres binaries");
            return;
        }
        let cases = Case::own(&root().join("pairs")).expect("pairs are read");
        let (verdicts, _) = verdicts(cases, &[], How::default()).expect("clusters start");
        let failures: Vec<String> = verdicts
            .iter()
            .filter_map(|v| {
                Some(format!(
                    "{} {:?}: {}",
                    v.case,
                    v.way,
                    v.outcome.as_ref().err()?
                ))
            })
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    }
}
