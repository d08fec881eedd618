//! Arguments of the commands that show things: diagrams, the page.

use camino::Utf8PathBuf;
use clap::Args as ClapArgs;

use super::Scratch;
use crate::exit;

/// Draw the tables and what points from one to another
///
/// `--format` chooses how: `svg` (the default) for itself and for documents, `mermaid` for Markdown on
/// GitHub and GitLab, `dot` for Graphviz, `dbml` for dbdiagram.io and others, `json` for programs.
///
/// A schema is named as `diff` does it: `schema` is what is declared, `migrations` and `migrations@TAG`
/// the folder replayed, `snapshot` the newest snapshot; an SQL file or folder, `env:NAME` and a URL
/// are loaded or read.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless erd --output docs/schema.svg
  driftless erd --format mermaid
  driftless erd --format dbml --of migrations
  driftless erd --only users,posts --depth 1

{}", exit::CODES))]
pub(crate) struct Erd {
    /// The schema to draw
    #[arg(long, value_name = "SIDE", default_value = "schema")]
    pub(crate) of: String,
    /// Draw these tables alone
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// With --only, also tables that are so many references away
    #[arg(long, value_name = "N", default_value_t = 0, requires = "only")]
    pub(crate) depth: usize,
    /// The file to write to; stdout without it
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Write what is known of the project as one page, or as a comment for a pull request
///
/// `--html` writes one file that needs nothing else: the diagram, the tables with their policies and
/// grants, the migrations with what they change and what the linter finds, the pending plan with its
/// hazards, declared against history, and with `[tenant]` who sees what. With `--database-url` the
/// database is compared as well. What only Postgres can say is asked where a Postgres is installed, or
/// with `--scratch`.
///
/// `--format markdown` prints a comment for a pull request: the migrations that the branch adds to
/// `--base`, their hazards and findings, what changes of who may do what, and the diagram of the
/// tables that they touch.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless report --html schema.html
  driftless report --html schema.html --database-url $PROD_URL
  driftless report --format markdown --base origin/main > comment.md

{}", exit::CODES))]
pub(crate) struct Report {
    /// Write the page to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<Utf8PathBuf>,
    /// The branch or commit that the migrations go to, for `--format markdown`
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    #[command(flatten)]
    pub(crate) looked: Looked,
}

/// Show the page of `report --html` in a browser
///
/// It is read at the start, and again with its button. Serves on this machine alone, under a port that is free or the one given, until Ctrl-C. Requests
/// that name another host are refused, and nothing can be made to happen without the token that the page
/// holds.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless studio
  driftless studio --port 4983 --database-url postgres://localhost/app

{}", exit::CODES))]
pub(crate) struct Studio {
    /// The port; 0 takes one that is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    #[command(flatten)]
    pub(crate) looked: Looked,
}

/// What the page looks at.
#[derive(Debug, ClapArgs)]
pub(crate) struct Looked {
    /// Also compare a database with the migrations that it has
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// The same for the database of `[env.NAME]` in driftless.toml
    #[arg(long, value_name = "NAME", conflicts_with = "database_url")]
    pub(crate) env: Option<String>,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}
