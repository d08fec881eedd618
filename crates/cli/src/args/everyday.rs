//! Arguments of the commands for every day: fill a database in, start it anew.

use clap::Args as ClapArgs;

use super::{Answers, Database, Limit, Scratch, hazard_list, time_limit};
use crate::exit;

/// Fill a database in with what driftless.toml names
///
/// Runs the SQL files of `[seed] files` that were not run in this database before, all in one
/// transaction, then `[seed] command` with `DATABASE_URL` set. What was run is recorded by name
/// beside the ledger, so that a second run has nothing to do. A file that has changed since is told,
/// and run again only with `--force`.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless seed
  driftless seed --force
  driftless seed --env staging --confirm app_staging

In driftless.toml:
  [seed]
  files = [\"seeds/*.sql\"]
  command = \"node scripts/seed.js\"

{}", exit::CODES))]
pub(crate) struct Seed {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Run what was run before once more
    #[arg(long)]
    pub(crate) force: bool,
    /// The database's name, where it is one that looks like production
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
    /// How long a statement may wait for a lock on a table; `off` for ever
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time_limit)]
    pub(crate) lock_timeout: Limit,
}

/// Empty a database of what this project made in it, migrate and seed
///
/// Drops everything that the project's own role has in the schemas that the migrations use, what
/// they make outside of schemas, and the ledger: in one transaction, all or nothing. Then every
/// migration is applied, and the seeds are run. Roles stay, and so does the schema `public` with the
/// rights on it; other schemas, other owners' objects and those of extensions are not touched. If one
/// of those needs something that would go, nothing is dropped, and it is named.
///
/// A database that looks like production is left alone unless its name is typed or given by
/// `--confirm`: one on another machine, in an environment that is called so or `protected`, or with
/// more rows than `[reset] max_rows` (100000).
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless reset
  driftless reset --yes
  driftless reset --dry-run
  driftless reset --no-seed --database-url postgres://localhost/app
  driftless reset --env staging --confirm app_staging

{}", exit::CODES))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Reset {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Show what would be dropped, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask; no answer to what looks like production
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// The database's name, where it is one that looks like production
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
    /// Leave the database empty
    #[arg(long)]
    pub(crate) no_migrate: bool,
    /// Migrate, and do not seed
    #[arg(long)]
    pub(crate) no_seed: bool,
    /// How long a statement may wait for a lock on a table; `off` for ever
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time_limit)]
    pub(crate) lock_timeout: Limit,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Bring a development database to what is declared, without a migration
///
/// What schema.ts and SQL files declare is made in scratch Postgres and compared with the database as it
/// is; the plan is shown, and run when you agree: each batch in a transaction, under the lock that
/// migrators take. What nothing declares and nothing declared speaks for stays: functions, triggers
/// and grants that were made by hand, tables that `tablesFilter` leaves out, the ledger.
///
/// Renames are asked, never guessed. What loses rows, or may fail on them, has to be allowed by
/// name; a table without rows loses none. Nothing is ever truncated. A database that looks like
/// production wants its name: see `reset`.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless push
  driftless push --yes
  driftless push --dry-run
  driftless push --rename users.fullname=users.full_name --yes
  driftless push --allow drop-column --yes --database-url postgres://localhost/app

Hazards that --allow takes:
{}

{}", hazard_list(), exit::CODES))]
pub(crate) struct Push {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Show what would be run, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask; no answer to hazards and to what looks like production
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// The database's name, where it is one that looks like production
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
    #[command(flatten)]
    pub(crate) answers: Answers,
    /// Accept a schema that declares nothing
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// How long a statement may wait for a lock on a table; `off` for ever
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time_limit)]
    pub(crate) lock_timeout: Limit,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}
