//! A trigger that does not fire any longer.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::reading::{alterations, text};

super::rule! {
    /// ## What it does
    /// Finds `DISABLE TRIGGER` and `ENABLE REPLICA TRIGGER` on a table that was there before.
    ///
    /// ## Why
    /// Foreign keys are triggers too: with `ALL` they are not checked, and rows that break them stay.
    /// What an audit or a copy in another table relies on stays away without a word, also for whoever
    /// writes meanwhile.
    ///
    /// ## What to do
    /// Leave triggers on. Where a backfill must not fire one, let its function look at a setting
    /// that the migration sets for itself.
    "trigger-disabled", Error, reads check,
    bad: "ALTER TABLE users DISABLE TRIGGER touch;",
    good: "SET LOCAL app.backfill = 'on';\nUPDATE users SET nick = '' WHERE nick IS NULL;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        let (which, node) = match &alteration.action {
            ast::AlterTableAction::DisableTrigger(it) => {
                let which = match it.trigger_target() {
                    Some(ast::TriggerTarget::TriggerRef(name)) => {
                        format!("trigger {}", text(name.syntax()))
                    }
                    Some(ast::TriggerTarget::User(_)) => "no trigger".to_owned(),
                    _ => "no trigger, foreign keys included,".to_owned(),
                };
                (which, it.syntax())
            }
            ast::AlterTableAction::EnableReplicaTrigger(it) => {
                let name = it.trigger_ref().map(|it| text(it.syntax()));
                (format!("trigger {}", name.unwrap_or_default()), it.syntax())
            }
            _ => continue,
        };
        let name = &alteration.name;
        let message = if which.starts_with("no ") {
            format!("{which} of {name} fires any longer")
        } else {
            format!("{which} of {name} does not fire any longer")
        };
        found.push(
            Finding::on(alteration.statement, node, message)
                .help("leave it on; let its function look at a setting of the migration"),
        );
    }
}
