//! A plan as migration files.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use driftless_catalog::{Batch, Decision, Plan, Step};
use driftless_diagnostic::SourceFile;
use driftless_migrations::folder::Folder;
use driftless_migrations::record::{Decisions, Kind};
use driftless_migrations::snapshot::Snapshot;
use driftless_migrations::write::{self, NewMigration, Options, Written};

use crate::args::Generate;
use crate::exit::Result;
use crate::project;
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
    scopes: Option<&[String]>,
) -> Result<Vec<Written>> {
    let mut migrations = Vec::new();
    for (chunks, is_template) in texts(plan) {
        let at = migrations.len();
        migrations.push(NewMigration {
            name: name(given, at, is_template),
            chunks,
            kind: if is_template { Kind::Custom } else { kind },
            draft: is_template,
            snapshot: Some(Cow::Borrowed(after)),
            // Remembered once: with the first file.
            decisions: match at {
                0 => decisions(plan),
                _ => Decisions::default(),
            },
            scopes: scopes.map(<[String]>::to_vec),
        });
    }
    Ok(write::write(folder, &migrations, &options(settings))?)
}

/// The statements of each file, and whether it is one for somebody to complete.
pub(super) fn texts(plan: &Plan) -> Vec<(Vec<String>, bool)> {
    let mut texts = Vec::new();
    for batch in plan.batches() {
        let fill = batch.steps.iter().filter_map(|step| step.backfill.clone());
        let mut fill: Vec<String> = fill.collect();
        if let Some(first) = fill.first_mut() {
            // So that each portion can be committed.
            first.insert_str(0, NO_TRANSACTION);
            texts.push((fill, true));
        }
        texts.push((chunks(&batch), false));
    }
    texts
}

/// The files as they would be, for whoever only looks.
pub(in crate::commands) fn unwritten(plan: &Plan) -> Vec<SourceFile> {
    let texts = texts(plan).into_iter().enumerate();
    texts
        .map(|(at, (chunks, _))| {
            let name = match at {
                0 => "plan.sql".to_owned(),
                at => format!("plan_{}.sql", at + 1),
            };
            SourceFile::new(name, chunks.join("\n"))
        })
        .collect()
}

/// The files as they are.
pub(in crate::commands) fn sources(
    written: &[Written],
    settings: &Settings,
) -> Result<Vec<SourceFile>> {
    let folder = project::folder(settings)?;
    let mut found = Vec::new();
    for one in written {
        if let Some(migration) = folder.find(&one.tag) {
            found.push(migration.script()?.source.clone());
        }
    }
    Ok(found)
}

const NO_TRANSACTION: &str = "-- driftless: no-transaction\n";

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
        draft: false,
        snapshot: None,
        decisions: Decisions::default(),
        scopes: None,
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

pub(in crate::commands) fn name(
    given: Option<&str>,
    at: usize,
    is_template: bool,
) -> Option<String> {
    let mut name = given?.to_owned();
    if at > 0 {
        name += &format!("_{}", at + 1);
    }
    if is_template {
        name += "_backfill";
    }
    Some(name)
}

/// A batch's statements, each under a comment for each of its hazards.
pub(in crate::commands) fn chunks(batch: &Batch) -> Vec<String> {
    let mut chunks: Vec<String> = batch.steps.iter().map(chunk).collect();
    if let Some(first) = chunks.first_mut().filter(|_| !batch.in_transaction) {
        first.insert_str(0, NO_TRANSACTION);
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
