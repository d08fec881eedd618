//! A partition detached while everybody waits.

use squawk_syntax::ast::{self, AstNode};

use crate::file::File;
use crate::finding::Finding;
use crate::names::Name;
use crate::reading::{alterations, waiting};

super::rule! {
    /// ## What it does
    /// Finds `DETACH PARTITION` without `CONCURRENTLY` from a table that was there before.
    ///
    /// ## Why
    /// It waits for everybody who uses the partitioned table, and meanwhile everybody else waits
    /// behind it.
    ///
    /// ## What to do
    /// Add `CONCURRENTLY`, in a file of its own that begins with `-- driftless: no-transaction`.
    "detach-not-concurrent", Warning, reads check,
    bad: "ALTER TABLE events DETACH PARTITION events_2025;",
    good: "-- driftless: no-transaction\nALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for alteration in alterations(file) {
        let ast::AlterTableAction::DetachPartition(it) = &alteration.action else {
            continue;
        };
        if it.detach_partition_option().is_some() {
            continue;
        }
        let partition = it.table_name_ref().and_then(|it| Name::of(it.syntax()));
        let partition = partition.map(|name| name.path()).unwrap_or_default();
        let name = &alteration.name;
        let finding = waiting(
            alteration.statement,
            (&alteration.table, name),
            it.syntax(),
            &format!("partition {partition} is detached"),
            &format!("partition {partition} of {name} is detached without CONCURRENTLY"),
        );
        found.extend(finding.map(|finding| {
            finding.help("add CONCURRENTLY, in a file of its own that begins with `-- driftless: no-transaction`")
        }));
    }
}
