//! A column that is added, in its table's CREATE or to a table that is there.

use super::{Column, NotNull};
use crate::hazard::HazardKind;
use crate::kinds::{Change, Cx, Descent, Kind, options};
use crate::sql::ident;
use crate::step::Step;

impl Column {
    /// Name, type and everything that goes with it.
    pub(super) fn definition(&self) -> String {
        let mut words = vec![ident(&self.name), self.data_type.sql()];
        if let Some(method) = &self.compression {
            words.push(format!("COMPRESSION {method}"));
        }
        if !self.foreign_options.is_empty() {
            words.push(
                options::clause(&self.foreign_options)
                    .trim_start()
                    .to_owned(),
            );
        }
        if let Some(collation) = &self.collation {
            words.push(format!("COLLATE {collation}"));
        }
        if let Some(default) = &self.default {
            words.push(format!("DEFAULT {default}"));
        }
        if let Some(generated) = &self.generated {
            let kept = if self.generated_virtual {
                "VIRTUAL"
            } else {
                "STORED"
            };
            words.push(format!("GENERATED ALWAYS AS ({generated}) {kept}"));
        }
        if self.not_null {
            words.extend(NotNull::inline(self.not_null_constraint.as_ref()));
        }
        if let Some(identity) = &self.identity {
            words.push(identity.sql(&self.schema));
        }
        words.join(" ")
    }

    /// What is left to do where a statement on the table above makes it.
    pub(super) fn come_from(&self, above: &Self, cx: &Cx<'_>) -> Vec<Step> {
        // CREATE TABLE takes the storage over, ADD COLUMN does not reach so far.
        let at_birth = cx.is_new(&self.table_id());
        let made = Self {
            data_type: self.data_type.clone(),
            collation: self.collation.clone(),
            not_null: above.not_null,
            default: above.default.clone(),
            storage: above.storage.clone().filter(|_| at_birth),
            compression: above.compression.clone(),
            statistics: None,
            options: std::collections::BTreeMap::new(),
            origin: Descent::Own,
            ..self.clone()
        };
        match made.alter(self, cx) {
            Change::Alter { steps, .. } => steps,
            Change::Replace => Vec::new(),
        }
    }

    pub(super) fn added(&self, cx: &Cx<'_>) -> Step {
        let mut step = self.alter_table(&format!("ADD COLUMN {}", self.definition()));
        step.action = crate::step::Action::Create;
        if cx.is_new(&self.table_id()) {
            step.lock = None;
            return step;
        }
        let (path, table) = (self.id().path(), self.table_id().path());
        let filled = self.default.is_some()
            || self.generated.is_some()
            || self.identity.is_some()
            || self.data_type.serial_base().is_some();
        if self.not_null && !filled {
            step = step.hazard(
                HazardKind::AddNotNull,
                format!("{path} is NOT NULL without a default: this fails unless {table} is empty"),
            );
        }
        let computed = self.generated.is_some()
            || self.identity.is_some()
            || self.data_type.serial_base().is_some()
            || self.default.as_deref().is_some_and(is_volatile);
        if computed {
            step = step.hazard(
                HazardKind::TableRewrite,
                format!("every row of {table} is rewritten to fill {path}"),
            );
        }
        step
    }
}

/// Whether Postgres has to compute a default for each row. A constant is stored once; a call
/// that is not known to be stable counts as volatile.
fn is_volatile(default: &str) -> bool {
    const STABLE: [&str; 9] = [
        "now()",
        "current_timestamp",
        "current_date",
        "current_time",
        "localtimestamp",
        "localtime",
        "transaction_timestamp()",
        "statement_timestamp()",
        "current_user",
    ];
    let plain = default.trim().to_lowercase();
    let plain = plain.trim_start_matches('(').trim_end_matches(')');
    let calls = default.contains('(') && !default.trim_start().starts_with('\'');
    calls
        && !STABLE
            .iter()
            .any(|stable| plain.starts_with(stable.trim_end_matches("()")))
}
