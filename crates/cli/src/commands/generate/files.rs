//! A plan as migration files.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use driftless_catalog::{Batch, Decision, Plan, Step};
use driftless_migrations::folder::Folder;
use driftless_migrations::record::{Decisions, Kind};
use driftless_migrations::snapshot::Snapshot;
use driftless_migrations::write::{self, NewMigration, Options, Written};

use crate::args::Generate;
use crate::exit::Result;
use crate::settings::Settings;

/// One file a batch, all of them or none.
///
/// Every file of several gets the snapshot of the state after the last: the declared schema knows
/// no state between, and whoever compares only looks at the newest.
pub(in crate::commands) fn write(
    given: Option<&str>,
    kind: Kind,
    settings: &Settings,
    folder: &Folder,
    plan: &Plan,
    after: &Snapshot,
) -> Result<Vec<Written>> {
    let batches = plan.batches();
    let migrations: Vec<_> = batches
        .iter()
        .enumerate()
        .map(|(at, batch)| NewMigration {
            name: name(given, at),
            chunks: chunks(batch),
            kind,
            snapshot: Some(Cow::Borrowed(after)),
            // Remembered once: with the first file.
            decisions: match at {
                0 => decisions(plan),
                _ => Decisions::default(),
            },
        })
        .collect();
    Ok(write::write(folder, &migrations, &options(settings))?)
}

/// A file to fill in by hand.
pub(super) fn write_custom(
    args: &Generate,
    settings: &Settings,
    folder: &Folder,
) -> Result<Vec<Written>> {
    let migration = NewMigration {
        name: args.name.clone(),
        chunks: Vec::new(),
        kind: Kind::Custom,
        snapshot: None,
        decisions: Decisions::default(),
    };
    Ok(write::write(folder, &[migration], &options(settings))?)
}

pub(in crate::commands) fn options(settings: &Settings) -> Options {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    Options {
        breakpoints: settings.config.breakpoints,
        prefix: settings.prefix(),
        now: i64::try_from(now).unwrap_or(i64::MAX),
    }
}

pub(in crate::commands) fn name(given: Option<&str>, at: usize) -> Option<String> {
    match (given, at) {
        (None, _) => None,
        (Some(name), 0) => Some(name.to_owned()),
        (Some(name), at) => Some(format!("{name}_{}", at + 1)),
    }
}

/// A batch's statements, each under a comment for each of its hazards.
pub(in crate::commands) fn chunks(batch: &Batch) -> Vec<String> {
    let mut chunks: Vec<String> = batch.steps.iter().map(chunk).collect();
    if let Some(first) = chunks.first_mut().filter(|_| !batch.in_transaction) {
        first.insert_str(0, "-- driftless: no-transaction\n");
    }
    chunks
}

fn chunk(step: &Step) -> String {
    let mut text = String::new();
    for hazard in &step.hazards {
        // A name may hold anything; a comment ends with its line.
        let message = hazard.message.replace(['\n', '\r'], " ");
        text += &format!("-- driftless: hazard {}: {message}\n", hazard.kind.as_str());
    }
    text + &step.sql
}

pub(in crate::commands) fn decisions(plan: &Plan) -> Decisions {
    let mut decisions = Decisions::default();
    for decision in &plan.decisions {
        match decision {
            Decision::Rename(old, new) => decisions.renames.push(format!("{old}={new}")),
            Decision::Create(new) => decisions.creates.push(new.clone()),
        }
    }
    decisions
}
