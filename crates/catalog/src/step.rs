//! One statement of a plan, and what is known about it.

use serde::{Deserialize, Serialize};

use crate::hazard::{Hazard, HazardKind};
use crate::id::Id;

/// One SQL statement with its reason, dangers and needs for a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// One statement, ending in `;`.
    pub sql: String,
    /// The object it is about.
    pub object: Id,
    /// What it does to that object.
    pub action: Action,
    /// Its dangers on a database with rows.
    pub hazards: Vec<Hazard>,
    /// The strongest lock it takes on an existing table, with the table's name.
    pub lock: Option<Lock>,
    /// Which transaction it can run in.
    pub transaction: Transaction,
    /// Why it is there, when that is not plain from the difference itself.
    pub why: Option<String>,
    /// Steps of the same plan that have to be done first, by their places in it, counted from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<usize>,
    /// A literal that no later step may use before this one has committed (a new enum value).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usable_after_commit: Option<String>,
    /// SQL for somebody to complete, run before this step: it stops where rows are in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backfill: Option<String>,
}

/// What a step does to its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It exists afterwards.
    Create,
    /// It changes in place.
    Alter,
    /// It gets another name or schema.
    Rename,
    /// It is gone afterwards.
    Drop,
}

/// Where a step may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transaction {
    /// In one transaction with its neighbours.
    Together,
    /// In a transaction that starts after everything before it has committed.
    AfterCommit,
    /// In no transaction at all (`CREATE INDEX CONCURRENTLY`).
    Alone,
}

/// A table-level lock, weakest first; the names are Postgres's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lock {
    /// Blocks schema changes only.
    ShareUpdateExclusive,
    /// Blocks writers.
    Share,
    /// Blocks writers and row locks.
    ShareRowExclusive,
    /// Blocks everybody.
    AccessExclusive,
}

impl Lock {
    /// As Postgres calls it.
    pub fn words(self) -> &'static str {
        match self {
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }
}

impl Step {
    /// A step that runs with its neighbours and has no dangers.
    pub(crate) fn new(action: Action, object: Id, sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            object,
            action,
            hazards: Vec::new(),
            lock: None,
            transaction: Transaction::Together,
            why: None,
            after: Vec::new(),
            usable_after_commit: None,
            backfill: None,
        }
    }

    pub(crate) fn create(object: Id, sql: impl Into<String>) -> Self {
        Self::new(Action::Create, object, sql)
    }

    pub(crate) fn alter(object: Id, sql: impl Into<String>) -> Self {
        Self::new(Action::Alter, object, sql)
    }

    pub(crate) fn drop(object: Id, sql: impl Into<String>) -> Self {
        Self::new(Action::Drop, object, sql)
    }

    pub(crate) fn rename(object: Id, sql: impl Into<String>) -> Self {
        Self::new(Action::Rename, object, sql)
    }

    pub(crate) fn hazard(mut self, kind: HazardKind, message: impl Into<String>) -> Self {
        self.hazards.push(Hazard::new(kind, message));
        self
    }

    pub(crate) fn lock(mut self, lock: Lock) -> Self {
        self.lock = Some(lock);
        self
    }

    pub(crate) fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }
}
