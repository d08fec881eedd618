//! The guard against itself: from the example's schema, one thing is broken at a time, and a rule or
//! the probe has to say so. Which of them does is written to `docs/results/tenant-mutations.md`.

use std::collections::BTreeSet;

use driftless_tenant::Finding;

use crate::broken::{MUTATIONS, Mutation};
use crate::support::{Example, race};

/// Runs them all and writes the table; fails where that changed it.
#[test]
fn every_way_to_break_it_is_caught() {
    let all: Vec<&Mutation> = MUTATIONS.iter().flat_map(|group| *group).collect();
    // Roles belong to a whole server: each half has its own.
    let (first, second) = all.split_at(all.len() / 2);
    let caught = std::thread::scope(|scope| {
        let second = scope.spawn(|| caught(second));
        let mut all = caught(first)?;
        all.extend(second.join().unwrap()?);
        Some(all)
    });
    let Some(caught) = caught else {
        return;
    };
    let mut text = HEAD.to_owned();
    let mut missed = Vec::new();
    let mut by = [0, 0, 0];
    for ((what, ..), (rules, probe)) in all.iter().zip(caught) {
        match (rules.is_empty(), probe.is_empty()) {
            (false, false) => by[0] += 1,
            (false, true) => by[1] += 1,
            (true, false) => by[2] += 1,
            (true, true) => missed.push(*what),
        }
        text += &format!("| {what} | {rules} | {probe} |\n");
    }
    assert!(missed.is_empty(), "nobody says a word about: {missed:#?}");
    text += &format!(
        "\n{} mutations: {} caught by rules and probe, {} by rules alone, {} by the probe alone.\n",
        all.len(),
        by[0],
        by[1],
        by[2]
    );
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/results/tenant-mutations.md"
    );
    if std::fs::read_to_string(file).unwrap_or_default() != text {
        std::fs::write(file, text).unwrap();
        panic!(
            "docs/results/tenant-mutations.md was out of date and has been written again: look at it, commit it"
        );
    }
}

/// What rules and probe say to each; nothing where no Postgres is installed.
fn caught(mutations: &[&Mutation]) -> Option<Vec<(String, String)>> {
    let example = Example::new()?;
    let said = |(_, sql, undo): &&Mutation| {
        let told = example.changed(sql, &race());
        example.sql("postgres", undo);
        (numbers(&told.rules), numbers(&told.probe))
    };
    Some(mutations.iter().map(said).collect())
}

const HEAD: &str = "\
# Tenant isolation: what catches what

This file is written by a test. From the schema of `examples/race`, which has no finding, each of
these is done alone; the rules read the catalog, the probe tries it in scratch Postgres. The numbers
are explained in [rls.md](../rls.md).

| what is broken | rules | probe |
|---|---|---|
";

/// `R01 R03`, each once; what is only not proven in parentheses.
fn numbers(findings: &[Finding]) -> String {
    let said = |finding: &Finding| match finding.diagnostic.code {
        "not-proven" => format!("({})", finding.number),
        "tenant-scan" => String::new(),
        _ => finding.number.to_owned(),
    };
    let all: BTreeSet<String> = findings
        .iter()
        .map(said)
        .filter(|said| !said.is_empty())
        .collect();
    all.into_iter().collect::<Vec<_>>().join(" ")
}
