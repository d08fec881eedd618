//! Random pairs of schemas on a real Postgres: the plan from one to the other ends where loading
//! the other from empty ends. `pg_dump` decides.

#[path = "converge/random.rs"]
mod random;

use driftless_catalog::{Catalog, Decision, Outcome, Plan, Spelling, plan};
use driftless_testing::corpus::Databases;

/// Pairs tried in a run of the tests; `DRIFTLESS_PAIRS` asks for more.
const PAIRS: u64 = 60;

fn planned(from: &Catalog, to: &Catalog) -> Plan {
    let mut decisions = Vec::new();
    for _ in 0..8 {
        match plan(from, to, &decisions).expect("every pair has a plan") {
            Outcome::Plan(plan) => return plan,
            Outcome::Questions(questions) => decisions.extend(
                questions
                    .iter()
                    .map(|question| Decision::Create(question.created.full_path())),
            ),
        }
    }
    panic!("the questions do not end");
}

fn apply(databases: &Databases, database: &str, plan: &Plan) -> Result<(), String> {
    for batch in plan.batches() {
        let statements: String = batch
            .steps
            .iter()
            .map(|step| step.sql.clone() + "\n")
            .collect();
        let sql = if batch.in_transaction {
            format!("BEGIN;\n{statements}COMMIT;")
        } else {
            statements
        };
        databases
            .run(database, &sql)
            .map_err(|error| format!("{error}\n{sql}"))?;
    }
    Ok(())
}

fn converges(databases: &Databases, seed: u64) -> Result<(), String> {
    let (from, to) = (random::catalog(seed), random::catalog(seed + 1_000_003));
    let empty = Catalog::empty(Spelling::Declared);
    databases.forget_all()?;
    let migrated = databases.create("migrated")?;
    apply(databases, &migrated, &planned(&empty, &from))?;
    let way = planned(&from, &to);
    apply(databases, &migrated, &way)?;
    let fresh = databases.create("fresh")?;
    apply(databases, &fresh, &planned(&empty, &to))?;
    let (ours, wanted) = (databases.dump(&migrated)?, databases.dump(&fresh)?);
    if ours == wanted {
        return Ok(());
    }
    let only = |a: &[String], b: &[String]| -> String {
        a.iter()
            .filter(|line| !b.contains(line))
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    };
    let steps: Vec<_> = way.steps.iter().map(|step| step.sql.as_str()).collect();
    Err(format!(
        "ours alone:\n{}\nwanted:\n{}\nplan:\n{}",
        only(&ours, &wanted),
        only(&wanted, &ours),
        steps.join("\n")
    ))
}

#[test]
fn every_random_pair_converges() {
    let Some(cluster) = driftless_testing::Cluster::start() else {
        return;
    };
    let databases = cluster.databases();
    let pairs = std::env::var("DRIFTLESS_PAIRS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(PAIRS);
    for seed in 0..pairs {
        if let Err(why) = converges(&databases, seed) {
            panic!("seed {seed}: {why}");
        }
    }
}

#[test]
fn a_schema_is_in_step_with_itself() {
    for seed in 0..200 {
        let catalog = random::catalog(seed);
        assert!(planned(&catalog, &catalog).is_empty(), "seed {seed}");
    }
}

#[test]
fn every_random_pair_has_a_plan() {
    for seed in 0..4000 {
        planned(&random::catalog(seed), &random::catalog(seed + 77));
    }
}
