//! The list of rules.

use crate::Rule;

/// Declares the modules and the list of them.
macro_rules! rules {
    ($($module:ident,)*) => {
        $(mod $module;)*

        /// Every rule.
        pub const RULES: &[Rule] = &[$($module::RULE),*];
    };
}

/// A rule from its documentation, name, level, kind and function, with what it objects to and what
/// to write instead. Its kind is `reads`, `measured` where it has nothing to say without scratch,
/// or `squawk` and the name of squawk's rule.
macro_rules! rule {
    ($(#[doc = $doc:literal])* $name:literal, $level:ident, $kind:ident $check:ident,
     bad: $bad:literal, good: $good:literal $(,)?) => {
        $(#[doc = $doc])*
        pub(super) const RULE: crate::Rule = crate::Rule {
            name: $name,
            level: crate::Level::$level,
            docs: concat!($($doc, "\n"),*),
            bad: $bad,
            good: $good,
            check: rule!(@$kind $check),
        };
    };
    (@reads $check:ident) => { crate::Check::Own($check) };
    (@measured $check:ident) => { crate::Check::Measured($check) };
    (@squawk $check:ident) => { crate::Check::Squawk(squawk_linter::Rule::$check) };
}
use rule;

rules! {
    not_understood,
    dynamic_sql,
    // Who waits.
    index_not_concurrent,
    drop_index_not_concurrent,
    reindex_not_concurrent,
    unique_without_index,
    exclusion_constraint,
    foreign_key_without_not_valid,
    check_without_not_valid,
    validate_same_transaction,
    set_not_null,
    column_type_change,
    volatile_default,
    table_rewrite,
    attach_partition_scan,
    detach_not_concurrent,
    refresh_not_concurrent,
    vacuum_full_or_cluster,
    rows_beside_ddl,
    several_exclusive_locks,
    lock_timeout_off,
    // What fails or breaks.
    add_not_null_column,
    rename_table,
    rename_column,
    enum_value_gone,
    // What is lost.
    drop_table,
    drop_column,
    drop_cascade,
    truncate,
    rows_without_where,
    // Who may do what.
    trigger_disabled,
    session_replication_role,
    security_definer_search_path,
    grant_to_public,
    row_security_off,
    policy_always_true,
    // Squawk's.
    ban_alter_domain_with_add_constraint,
    ban_char_field,
    ban_create_domain_with_constraint,
    ban_drop_not_null,
    ban_duplicate_column_assignments,
    ban_set_schema,
    identifier_too_long,
    prefer_bigint_over_int,
    prefer_identity,
    prefer_text_field,
    prefer_timestamp_tz,
    renaming_object,
    require_enum_value_ordering,
    require_table_schema,
}
