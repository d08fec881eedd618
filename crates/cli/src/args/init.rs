//! Arguments of `driftless init`.

use camino::Utf8PathBuf;
use clap::{Args as ClapArgs, ValueEnum};

use crate::exit;

/// Take a Drizzle project up, or begin a new one
///
/// Where there is a config, the schema is evaluated and the migrations folder verified; then every
/// migration gets its line in `meta/_driftless.json`, and the repository a file that runs
/// `driftless check`. Nothing that drizzle-kit needs is changed. If anything is wrong, it is told and
/// nothing is written.
///
/// Where there is none, it asks where the schema, the migrations and the checks go, and writes a
/// config, a schema with two tables unless there is one, and the first migration.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless init
  driftless -C apps/api init --ci github
  driftless init --schema src/db/schema.ts --out drizzle --ci none

{}", exit::CODES))]
pub(crate) struct Init {
    /// The schema of a new project [default: src/db/schema.ts]
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<Utf8PathBuf>,
    /// The migrations folder of a new project [default: drizzle]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<Utf8PathBuf>,
    /// Where `driftless check` is to run [default: the one that the repository uses]
    #[arg(long, value_enum, value_name = "SERVICE")]
    pub(crate) ci: Option<Ci>,
}

/// What runs checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    /// `.github/workflows/driftless.yml`
    Github,
    /// `.gitlab/driftless.yml`
    Gitlab,
    /// No file
    None,
}
