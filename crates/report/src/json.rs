//! The public JSON types. Fields are only ever added; programs read them by name.

use driftless_catalog::{
    HazardKind, Lock, Plan as CatalogPlan, Question as CatalogQuestion, Transaction,
};
use driftless_diagnostic as diagnostic;
use serde::Serialize;

use crate::concise::severity;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable identifier in kebab case.
    pub code: &'static str,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// One sentence.
    pub message: String,
    /// The most important place, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Other places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Place>,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// What to do next.
    pub help: Vec<String>,
}

/// A place in a file; lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, relative to the project.
    pub path: String,
    /// Line of its start.
    pub line: usize,
    /// Column of its start.
    pub column: usize,
    /// Line of its end.
    pub end_line: usize,
    /// Column just after its end.
    pub end_column: usize,
    /// A few words, or empty.
    pub message: String,
}

/// What `generate` does or would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// In the order in which they run.
    pub steps: Vec<Step>,
    /// Hazards that need `--allow`.
    pub refused: Vec<&'static str>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// `create`, `alter`, `rename` or `drop`.
    pub action: driftless_catalog::Action,
    /// `table`, `column`, `foreign key`...
    pub kind: &'static str,
    /// Name of the object, `public` left out.
    pub object: String,
    /// The statement.
    pub sql: String,
    /// What it can do to a database with rows.
    pub hazards: Vec<Hazard>,
    /// The strongest lock it takes on an existing table.
    pub lock: Option<Lock>,
    /// `together`, `after-commit` or `alone`.
    pub transaction: Transaction,
    /// Why it is there, when the difference does not tell.
    pub why: Option<String>,
    /// Steps that have to be done first, by their places in the plan, counted from 0. Renames come
    /// before everything else.
    pub after: Vec<usize>,
}

/// One danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hazard {
    /// What `--allow` takes.
    pub name: &'static str,
    /// The consequence.
    pub message: String,
    /// Whether it is refused without `--allow`.
    pub refused: bool,
}

/// Something new that may be something old.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// `table`, `column`, `enum value`...
    pub kind: &'static str,
    /// The new one.
    pub created: String,
    /// What it may have been, the most alike first.
    pub candidates: Vec<Candidate>,
    /// The flag that says it is new.
    pub create: String,
}

/// Something old.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The old one.
    pub dropped: String,
    /// From 0 to 1.
    pub likeness: f64,
    /// What they have in common.
    pub evidence: String,
    /// The flag that says it is a rename.
    pub rename: String,
}

/// Findings as data.
pub fn diagnostics(found: &[diagnostic::Diagnostic]) -> Vec<Diagnostic> {
    found.iter().map(Diagnostic::from).collect()
}

impl From<&diagnostic::Diagnostic> for Diagnostic {
    fn from(found: &diagnostic::Diagnostic) -> Self {
        let mut places = found.labels.iter().map(Place::from);
        Self {
            code: found.code,
            severity: severity(found.severity),
            message: found.message.clone(),
            place: places.next(),
            related: places.collect(),
            notes: found.notes.clone(),
            help: found.help.clone(),
        }
    }
}

impl From<&diagnostic::Label> for Place {
    fn from(label: &diagnostic::Label) -> Self {
        let start = label.source.position(label.start);
        let end = label.source.position(label.end.max(label.start));
        Self {
            path: label.source.path().to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            message: label.message.clone(),
        }
    }
}

impl Plan {
    /// A plan and what of it is refused.
    pub fn new(plan: &CatalogPlan, allowed: &[HazardKind]) -> Self {
        Self {
            steps: plan
                .steps
                .iter()
                .map(|step| Step::new(step, allowed))
                .collect(),
            refused: plan
                .refused(allowed)
                .into_iter()
                .map(HazardKind::as_str)
                .collect(),
        }
    }
}

impl Step {
    fn new(step: &driftless_catalog::Step, allowed: &[HazardKind]) -> Self {
        Self {
            action: step.action,
            kind: step.object.kind.noun(),
            object: step.object.path(),
            sql: step.sql.clone(),
            hazards: step
                .hazards
                .iter()
                .map(|hazard| Hazard {
                    name: hazard.kind.as_str(),
                    message: hazard.message.clone(),
                    refused: hazard.kind.refuses() && !allowed.contains(&hazard.kind),
                })
                .collect(),
            lock: step.lock,
            transaction: step.transaction,
            why: step.why.clone(),
            after: step.after.clone(),
        }
    }
}

impl From<&CatalogQuestion> for Question {
    fn from(question: &CatalogQuestion) -> Self {
        let mut flags = crate::flags(question).into_iter().map(|(flag, _)| flag);
        Self {
            kind: question.noun,
            created: question.created.path(),
            candidates: question
                .candidates
                .iter()
                .map(|candidate| Candidate {
                    dropped: candidate.dropped.path(),
                    likeness: candidate.likeness,
                    evidence: candidate.evidence.clone(),
                    rename: flags.next().unwrap_or_default(),
                })
                .collect(),
            create: flags.next_back().unwrap_or_default(),
        }
    }
}
