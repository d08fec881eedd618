//! A partition whose rows are looked at when it is attached.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;
use crate::reading::alterations;

super::rule! {
    /// ## What it does
    /// Finds `ATTACH PARTITION` of a table that was there before and whose rows Postgres reads, as
    /// measured in scratch.
    ///
    /// ## Why
    /// Meanwhile nobody reads or writes that table.
    ///
    /// ## What to do
    /// Add a check constraint that says the same as the partition's bounds, `NOT VALID`, validate it
    /// in a later migration, and attach after that: Postgres then takes the constraint's word for
    /// it.
    "attach-partition-scan", Warning, measured check,
    bad: "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
    good: "ALTER TABLE events_2026 ADD CONSTRAINT of_2026 CHECK (at IS NOT NULL AND at >= '2026-01-01' AND at < '2027-01-01') NOT VALID;\n-- next migration\nALTER TABLE events_2026 VALIDATE CONSTRAINT of_2026;\n-- next migration\nALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');\nALTER TABLE events_2026 DROP CONSTRAINT of_2026;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        let ast::AlterTableAction::AttachPartition(it) = &alteration.action else {
            continue;
        };
        let Some(name) = it.table_name_ref().and_then(|it| Name::of(it.syntax())) else {
            continue;
        };
        let statement = alteration.statement;
        let Some(table) = statement.world.table(&name) else {
            continue;
        };
        if let (Some(true), Some(blocks)) = (statement.scans(&table), statement.blocks(&table)) {
            let message = format!(
                "{} while its rows are compared with its bounds",
                blocks.words(&name.path())
            );
            found.push(Finding::on(statement, it.syntax(), message).help(
                "add a check constraint with the same bounds NOT VALID, validate it in a later migration, then attach",
            ));
        }
    }
}
