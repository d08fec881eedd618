//! `schema.ts` as statements, in the order of a plan from nothing.

use super::Statement;
use crate::script::Locations;
use driftless_catalog::{Catalog, Outcome, Spelling, plan};
use driftless_diagnostic::{Diagnostic, Result};
use driftless_migrations::drizzle;
use driftless_migrations::snapshot::Snapshot;

/// What makes the schema of a snapshot in an empty database.
///
/// With `locations`, errors point into `schema.ts`.
///
/// # Errors
/// As [`drizzle::catalog`] and [`plan()`].
pub fn statements(snapshot: &Snapshot, locations: Option<&Locations>) -> Result<Vec<Statement>> {
    let to = drizzle::catalog(snapshot)?;
    let Outcome::Plan(plan) = plan(&Catalog::empty(Spelling::Declared), &to, &[])? else {
        // There is nothing that could have been renamed.
        return Err(Diagnostic::error("internal", "a plan from nothing asks questions").into());
    };
    let steps = plan.steps.into_iter().map(|step| {
        let place = locations.and_then(|locations| {
            let object = &step.object;
            let key = format!("{} {}", object.kind.noun(), object.full_path());
            locations.get(&key).cloned()
        });
        Statement {
            sql: step.sql,
            place,
        }
    });
    Ok(steps.collect())
}
