//! Arguments of `rls`.

use clap::Args as ClapArgs;

use super::Scratch;
use crate::exit;

/// Prove that one tenant never sees another's rows
///
/// Needs a `[tenant]` in driftless.toml: the column that says whose row it is, the function that says
/// whose request it is, and the roles that applications connect as. Three things are shown. The
/// matrix: for each table, role and command the predicate that stands before the rows. The findings
/// of the rules, on the catalog as Postgres reads it. And the proof: rows of two tenants are made up
/// in scratch Postgres, and everything is tried that an app role can do to get at the other's, through
/// tables, views, functions, foreign and unique keys; all of it is rolled back.
///
/// What cannot be proven is a finding, and so is a table that nobody said anything about. docs/rls.md
/// explains each number.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless rls
  driftless rls --database-url $PROD_URL
  driftless rls --declared --format json
  driftless rls --fix --name secure_notes

{}", exit::CODES))]
#[command(group = clap::ArgGroup::new("side").multiple(false))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Rls {
    /// What the migrations make, replayed in scratch Postgres; the default
    #[arg(long, group = "side")]
    pub(crate) history: bool,
    /// What schema.ts and SQL files declare, with what only the migrations make
    #[arg(long, group = "side")]
    pub(crate) declared: bool,
    /// A database; it is read, and tried is a copy of its schema in scratch Postgres of its version
    #[arg(long, value_name = "URL", group = "side")]
    pub(crate) database_url: Option<String>,
    /// The same for the database of `[env.NAME]` in driftless.toml
    #[arg(long, value_name = "NAME", group = "side")]
    pub(crate) env: Option<String>,
    /// Write a migration with the ENABLE, FORCE, policies and indexes that are missing
    #[arg(long, conflicts_with = "side")]
    pub(crate) fix: bool,
    /// What that migration is called [default: rls]
    #[arg(long, value_name = "SLUG", requires = "fix")]
    pub(crate) name: Option<String>,
    /// Show what --fix would write, write nothing
    #[arg(long, requires = "fix")]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}
