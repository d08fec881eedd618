//! The list of rules, in the order in which their findings are told. R01 to R24 are those that were
//! tried first; what came later goes on counting.

use crate::rule::Rule;
pub(crate) use tenant_column_not_indexed::is_indexed;
pub(crate) use view_as_owner::is_invoker;

/// Declares the modules and the list of them.
macro_rules! rules {
    ($($module:ident,)*) => {
        $(mod $module;)*

        /// Every rule.
        pub const RULES: &[Rule] = &[$($module::RULE),*];
    };
}

/// A rule from its documentation, number, code, severity and function.
macro_rules! rule {
    ($(#[doc = $doc:literal])* $number:literal, $code:literal, $severity:ident, $run:path) => {
        $(#[doc = $doc])*
        pub(super) const RULE: crate::rule::Rule = crate::rule::Rule {
            number: $number,
            code: $code,
            severity: driftless_diagnostic::Severity::$severity,
            docs: concat!($($doc, "\n"),*),
            run: $run,
        };
    };
}
use rule;

rules! {
    role_missing,
    rls_not_enabled,
    rls_not_forced,
    no_policy,
    policy_without_rls,
    several_permissive_policies,
    policy_without_tenant,
    policy_always_true,
    tenant_function_called_per_row,
    tenant_column_nullable,
    tenant_column_not_indexed,
    unique_across_tenants,
    foreign_key_across_tenants,
    partition_reachable,
    table_rights_beyond_rows,
    view_as_owner,
    materialized_view_readable,
    app_role_unbound,
    app_role_can_become_more,
    app_role_owns,
    definer_function_callable,
    leakproof_function,
    tenant_function_unfit,
    foreign_table,
    default_privileges_to_app,
    table_not_covered,
    granted_to_public,
    tenant_preset,
}
