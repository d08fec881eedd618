//! Arguments of the command that one works beside.

use clap::Args as ClapArgs;

use super::Scratch;
use crate::exit;

/// Work on the schema beside a database of your own
///
/// Starts a Postgres that nobody has to install: the newest one on this machine, else the one inside
/// this program. Its data stays in `.driftless/`. The migrations are applied, what `[seed]` of
/// driftless.toml names is run, and the URL is printed. While it runs, the other commands of this project
/// use it wherever no database is configured.
///
/// Then it watches the schema, SQL files, the config and the migrations folder: each time something is
/// saved, the plan is shown that `driftless generate` would write. On a terminal, keys do the rest:
///   a  write the plan as a migration and apply it; renames and hazards are asked
///   s  run seeds that were not run
///   r  empty the database, migrate and seed
///   q  end
///
/// Ctrl-C ends it as well, and the server with it.
#[derive(Debug, ClapArgs)]
#[command(verbatim_doc_comment, after_long_help = format!("\
Examples:
  driftless dev
  driftless dev --port 5433
  driftless dev --apply
  driftless dev --database-url postgres://localhost/app_dev

{}", exit::CODES))]
pub(crate) struct Dev {
    /// The port on 127.0.0.1 [default: 54329, or the next that is free]
    #[arg(long, value_name = "PORT", conflicts_with = "database_url")]
    pub(crate) port: Option<u16>,
    /// Use the Postgres inside this program although one is installed
    #[arg(long, conflicts_with = "database_url")]
    pub(crate) embedded: bool,
    /// Use this database instead of one of your own
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Write and apply each plan without being asked; one with questions or hazards waits
    #[arg(long)]
    pub(crate) apply: bool,
    /// Run no seeds
    #[arg(long)]
    pub(crate) no_seed: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}
