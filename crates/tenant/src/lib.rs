//! Tenant isolation: one tenant never sees another tenant's rows, whatever a query forgets.
//!
//! Three ways to look at it. [`run`] reads the facts off a catalog that was read from Postgres, one
//! rule a file in `rules/`. [`matrix`] tells which predicate stands before which rows for which
//! role. [`probe()`] tries it: rows of two tenants in a throwaway database, and everything that an
//! application's role can do to get at the other's.
//!
//! [`Facts`] is what the first two reason about. [`fixed`] is the schema in which what can be mended
//! without a decision is mended.

mod accepted;
mod facts;
mod fix;
mod matrix;
mod predicate;
pub mod probe;
mod rights;
mod rule;
mod rules;

use std::collections::BTreeMap;

pub use accepted::{Sifted, sift};
pub use facts::{Facts, TenantTable};
pub use fix::{Fixed, fixed};
pub use matrix::{COMMANDS, Cell, Matrix, MatrixRow, matrix};
pub use probe::probe;
pub use rights::May;
pub use rule::{Finding, Rule, explain, run};
pub use rules::RULES;

/// What the project says about its tenants: `[tenant]` of driftless.toml.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tenant {
    /// The column that says whose row it is.
    pub column: String,
    /// Tables that call it something else, by their path.
    pub columns: BTreeMap<String, String>,
    /// The function that says whose request it is, with or without its schema.
    pub function: String,
    /// SQL that sets the tenant for a transaction; `{tenant}` stands for its value as a literal.
    pub set: Option<String>,
    /// Roles that applications connect as.
    pub app_roles: Vec<String>,
    /// Roles that may see all tenants.
    pub admin_roles: Vec<String>,
    /// The role that migrates, and owns what migrations make, where that is not a superuser.
    pub owner: Option<String>,
    /// Tables that belong to no tenant, by their path, each with the reason.
    pub exempt: BTreeMap<String, String>,
    /// Findings that somebody looked at.
    pub accepted: Vec<Accepted>,
}

/// A finding that somebody looked at, and why it is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Code or number of the rule.
    pub rule: String,
    /// The object, as the finding names it.
    pub object: String,
    /// Why.
    pub reason: String,
}

impl Tenant {
    /// What the tenant column of a table is called.
    pub fn column_of(&self, path: &str) -> &str {
        self.columns.get(path).unwrap_or(&self.column)
    }

    /// The function's schema, where it is said, and its name.
    pub fn function_name(&self) -> (Option<&str>, &str) {
        let name = self.function.trim_end_matches("()");
        match name.split_once('.') {
            Some((schema, name)) => (Some(schema), name),
            None => (None, name),
        }
    }
}
