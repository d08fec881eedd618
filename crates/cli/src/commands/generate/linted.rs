//! What the linter has to say about a plan: warnings at most, as nothing of it runs yet.

use std::collections::BTreeSet;

use driftless_catalog::{Action, Catalog, Lock, Plan};
use driftless_diagnostic::{Severity, SourceFile};
use driftless_lint::Levels;
use driftless_migrations::ledger::MigrationFile;

use crate::exit::Result;
use crate::lint::{judge, not_measured};
use crate::tried::Tried;
use crate::ui::Ui;

/// Runs files behind the history in scratch and measures what they do.
pub(in crate::commands) type TryOut<'a> =
    &'a dyn Fn(&[MigrationFile], &mut Ui) -> Result<Vec<Tried>>;

/// Tells the findings of the files of a plan, in their order; `before` is what they run behind.
pub(in crate::commands) fn tell(
    plan: &Plan,
    files: Vec<SourceFile>,
    before: impl FnOnce() -> driftless_diagnostic::Result<Catalog>,
    try_out: Option<TryOut<'_>>,
    levels: &Levels,
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
    let before = before()?;
    // Nor is what is done where nothing was.
    if before.objects().next().is_none() {
        return Ok(());
    }
    let read = by_text(&files, &before);
    let mut findings = judge(&read, levels).findings;
    if let Some(try_out) = try_out
        && (!findings.is_empty() || locked(plan) > 1)
    {
        let files: Vec<MigrationFile> = files.into_iter().map(MigrationFile::of_script).collect();
        match try_out(&files, ui) {
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
