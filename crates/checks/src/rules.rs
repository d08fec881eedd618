//! The list of rules, in the order in which their findings are told.

use crate::Rule;

/// Declares the modules and the list of them.
macro_rules! rules {
    ($($module:ident,)*) => {
        $(mod $module;)*

        /// Every rule.
        pub const RULES: &[Rule] = &[$($module::RULE),*];
    };
}

/// A rule from its documentation, name, codes and function.
macro_rules! rule {
    ($(#[doc = $doc:literal])* $name:literal, [$($code:literal),+], $run:path) => {
        $(#[doc = $doc])*
        pub(super) const RULE: crate::Rule = crate::Rule {
            name: $name,
            codes: &[$($code),+],
            docs: concat!($($doc, "\n"),*),
            run: $run,
        };
    };
}
use rule;

rules! {
    interrupted_write,
    duplicate_entries,
    index_order,
    times_going_back,
    renamed_migrations,
    missing_files,
    unlisted_files,
    conflict_markers,
    edited_migrations,
    lost_migrations,
    broken_record_chain,
    unreadable_snapshots,
    missing_snapshots,
    unlisted_snapshots,
    edited_snapshots,
    shared_parents,
    broken_snapshot_chain,
    snapshot_order,
    unrecorded_migrations,
    changed_base,
    same_number,
    same_objects,
}
