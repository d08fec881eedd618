//! Arguments of the commands that look after a folder.

use clap::{Args as ClapArgs, ValueEnum};
use driftless_diagnostic::Severity;

use super::{Answers, Scratch, hazard_list};
use crate::exit;

/// Prove that schema.ts and the migrations folder agree
///
/// The schema evaluates; journal, files, snapshots and recorded hashes fit together; and the
/// declared schema equals the newest snapshot, or the missing SQL is shown. All findings in one run,
/// without a database. Meant for CI.
///
/// With `--replay` the folder is run in scratch Postgres, and what comes out has to be what is
/// declared: a hand-written migration cannot hide anything. With `--database-url` the database has
/// to be what the migrations it has make of it, in everything; each difference is named, with the
/// SQL that mends it.
///
/// With `--base` the migrations that the base branch does not have are linted as well, by their text
/// and the snapshots; with `--database-url` those that the database does not have, measured in scratch.
///
/// Where the project has a `tsconfig.json` and `node_modules/.bin/tsc`, what `tsc --noEmit` refuses in
/// the schema's folders fails the check as well.
///
/// With `--base` the folder is compared with that of the branch it goes to, through git: migrations
/// that the branch has and this one changed, numbers that both took, objects that both change.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless check
  driftless check --format concise
  driftless check --base origin/main
  driftless check --replay
  driftless check --database-url postgres://app@db.example.com/app
  driftless -C apps/api check --format json
  driftless check --format github --fail-on warning

{}", exit::CODES))]
pub(crate) struct Check {
    /// Also compare the folder with that of a branch or commit, from where this branch left it
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// The least severity that fails the check
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t)]
    pub(crate) fail_on: FailOn,
    /// Also replay the folder in scratch Postgres and compare what comes out
    #[arg(long)]
    pub(crate) replay: bool,
    /// Replay, and write a newest snapshot anew that is behind the migrations
    #[arg(long)]
    pub(crate) fix: bool,
    /// Also compare a database with the migrations it has; replays the folder as well
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Do not run the project's TypeScript compiler
    #[arg(long)]
    pub(crate) no_tsc: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// What makes `check` fail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors
    #[default]
    Error,
    /// Warnings and errors
    Warning,
    /// Any finding
    Info,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
        }
    }
}

/// Move this branch's migrations behind those of another branch
///
/// Two branches that each made a migration took the same number and started from the same state. In
/// the middle of a merge, with conflict markers in the journal, after it, or before it: what the base
/// branch has stays as it is there. The others get the next numbers and a later `when`. Generated
/// ones are generated again on top of the base's state, with the same answers to renames; where that
/// comes to the same SQL, their files stay as they are. Hand-written ones keep their text. Journal,
/// snapshots and recorded lines are written anew, all of it or nothing. Where SQL files declare a part
/// of the schema, the migrations are run in scratch Postgres to see which have to be generated again.
///
/// First merge schema.ts; leave the migrations folder to this command. A migration that a database
/// has run is not moved: name the database to have that looked at.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless rebase
  driftless rebase --base origin/develop --dry-run
  driftless rebase --database-url postgres://app@staging.example.com/app
  driftless rebase --rename users.fullname=users.full_name

Hazards that --allow takes:
{}

{}", hazard_list(), exit::CODES))]
pub(crate) struct Rebase {
    /// The branch or commit whose migrations stay [default: the branch that `origin` begins with,
    /// else origin/main, origin/master, main or master]
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// A database to look at: migrations that it has run are not moved
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Show what would be written, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) answers: Answers,
    /// Generate again what was generated and then edited by hand: the edits are lost
    #[arg(long)]
    pub(crate) discard_edits: bool,
    /// Do not run the folder in scratch Postgres. Otherwise it is run there where a Postgres is
    /// installed on this machine, or a scratch server is given
    #[arg(long)]
    pub(crate) no_prove: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Replace the first migrations by one that makes the same
///
/// The migrations are replayed in scratch Postgres, and what comes out becomes one migration in
/// their place. It is replayed as well before anything is written: both have to come to the same
/// schema, and to as many rows in each table. Statements that write rows are kept, behind the
/// schema, where rows are left at the end; a backfill of tables that are empty there is not.
///
/// A database that has run the migrations is recognised: it has run what replaces them. The record
/// keeps their hashes, and the new one has the time of the last, so that drizzle-orm's own migrator
/// passes it over as well. A database that has run only some of them is refused by `migrate`, and
/// has to be migrated with the folder as it was before.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless squash --dry-run
  driftless squash
  driftless squash --to 0041_drop_legacy --name start_of_2026

{}", exit::CODES))]
pub(crate) struct Squash {
    /// The last migration to replace [default: the last one there is]
    #[arg(long, value_name = "TAG")]
    pub(crate) to: Option<String>,
    /// What the migration is called
    #[arg(long, value_name = "SLUG", default_value = "baseline")]
    pub(crate) name: String,
    /// Leave out the rows that the migrations insert
    #[arg(long)]
    pub(crate) without_rows: bool,
    /// Show what would be written, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}
