//! Random pairs of schemas: load the one, plan and run the way to the other, let `pg_dump` decide.
//!
//! A schema is a row of random statements; those that Postgres rejects are left out. The other
//! side of a pair is the same row with some of it grown anew, so that most changes are small.

mod grammar;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;
use grammar::{Grammar, Node};

use crate::pairs::{Bench, Case, Way, clusters, outcome};

/// All rules; `schema.grammar` says how they are written.
const RULES: &str = concat!(
    include_str!("random/schema.grammar"),
    include_str!("random/relations.grammar"),
    include_str!("random/others.grammar"),
);

/// Rules that make what other statements speak of.
const FOUNDATIONS: [&str; 22] = [
    "create type",
    "create type",
    "create type",
    "create type",
    "create function",
    "create function",
    "create sequence",
    "first table",
    "second table",
    "third table",
    "fourth table",
    "create table",
    "create table",
    "create partitioned",
    "create partition",
    "create partition",
    "create function",
    "create function",
    "create view",
    "create view",
    "create matview",
    "foreign thing",
];

/// How many more statements there are.
const STATEMENTS: std::ops::Range<usize> = 10..50;

/// Runs pairs, each from a seed of its own, which is told with a failure.
pub(crate) fn run(words: &[&str]) -> Result<bool, String> {
    let number = |at: usize| -> Result<Option<u64>, String> {
        let parse = |word: &&str| word.parse().map_err(|_| format!("not a number: {word}"));
        words.get(at).map(parse).transpose()
    };
    let count = number(0)?.unwrap_or(100);
    let first = number(1)?.unwrap_or_else(|| Rng::new().u64(0..1_000_000));
    println!("{count} pairs from seed {first}");
    let failures = failures(first, count, |done, failed, failure| {
        if let Some(failure) = failure {
            println!("FAIL {failure}\n");
        }
        if done.is_multiple_of(50) {
            eprintln!("{done} of {count}, {failed} failed");
        }
    })?;
    println!("{} of {count} pairs fail", failures.len());
    Ok(failures.is_empty())
}

/// The failures among the pairs of so many seeds, made small.
fn failures(
    first: u64,
    count: u64,
    told: impl Fn(u64, usize, Option<&str>) + Sync,
) -> Result<Vec<String>, String> {
    let grammar = Grammar::read(RULES)?;
    let next = AtomicU64::new(0);
    let failures = Mutex::new(Vec::new());
    let work = || -> Result<(), String> {
        let (start, end) = clusters()?;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(());
            }
            let seed = first + number;
            let pair = Pair::random(&grammar, seed);
            if count == 1 {
                println!("{}", pair.a.join(";\n"));
            }
            let found = pair.failure(&start, &end).map(|(way, why)| {
                let (pair, why) = pair.smaller(way, why, &start, &end);
                format!("seed {seed} {way:?}\n{pair}\n{why}")
            });
            let mut failures = failures.lock().map_err(|_| "a worker panicked")?;
            let failed = failures.len() + usize::from(found.is_some());
            told(number + 1, failed, found.as_deref());
            failures.extend(found);
        }
    };
    std::thread::scope(|scope| {
        let other = (count > 4).then(|| scope.spawn(work));
        let own = work();
        let other = other.map_or(Ok(Ok(())), std::thread::ScopedJoinHandle::join);
        own.and(other.unwrap_or_else(|_| Err("a worker panicked".to_owned())))
    })?;
    let mut failures = failures.into_inner().map_err(|_| "a worker panicked")?;
    failures.sort();
    Ok(failures)
}

/// Two rows of statements.
#[derive(Clone)]
struct Pair {
    a: Vec<String>,
    b: Vec<String>,
}

impl Pair {
    fn random(grammar: &Grammar, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let more = std::iter::repeat_n("statement", rng.usize(STATEMENTS));
        let rules = FOUNDATIONS.iter().copied().chain(more);
        let trees: Vec<Node> = rules.map(|rule| grammar.grow(rule, &mut rng)).collect();
        let a = trees.iter().map(Node::text).collect();
        let mut b = Vec::new();
        for mut tree in trees {
            match rng.u8(0..100) {
                0..12 => continue,
                12..35 => grammar.regrow(&mut tree, &mut rng),
                35..40 => b.push(grammar.grow("statement", &mut rng).text()),
                _ => {}
            }
            b.push(tree.text());
        }
        Self { a, b }
    }

    fn failure(&self, start: &Bench, end: &Bench) -> Option<(Way, String)> {
        let case = self.case();
        let forth = outcome(&case, Way::Forth, start, end).err();
        let back = || outcome(&case, Way::Back, end, start).err();
        forth
            .map(|why| (Way::Forth, why))
            .or_else(|| back().map(|why| (Way::Back, why)))
    }

    /// The same failure from as few statements as can be found quickly.
    fn smaller(
        mut self,
        way: Way,
        mut why: String,
        start: &Bench,
        end: &Bench,
    ) -> (String, String) {
        let kind = |why: &str| why.split(['\n', ':']).next().unwrap_or_default().to_owned();
        let wanted = kind(&why);
        let fails = |pair: &Self, why: &mut String| match outcome(&pair.case(), way, start, end) {
            Err(now) if kind(&now) == wanted => {
                *why = now;
                true
            }
            _ => false,
        };
        let mut size = self.a.len().max(self.b.len()) / 2;
        while size > 0 {
            let mut at = 0;
            while at < self.a.len().max(self.b.len()) {
                let smaller =
                    [(true, true), (true, false), (false, true)].map(|(in_a, in_b)| Self {
                        a: if in_a {
                            without(&self.a, at, size)
                        } else {
                            self.a.clone()
                        },
                        b: if in_b {
                            without(&self.b, at, size)
                        } else {
                            self.b.clone()
                        },
                    });
                match smaller.into_iter().find(|pair| {
                    pair.a.len() + pair.b.len() < self.a.len() + self.b.len()
                        && fails(pair, &mut why)
                }) {
                    Some(pair) => self = pair,
                    None => at += size,
                }
            }
            size /= 2;
        }
        let text = format!(
            "A:\n  {};\nB:\n  {};",
            self.a.join(";\n  "),
            self.b.join(";\n  ")
        );
        (text, why)
    }

    fn case(&self) -> Case {
        Case::generated(script(&self.a), script(&self.b))
    }
}

fn without(statements: &[String], at: usize, size: usize) -> Vec<String> {
    let kept = |(number, _): &(usize, &String)| *number < at || *number >= at + size;
    let kept = statements.iter().enumerate().filter(kept);
    kept.map(|(_, statement)| statement.clone()).collect()
}

/// Every statement on its own; what fails is left out.
fn script(statements: &[String]) -> String {
    let one = |statement: &String| {
        format!(
            "DO $s$ BEGIN EXECUTE $q${statement}$q$; EXCEPTION WHEN OTHERS THEN NULL; END $s$;\n"
        )
    };
    let first = "CREATE ROLE app_user; CREATE ROLE \"Admin X\"; CREATE ROLE reader;\n\
                 CREATE SCHEMA app; CREATE SCHEMA \"My Schema\";\n";
    first.to_owned() + &statements.iter().map(one).collect::<String>() + OUTGROWN
}

/// A function whose query no longer fits its tables goes: nothing that loads a schema in another
/// order could make it.
const OUTGROWN: &str = r"
DO $s$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p JOIN pg_language l ON l.oid = prolang AND lanname = 'sql'
      WHERE p.oid >= 16384 AND prokind = 'f' LOOP
    BEGIN EXECUTE pg_get_functiondef(f);
    EXCEPTION WHEN OTHERS THEN EXECUTE format('DROP FUNCTION %s CASCADE', f); END;
  END LOOP;
END $s$;
";

#[cfg(test)]
mod tests {
    use super::*;

    /// `cargo xtask random 2000` runs more of them.
    #[test]
    fn random_pairs_reach_each_other() {
        if driftless_testing::binaries().is_none() {
            eprintln!("skipped: no Postgres binaries");
            return;
        }
        let failures = failures(1, 16, |_, _, _| {}).expect("clusters start");
        assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    }
}
