//! A project on disk: the declared schema, the migrations folder, and the way from one to the other.

use driftless_catalog::{Decision, Outcome, plan};
use driftless_diagnostic::{Diagnostic, Failure, Severity, SourceFile};
use driftless_migrations::drizzle;
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::{MigrationFile, Recorded};
use driftless_migrations::snapshot::Snapshot;
use driftless_sources::script::{self, Limits, SchemaRequest};

use crate::exit::Result;
use crate::settings::Settings;
use crate::ui::Ui;

/// How the declared schema and the newest snapshot differ.
pub(crate) enum Difference {
    /// Not at all.
    InStep,
    /// In a way that a plan or questions describe.
    Outcome(Outcome),
}

/// Evaluates `schema.ts`; the second part are warnings.
pub(crate) fn declared(
    settings: &Settings,
) -> driftless_diagnostic::Result<(Snapshot, Vec<Diagnostic>)> {
    let request = SchemaRequest {
        root: settings.config.dir.clone(),
        files: settings.config.schema.clone(),
        casing: settings.config.casing,
        env: settings.env.clone(),
        limits: Limits::default(),
        allow_empty: false,
    };
    let declared = script::load(&request)?;
    let source = SourceFile::new("the declared schema", declared.snapshot.get());
    Ok((Snapshot::parse(&source)?, declared.warnings))
}

/// Reads the migrations folder; what is wrong with single migrations stays to be told.
pub(crate) fn folder(settings: &Settings) -> driftless_diagnostic::Result<Folder> {
    Folder::read_shown_as(&settings.config.out, settings.folder_shown())
}

/// Compares two states of one project.
pub(crate) fn difference(
    newest: &Snapshot,
    declared: &Snapshot,
    decisions: &[Decision],
) -> driftless_diagnostic::Result<Difference> {
    // Equal by far most of the time, and seen without a catalog.
    if newest.same_state(declared) {
        return Ok(Difference::InStep);
    }
    let outcome = plan(
        &drizzle::catalog(newest)?,
        &drizzle::catalog(declared)?,
        decisions,
    )?;
    Ok(match outcome {
        Outcome::Plan(plan) if plan.is_empty() && plan.unused.is_empty() => Difference::InStep,
        outcome => Difference::Outcome(outcome),
    })
}

/// The folder as the runner wants it: every listed file, in journal order.
pub(crate) fn files(folder: &Folder) -> Result<Vec<MigrationFile>> {
    let missing: Vec<Diagnostic> = folder
        .migrations
        .iter()
        .filter(|migration| migration.script.is_none())
        .map(driftless_migrations::folder::Migration::missing_script)
        .collect();
    if !missing.is_empty() {
        return Err(Failure::new(missing).into());
    }
    Ok(present_files(folder))
}

/// The files that are there.
pub(crate) fn present_files(folder: &Folder) -> Vec<MigrationFile> {
    folder
        .migrations
        .iter()
        .filter_map(|migration| {
            Some(MigrationFile {
                tag: migration.tag().to_owned(),
                when: migration.entry.when(),
                source: migration.script.as_ref()?.source.clone(),
                recorded: migration.record.as_ref().map(|line| Recorded {
                    hash: line.facts.hash.clone(),
                    tokens: line.facts.tokens.clone(),
                }),
            })
        })
        .collect()
}

/// What is wrong with the folder, all of it.
pub(crate) fn findings(folder: &Folder) -> Vec<Diagnostic> {
    let mut found = folder.journal.problems();
    found.extend(
        folder
            .migrations
            .iter()
            .filter(|migration| migration.script.is_none())
            .map(driftless_migrations::folder::Migration::missing_script),
    );
    found
}

/// The files to run. What makes the order or the files themselves doubtful stops here; what else
/// is wrong with the folder is told and left to `check`.
pub(crate) fn runnable(folder: &Folder, ui: &mut Ui) -> Result<Vec<MigrationFile>> {
    let mut fatal: Vec<_> = folder.journal.problems();
    fatal.retain(|found| found.severity == Severity::Error);
    let _ = ui;
    if fatal.is_empty() {
        files(folder)
    } else {
        Err(Failure::new(fatal).into())
    }
}
