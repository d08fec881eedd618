//! What the page tells, as plain data: it becomes JSON within the document.

use serde::Serialize;

use crate::diagram::Diagram;

/// Everything.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Facts {
    /// The project's name.
    pub title: String,
    /// When and by what it was written.
    pub made: String,
    /// The schema that is drawn: `declared`, or what else it was.
    pub side: String,
    /// The schema.
    pub schema: Diagram,
    /// The migrations, oldest first.
    pub history: Vec<Migration>,
    /// Declared, history and live, each against the next.
    pub sides: Vec<Side>,
    /// What the next `generate` would write; nothing where the schema is in step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// Who sees what, where the project says whose rows are whose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rls: Option<Rls>,
}

/// One migration.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Migration {
    /// Its tag.
    pub tag: String,
    /// `generated`, `custom`...
    pub kind: String,
    /// When it was made, in milliseconds since 1970.
    pub when: i64,
    /// Its text.
    pub sql: String,
    /// What it changes of what schema.ts can say.
    pub changes: Vec<Change>,
    /// What the linter objects to.
    pub findings: Vec<Finding>,
    /// `applied` or `pending` in the database, where one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// One object that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `+`, `~`, `-`, `>`.
    pub sign: char,
    /// The object.
    pub object: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `error`, `warning`, `info`.
    pub severity: String,
    /// Its code.
    pub code: String,
    /// What it says.
    pub message: String,
    /// What to do.
    pub help: Vec<String>,
}

/// Two of the three schemas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// `declared` or `history`.
    pub from: String,
    /// `history` or `live`.
    pub to: String,
    /// Whether they were compared, and if not, why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_compared: Option<String>,
    /// Where they differ.
    pub differences: Vec<Difference>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it says.
    pub message: String,
    /// The relation it is about, as the diagram calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// SQL that mends it.
    pub sql: String,
}

/// A plan that nobody has written yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// In order.
    pub statements: Vec<Statement>,
    /// Questions that are open, where there are any.
    pub questions: Vec<String>,
}

/// One statement of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Its text.
    pub sql: String,
    /// The lock it takes, in Postgres's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<String>,
    /// Its dangers.
    pub hazards: Vec<String>,
}

/// Row level security.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Rls {
    /// Rows of the matrix, as `driftless rls --format json` has them.
    pub matrix: serde_json::Value,
    /// What the rules and the proof object to.
    pub findings: Vec<Finding>,
    /// One line about the proof.
    pub proof: String,
}
