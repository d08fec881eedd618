//! What the linter has to say about a plan: warnings at most, as nothing of it runs yet.

use std::collections::BTreeSet;

use driftless_catalog::{Action, Catalog, Lock, Plan};
use driftless_diagnostic::{Severity, SourceFile};
use driftless_lint::Levels;
use driftless_migrations::drizzle;
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::snapshot::Snapshot;

use super::proven::Replayed;
use crate::exit::Result;
use crate::lint::{judge, not_measured};
use crate::settings::Settings;
use crate::tried::Tried;
use crate::ui::Ui;

/// Tells the findings of the files of a plan, in their order.
pub(super) fn tell(
    plan: &Plan,
    files: Vec<SourceFile>,
    newest: &Snapshot,
    replayed: Option<&Replayed>,
    (settings, levels): (&Settings, &Levels),
    ui: &mut Ui,
) -> Result<()> {
    // What is only made is in nobody's way.
    if plan
        .steps
        .iter()
        .all(|step| step.action == Action::Create && step.lock.is_none())
    {
        return Ok(());
    }
    let before = match replayed {
        Some(replayed) => replayed.history().clone(),
        None => drizzle::catalog(newest)?,
    };
    let read = by_text(&files, &before);
    let mut findings = judge(&read, levels).findings;
    if let Some(replayed) = replayed
        && (!findings.is_empty() || locked(plan) > 1)
    {
        let files: Vec<MigrationFile> = files.into_iter().map(as_migration).collect();
        match replayed.try_out(&files, settings, ui) {
            Ok(tried) => findings = judge(&tried, levels).findings,
            Err(stop) => ui.status(&not_measured(&stop.failure)),
        }
    }
    for finding in &mut findings {
        finding.severity = finding.severity.min(Severity::Warning);
    }
    ui.tell_all(&findings);
    Ok(())
}

fn by_text(files: &[SourceFile], before: &Catalog) -> Vec<Tried> {
    let untried = |file: &SourceFile| Tried::untried(file.clone(), before.clone());
    files.iter().map(untried).collect()
}

fn as_migration(source: SourceFile) -> MigrationFile {
    MigrationFile {
        tag: source.path().to_owned(),
        when: 0,
        source,
        recorded: None,
    }
}

/// How many tables the plan keeps from everybody.
fn locked(plan: &Plan) -> usize {
    let steps = plan.steps.iter();
    let exclusive = steps.filter(|step| step.lock == Some(Lock::AccessExclusive));
    let tables: BTreeSet<_> = exclusive
        .map(|step| match step.object.parent.as_str() {
            "" => (&step.object.schema, &step.object.name),
            _ => (&step.object.schema, &step.object.parent),
        })
        .collect();
    tables.len()
}
