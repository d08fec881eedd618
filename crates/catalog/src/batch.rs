//! Steps that run in one transaction, cut where Postgres demands a commit between.

use crate::sql::literal;
use crate::step::{Step, Transaction};

/// Steps that run together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// In order, never empty.
    pub steps: Vec<Step>,
    /// Whether they run in a transaction; `false` only for a step that refuses one.
    pub in_transaction: bool,
}

/// Marks the steps that use what an earlier step makes usable only after its commit.
pub(crate) fn mark_boundaries(steps: &mut [Step]) {
    let mut pending: Vec<String> = Vec::new();
    for step in steps {
        if pending
            .iter()
            .any(|value| step.sql.contains(value.as_str()))
        {
            step.transaction = step.transaction.max(Transaction::AfterCommit);
            step.why = Some("a new enum value can be used once it has been committed".to_owned());
            pending.clear();
        }
        if let Some(value) = &step.usable_after_commit {
            pending.push(literal(value));
        }
    }
}

/// Cuts ordered steps into batches.
pub(crate) fn batches(steps: &[Step]) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for step in steps {
        let alone = step.transaction == Transaction::Alone;
        let joins = step.transaction == Transaction::Together
            && batches.last().is_some_and(|last| last.in_transaction);
        match batches.last_mut() {
            Some(last) if joins => last.steps.push(step.clone()),
            _ => batches.push(Batch {
                steps: vec![step.clone()],
                in_transaction: !alone,
            }),
        }
    }
    batches
}
