//! All triggers and foreign keys off at once.

use crate::file::File;
use crate::finding::Finding;
use crate::reading::settings;

super::rule! {
    /// ## What it does
    /// Finds `session_replication_role` set to anything but `origin`.
    ///
    /// ## Why
    /// No trigger fires and no foreign key is checked for what follows: rows that break them stay,
    /// and nothing ever finds them.
    ///
    /// ## What to do
    /// Load rows in an order that the foreign keys allow, or make these `DEFERRABLE`.
    "session-replication-role", Error, reads check,
    bad: "SET session_replication_role = replica;",
    good: "SET CONSTRAINTS ALL DEFERRED;",
}

fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    for statement in &file.statements {
        for (name, value, node) in settings(statement) {
            let off = value.is_some_and(|value| !value.eq_ignore_ascii_case("origin"));
            if name == "session_replication_role" && off {
                found.push(
                    Finding::on(
                        statement,
                        &node,
                        "no trigger fires and no foreign key is checked for the statements after it",
                    )
                    .help("load rows in an order that the foreign keys allow, or make these DEFERRABLE"),
                );
            }
        }
    }
}
