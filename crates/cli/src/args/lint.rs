//! Arguments of `lint` and `explain`.

use clap::Args as ClapArgs;

use super::Scratch;
use crate::exit;

/// Say what migrations do to a database that is in use
///
/// Who waits while a statement runs, what fails on existing rows or breaks code that is running,
/// what is lost, and who may do more than before. What is there before a migration is known from the
/// migrations before it, and what its statements lock and write anew is measured in a throwaway
/// Postgres where one is installed on this machine; without, a rule that needs it says so.
///
/// Levels are in driftless.toml: `[lint] index-not-concurrent = "error"`. One statement is exempted
/// by a comment on the line before it, with the reason:
/// `-- driftless: allow index-not-concurrent: because the table holds ten rows`.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless lint
  driftless lint 0004_add_invoices
  driftless lint --since 0004_add_invoices --format concise
  driftless lint --all --no-measure
  driftless lint scripts/cleanup.sql
  driftless explain index-not-concurrent

{}", exit::CODES))]
pub(crate) struct Lint {
    /// Migrations by tag or file, and other .sql files as if they came after all migrations [default:
    /// the last migration]
    #[arg(value_name = "FILE|TAG", conflicts_with_all = ["all", "since"])]
    pub(crate) targets: Vec<String>,
    /// Every migration of the folder
    #[arg(long, conflicts_with = "since")]
    pub(crate) all: bool,
    /// The migrations after this one
    #[arg(long, value_name = "TAG")]
    pub(crate) since: Option<String>,
    /// Measure in scratch Postgres, whatever scratch there is
    #[arg(long, conflicts_with = "no_measure")]
    pub(crate) measure: bool,
    /// Read the SQL and the snapshots alone
    #[arg(long)]
    pub(crate) no_measure: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Explain a rule of `lint`, `check` or `rls`, or the code of a finding
///
/// What it finds, why that is bad, what to do, and for rules of `lint` and `rls` SQL that is bad and
/// good. Without a name, lists the rules.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless explain
  driftless explain set-not-null
  driftless explain migration-edited

{}", exit::CODES))]
pub(crate) struct Explain {
    /// A rule, or the code of a finding
    #[arg(value_name = "RULE|CODE")]
    pub(crate) name: Option<String>,
}
