//! Arguments of the commands that speak to a database.

use camino::Utf8PathBuf;
use clap::Args as ClapArgs;

use super::{Database, Limit, Scratch, time_limit};
use crate::exit;

/// Apply the migrations that a database does not have yet
///
/// One transaction each, its ledger row included, under a lock that other migrators respect. First
/// every migration that was applied before is compared with its file: an edited one stops the
/// command. Nothing pending is nothing to do.
///
/// Without a database URL, a Postgres kept in `.driftless/` of the project is used. The URL is
/// taken from `--database-url`, else from `DATABASE_URL` (environment, then .env), else from
/// `dbCredentials` of the config, else from libpq's variables (`PGHOST`, `PGSERVICE`...). A config that
/// reads another variable than `DATABASE_URL`, and finds it set, is preferred to `DATABASE_URL`. What
/// a URL leaves out is looked for where libpq looks, `~/.pgpass` and service files included.
///
/// With `--format json` each event is a line of JSON, and the last line is the result.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless migrate
  driftless migrate --dry-run
  driftless migrate --to 0004_add_invoices
  driftless migrate --database-url postgres://app@db.example.com/app?sslmode=verify-full
  driftless migrate --embedded

{}", exit::CODES))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Migrate {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Verify and tell what would be applied, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The last migration to apply [default: all of them]
    #[arg(long, value_name = "TAG")]
    pub(crate) to: Option<String>,
    /// How long a statement may wait for a lock on a table; `off` for ever
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time_limit)]
    pub(crate) lock_timeout: Limit,
    /// How often to try a migration again that got no lock
    #[arg(long, value_name = "N", default_value_t = 6)]
    pub(crate) lock_retries: u32,
    /// How long to wait for another migrator to finish; `off` for ever
    #[arg(long, value_name = "TIME", default_value = "off", value_parser = time_limit)]
    pub(crate) wait: Limit,
    /// Go on through a connection pooler; right only if it keeps one server process per client
    #[arg(long)]
    pub(crate) allow_pooler: bool,
    /// Run what was never applied although something younger was: two branches were merged
    #[arg(long)]
    pub(crate) allow_out_of_order: bool,
    /// Run all of them in one transaction: all or none
    #[arg(long)]
    pub(crate) single_transaction: bool,
    /// Take roles that the server has for those that migrations create: roles belong to all of its
    /// databases
    #[arg(long)]
    pub(crate) keep_roles: bool,
    /// First compare the database with the migrations it has; where it differs, nothing is run.
    /// Needs scratch Postgres of the server's version
    #[arg(long)]
    pub(crate) verify: bool,
    /// First look for rows that the pending migrations would stop at; where there are any, nothing
    /// is run. Needs scratch Postgres of the server's version
    #[arg(long)]
    pub(crate) preflight: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Show what `migrate` would do to a database: locks, rewrites, rights, rows in the way
///
/// The pending migrations are run in scratch Postgres behind those that the database has, and what
/// each statement locks, writes anew and reads through is measured there; the sizes are those of the
/// database. What changes of who may do what is told, and the rows are looked for that a new
/// constraint, type or NOT NULL would stop at. Nothing is changed.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless plan
  driftless plan --database-url $PROD_URL --format json
  driftless plan --no-preflight

{}", exit::CODES))]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Do not look for rows that are in the way
    #[arg(long)]
    pub(crate) no_preflight: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Show what only a person can settle between folder and ledger, and settle it
///
/// Without a flag it lists each migration that stands in the way of `migrate`: edited after it was
/// applied, skipped, stopped half way. A flag settles one of them; what was said, with the reason,
/// is kept in `__driftless_runs`. No SQL of any migration is run.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless repair
  driftless repair --mark-applied 0004_hotfix --reason 'run by hand on Friday'
  driftless repair --mark-rolled-back 0007_backfill --reason 'undone with psql'
  driftless repair --accept-hash 0002_roles --reason 'a password was taken out of the file'

{}", exit::CODES))]
#[command(group = clap::ArgGroup::new("what").multiple(false))]
pub(crate) struct Repair {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Say that its statements are in the database: it is recorded, and not run
    #[arg(long, value_name = "TAG", group = "what", requires = "reason")]
    pub(crate) mark_applied: Option<String>,
    /// Say that nothing of it is in the database: it will be run from its beginning
    #[arg(long, value_name = "TAG", group = "what", requires = "reason")]
    pub(crate) mark_rolled_back: Option<String>,
    /// Say that its text as it is now is what was applied
    #[arg(long, value_name = "TAG", group = "what", requires = "reason")]
    pub(crate) accept_hash: Option<String>,
    /// Why; kept beside the record
    #[arg(long, value_name = "TEXT", requires = "what")]
    pub(crate) reason: Option<String>,
}

/// Record migrations in a database that has what they make already
///
/// For a database that exists without a ledger: made by `drizzle-kit push`, by hand, from a dump.
/// The migrations are replayed in scratch Postgres of the server's version, and the database has to
/// be what comes out, in everything that `check --database-url` compares. Only then the ledger is
/// created and the migrations are recorded in it, in one transaction, under the lock that migrators
/// take. None of their SQL is run. Afterwards `migrate` goes on with what comes after them.
///
/// A database that differs gets nothing recorded: each difference is named, with the SQL that mends
/// it. One whose ledger has rows already is refused, unless they are exactly these.
///
/// Connect as the role that will migrate. Without `--database-url` the database is looked for as
/// `migrate` does it.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless baseline --database-url postgres://app@db.example.com/app
  driftless baseline 0004_add_invoices --database-url postgres://app@db.example.com/app
  driftless baseline --dry-run

{}", exit::CODES))]
pub(crate) struct Baseline {
    /// The last migration that the database has [default: the last of all]
    #[arg(value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// The database, as postgres://user:password@host:port/database?sslmode=...
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Compare and tell what would be recorded, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long to wait for another migrator to finish; `off` for ever
    #[arg(long, value_name = "TIME", default_value = "off", value_parser = time_limit)]
    pub(crate) wait: Limit,
    /// Go on through a connection pooler; right only if it keeps one server process per client
    #[arg(long)]
    pub(crate) allow_pooler: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Show which migrations a database has
///
/// One line a migration: who wrote it, when it was applied, and whether its file is still what was
/// applied. Reads only. Pending migrations are no finding; edited, missing or skipped ones are.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless status
  driftless status --format json
  driftless status --database-url postgres://app@db.example.com/app

{}", exit::CODES))]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) database: Database,
}

/// Run SQL files in one transaction: seeds, wipes
///
/// All statements of all files take effect, or none. Uses the same database as `migrate`. Nothing
/// is recorded: what belongs to the schema's history goes into a migration.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless exec seed.sql
  driftless exec wipe.sql seed.sql
  ssh db driftless exec - < wipe.sql

{}", exit::CODES))]
pub(crate) struct Exec {
    #[command(flatten)]
    pub(crate) database: Database,
    /// SQL files, run in this order; `-` is stdin
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<Utf8PathBuf>,
    /// How long a statement may wait for a lock on a table; `off` for ever
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time_limit)]
    pub(crate) lock_timeout: Limit,
}
