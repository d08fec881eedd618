//! From two catalogs to ordered steps: renames first, then everything else in one order.

use std::collections::BTreeSet;

use driftless_diagnostic::{Diagnostic, Result};
use serde::Serialize;

use crate::batch::{Batch, batches, mark_boundaries};
use crate::catalog::Catalog;
use crate::diff::delta;
use crate::hazard::HazardKind;
use crate::id::Id;
use crate::online::online;
use crate::planner::Planner;
use crate::rename::{Decision, Decisions, Question, resolve};
use crate::step::{Action, Step};

/// What makes names without a schema those of `public`, where plans have them.
pub const IN_PUBLIC: &str = "SET search_path TO public;";

/// What planning comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every rename is decided.
    Plan(Plan),
    /// Somebody has to say what is a rename first.
    Questions(Vec<Question>),
}

/// Ordered steps from one schema to another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Plan {
    /// In the order in which they run; empty when the two schemas are equal.
    pub steps: Vec<Step>,
    /// The rename decisions that went into it, in full paths, to be remembered.
    pub decisions: Vec<Decision>,
    /// Decisions that fit nothing in this difference.
    pub unused: Vec<Decision>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps cut into transactions.
    pub fn batches(&self) -> Vec<Batch> {
        batches(&self.steps)
    }

    /// What is dropped and created again.
    pub fn rebuilt(&self) -> BTreeSet<&Id> {
        let all = |action: Action| {
            let steps = self.steps.iter().filter(move |step| step.action == action);
            steps.map(|step| &step.object)
        };
        let dropped: BTreeSet<&Id> = all(Action::Drop).collect();
        all(Action::Create)
            .filter(|id| dropped.contains(id))
            .collect()
    }

    /// The same for a session whose `search_path` leads elsewhere first: what the steps call by its name
    /// alone is in `public`.
    #[must_use]
    pub fn in_public(mut self) -> Self {
        for step in &mut self.steps {
            for first in &mut step.after {
                *first += 1;
            }
        }
        if let Some(next) = self.steps.first() {
            let first = Step::alter(next.object.clone(), IN_PUBLIC)
                .because("the search_path of this database leads to another schema first");
            self.steps.insert(0, first);
        }
        self
    }

    /// Every kind of hazard in it that is refused until it is allowed by name.
    pub fn refused(&self, allowed: &[HazardKind]) -> BTreeSet<HazardKind> {
        self.steps
            .iter()
            .flat_map(|step| &step.hazards)
            .map(|hazard| hazard.kind)
            .filter(|kind| kind.refuses() && !allowed.contains(kind))
            .collect()
    }
}

/// Plans the way from one schema to another.
///
/// # Errors
/// Two catalogs in different spellings, a rename whose target is taken, and needs that run in a
/// circle (a bug, which the message names).
pub fn plan(from: &Catalog, to: &Catalog, decisions: &Decisions) -> Result<Outcome> {
    planned(from, to, decisions, false)
}

/// The same in statements that let others read and write, as far as there are such: it takes more
/// of them, with commits between.
///
/// # Errors
/// As [`plan`].
pub fn plan_online(from: &Catalog, to: &Catalog, decisions: &Decisions) -> Result<Outcome> {
    planned(from, to, decisions, true)
}

fn planned(
    from: &Catalog,
    to: &Catalog,
    decisions: &Decisions,
    without_waiting: bool,
) -> Result<Outcome> {
    if from.spelling() != to.spelling() {
        return Err(Diagnostic::error(
            "internal-spelling",
            "two schemas spelled by different hands cannot be compared",
        )
        .into());
    }
    let renamed = resolve(from, to, decisions)?;
    if !renamed.questions.is_empty() {
        return Ok(Outcome::Questions(renamed.questions));
    }
    let mut steps = renamed.steps;
    let from = renamed.catalog.as_ref();
    let delta = delta(from, to, renamed.alone);
    if !delta.is_empty() {
        let renames = steps.len();
        steps.extend(Planner::new(from, to, delta).steps()?);
        for step in &mut steps[renames..] {
            for first in &mut step.after {
                *first += renames;
            }
        }
    }
    if without_waiting {
        steps = online(steps, from, to);
    }
    mark_boundaries(&mut steps);
    Ok(Outcome::Plan(Plan {
        steps,
        decisions: renamed.used,
        unused: renamed.unused,
    }))
}

/// Plans with nothing for a rename but what was decided: what nobody was asked about is new.
///
/// # Errors
/// As [`plan`].
pub fn plan_as_decided(from: &Catalog, to: &Catalog, decisions: &Decisions) -> Result<Plan> {
    let mut decisions = decisions.to_vec();
    loop {
        match plan(from, to, &decisions)? {
            Outcome::Plan(plan) => return Ok(plan),
            Outcome::Questions(questions) => decisions.extend(
                questions
                    .iter()
                    .map(|question| Decision::Create(question.created.full_path())),
            ),
        }
    }
}
