//! Arguments of `pull`.

use clap::{Args as ClapArgs, ValueEnum};

use super::Scratch;
use crate::exit;

/// Write the schema of a live database as sources
///
/// What Drizzle has words for becomes `schema.ts`; everything else (functions, triggers, grants,
/// comments, partitioned tables and so on) becomes SQL files in the folder `schema` beside it, which
/// driftless.toml names. Where TypeScript cannot say all of an object, it is told which part is in
/// SQL, and why. A first migration makes all of it, with journal and snapshot; where the folder has
/// migrations already there is none, and `driftless generate` goes on from them.
///
/// Nothing is written before it is proven: the sources are loaded in scratch Postgres of the server's
/// version, the first migration is run there, and neither may differ from the database in anything.
///
/// Files that exist are not overwritten without --force. With --record the ledger of the database
/// gets the first migration as applied, as `driftless baseline` does it. Otherwise nothing of the
/// database is changed.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless pull --database-url postgres://app@db.example.com/app
  driftless pull --casing preserve --dry-run
  driftless pull --record
  driftless pull --force

{}", exit::CODES))]
pub(crate) struct Pull {
    /// The database, as postgres://user:password@host:port/database?sslmode=...
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// How keys and constants of TypeScript are made from names [default: `introspect.casing` of the
    /// config, else camel]
    #[arg(long, value_enum, value_name = "CASING")]
    pub(crate) casing: Option<KeyCasing>,
    /// What the first migration is called
    #[arg(long, value_name = "SLUG", default_value = "baseline")]
    pub(crate) name: String,
    /// Record the first migration in the database as applied
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) record: bool,
    /// Overwrite schema.ts and the SQL files beside it
    #[arg(long)]
    pub(crate) force: bool,
    /// Prove it and show schema.ts, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Keys of TypeScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyCasing {
    /// `created_at` becomes `createdAt`
    Camel,
    /// Names stay as they are
    Preserve,
}
