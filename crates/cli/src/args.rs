//! Every argument of every command. Doc comments are the help.

use std::time::Duration;

use camino::Utf8PathBuf;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use driftless_catalog::{Decision, HazardKind};
use driftless_diagnostic::Diagnostic;

use crate::{env, exit};

mod database;
#[cfg(unix)]
mod dev;
mod everyday;
mod format;
mod guard;
mod init;
mod lint;
mod page;
mod pull;
mod rls;
mod shell;

pub(crate) use database::{Baseline, Exec, Migrate, Plan, Repair, Status};
#[cfg(unix)]
pub(crate) use dev::Dev;
pub(crate) use everyday::{Push, Reset, Seed};
pub(crate) use format::{Color, Format};
pub(crate) use guard::{Check, Rebase, Squash};
pub(crate) use init::{Ci, Init};
pub(crate) use lint::{Explain, Lint};
pub(crate) use page::{Erd, Looked, Report, Studio};
pub(crate) use pull::{KeyCasing, Pull};
pub(crate) use rls::Rls;
pub(crate) use shell::{Completions, Man};

/// Keeps a Postgres schema, its migrations and its databases in step
///
/// Works on a Drizzle project as it is: schema.ts, drizzle.config.ts and the migrations folder of
/// Drizzle Kit 0.31. Edit the schema, `generate`, look at the SQL, `migrate`; `check` in CI.
#[derive(Debug, Parser)]
#[command(
    name = "driftless",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_long_help = format!("{}\n\n{}", env::HELP, exit::CODES),
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    /// A format that only another command has.
    pub(crate) fn misplaced_format(&self) -> Option<exit::Stop> {
        let format = self.global.format;
        let only = format.only_of()?;
        let here = match &self.command {
            Command::Erd(_) => "erd",
            Command::Report(_) => "report",
            _ => "",
        };
        (only != here).then(|| {
            let word = format.word();
            exit::Stop::usage(
                Diagnostic::error(
                    "format-of-another",
                    format!("the format `{word}` is one of `driftless {only}`"),
                )
                .help("choose human, concise, json, sarif, github or junit"),
            )
        })
    }
}

/// What every command takes.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Work in this directory, as if started there
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(crate) directory: Option<Utf8PathBuf>,
    /// Config file, relative to the directory [default: drizzle.config.ts, .js or .json]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<Utf8PathBuf>,
    /// How to print results and findings
    #[arg(long, value_enum, default_value_t, global = true)]
    pub(crate) format: Format,
    /// Print results, warnings and errors only
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(Init),
    #[cfg(unix)]
    Dev(Dev),
    Generate(Generate),
    Revert(Revert),
    Migrate(Migrate),
    Plan(Plan),
    Baseline(Baseline),
    Status(Status),
    Repair(Repair),
    Check(Check),
    Rebase(Rebase),
    Squash(Squash),
    Lint(Lint),
    Explain(Explain),
    Rls(Rls),
    Record(Record),
    Exec(Exec),
    Seed(Seed),
    Reset(Reset),
    Push(Push),
    Diff(Diff),
    Pull(Pull),
    Snapshot(SnapshotCommand),
    Erd(Erd),
    Report(Report),
    Studio(Studio),
    Scratch(ScratchCommand),
    Completions(Completions),
    Man(Man),
}

/// Write the migration that schema.ts needs
///
/// Compares schema.ts with the newest snapshot of the migrations folder and writes the SQL for the
/// difference, its snapshot and its journal entry: all of them or none. In step already, it says so
/// and touches nothing. No database is needed; where a Postgres is installed, the migration is
/// first tried in a throwaway one.
///
/// Renames are never guessed: what may be one is asked on a terminal, and elsewhere the command
/// ends with exit code 2 and prints the flags to choose from. What loses data, may fail on existing
/// rows or locks a table for long has to be allowed by name in the same way.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless generate --name add_invoices
  driftless generate --dry-run
  driftless generate --rename users.fullname=users.full_name
  driftless generate --create users.nickname --allow drop-column
  driftless generate --custom --name backfill_slugs
  driftless generate --online --name unique_emails
  driftless generate --check
  driftless generate --prove

Hazards that --allow takes:
{}

{}", hazard_list(), exit::CODES))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Generate {
    /// What the migration is about; becomes part of the file name [default: two random words]
    #[arg(long, value_name = "SLUG")]
    pub(crate) name: Option<String>,
    /// Write an empty migration to fill in by hand
    #[arg(long, conflicts_with_all = ["check", "rename", "create", "allow"])]
    pub(crate) custom: bool,
    /// Write nothing; exit 1 if a migration is missing
    #[arg(long, conflicts_with_all = ["dry_run", "name"])]
    pub(crate) check: bool,
    /// Show what would be written, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) answers: Answers,
    /// Accept a schema that declares nothing: everything in the history is to be dropped
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Write statements that let others read and write: indexes CONCURRENTLY, constraints NOT VALID
    /// and validated afterwards, NOT NULL by way of a checked constraint, rows filled in portions.
    /// It takes more files, each committed before the next
    #[arg(long, conflicts_with_all = ["custom", "check"])]
    pub(crate) online: bool,
    /// Run the plan in scratch Postgres behind the replayed folder before it is written, whatever
    /// scratch there is: what comes out has to be what is declared. Where the newest snapshot is not
    /// what the migrations make, the plan is made from the replayed folder instead
    #[arg(long, conflicts_with_all = ["custom", "check"])]
    pub(crate) prove: bool,
    /// Write the plan unproven. Without either flag it is proven where a Postgres is installed on
    /// this machine, or a scratch server is given
    #[arg(long)]
    pub(crate) no_prove: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Write a migration that takes the last ones back
///
/// The folder is replayed in scratch Postgres twice, with those migrations and without them, and the
/// way back becomes a new migration: history is never rewritten, and databases that have the
/// migrations already follow. It is proven in scratch before it is written, with the snapshot of
/// the state that it leads back to. schema.ts has to be taken back by hand: until then `check` says
/// that it is ahead.
///
/// Renames that were decided when the migrations were generated are decided in reverse; others are
/// asked, as `generate` does. What loses data has to be allowed by name. Rows that the migrations
/// inserted, changed or deleted stay as they are: such statements are named.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless revert
  driftless revert --count 2 --dry-run
  driftless revert --to 0004_add_invoices --allow drop-column
  driftless revert --rename posts.headline=posts.title --name take_back_headline

Hazards that --allow takes:
{}

{}", hazard_list(), exit::CODES))]
pub(crate) struct Revert {
    /// How many migrations to take back, from the last one [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) count: Option<u32>,
    /// The last migration to keep: what comes after it is taken back
    #[arg(long, value_name = "TAG", conflicts_with = "count")]
    pub(crate) to: Option<String>,
    /// What the migration is called [default: `revert_` and what is taken back]
    #[arg(long, value_name = "SLUG")]
    pub(crate) name: Option<String>,
    /// Show what would be written, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Say that one is the other under its old name: `table=table`, `table.column=table.column`
    #[arg(long, value_name = "NEW=OLD", value_parser = rename)]
    pub(crate) rename: Vec<Decision>,
    /// Say that one is made anew, whatever it looks like: `table`, `table.column`
    #[arg(long, value_name = "NAME")]
    pub(crate) create: Vec<String>,
    /// Allow a hazard by its name
    #[arg(long, value_name = "HAZARD", value_parser = hazards())]
    #[arg(hide_possible_values = true)]
    pub(crate) allow: Vec<HazardKind>,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Record hand-written migrations, so that a later edit of them is noticed
///
/// `generate` records what it writes. A migration that was written by hand, or by drizzle-kit, gets
/// its hash and its place in the chain of `meta/_driftless.json` here, or with the next migration
/// that `generate` writes. From then on `check` notices an edit without a database.
///
/// A migration that no database has run may be edited: `--edited` takes its text as it is now.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless generate --custom --name rls_policies
  driftless record
  driftless record --edited 0004_fill_names

{}", exit::CODES))]
pub(crate) struct Record {
    /// Take the text that a recorded migration has now: no database may have run the old one
    #[arg(long, value_name = "TAG")]
    pub(crate) edited: Vec<String>,
}

/// Show the SQL that leads from one schema to another
///
/// Each side is one of `schema` (what schema.ts declares), `migrations` or `migrations@TAG` (the
/// folder, replayed in scratch Postgres), `snapshot` (the newest of the folder) or a snapshot file,
/// a database URL or `env:NAME` of driftless.toml, a `.sql` file or folder, or `empty` (a database
/// with nothing in it). Two sides that Postgres has to read are read by servers of one version.
/// Nothing is changed anywhere.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless diff snapshot schema
  driftless diff migrations@0004_add_invoices migrations
  driftless diff $DATABASE_URL migrations
  driftless diff empty $DATABASE_URL
  driftless diff old.sql new.sql --format json

{}", exit::CODES))]
pub(crate) struct Diff {
    /// What there is
    pub(crate) from: String,
    /// What there should be
    pub(crate) to: String,
    /// Say that one is the other under a new name: `table=table`, `table.column=table.column`
    #[arg(long, value_name = "OLD=NEW", value_parser = rename)]
    pub(crate) rename: Vec<Decision>,
    /// Say that one is new, whatever it looks like: `table`, `table.column`
    #[arg(long, value_name = "NAME")]
    pub(crate) create: Vec<String>,
    /// Take nothing for a rename: what has another name is new
    #[arg(long)]
    pub(crate) no_renames: bool,
    /// Exit 1 if there is a difference
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Make the newest snapshot say what the migrations make
///
/// After a hand-written migration changed what schema.ts declares as well (a renamed column), the
/// newest snapshot is behind, and the next `generate` would do the change again. This replays the
/// folder in scratch Postgres; where that comes to what schema.ts declares, the snapshot is written
/// anew. Otherwise nothing is written, and what differs is shown.
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless generate --custom --name rename_title
  driftless snapshot

{}", exit::CODES))]
pub(crate) struct SnapshotCommand {
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// Show which throwaway Postgres is used for what only Postgres can say, and why
#[derive(Debug, ClapArgs)]
#[command(after_long_help = format!("\
Examples:
  driftless scratch
  driftless scratch --scratch embedded
  driftless scratch --scratch-url postgres://localhost/postgres

{}", exit::CODES))]
pub(crate) struct ScratchCommand {
    #[command(flatten)]
    pub(crate) scratch: Scratch,
}

/// What a plan asks, answered beforehand.
#[derive(Debug, ClapArgs)]
pub(crate) struct Answers {
    /// Say that one is the other under a new name: `table=table`, `table.column=table.column`;
    /// names outside `public` begin with their schema
    #[arg(long, value_name = "OLD=NEW", value_parser = rename)]
    pub(crate) rename: Vec<Decision>,
    /// Say that one is new, whatever it looks like: `table`, `table.column`
    #[arg(long, value_name = "NAME")]
    pub(crate) create: Vec<String>,
    /// Allow a hazard by its name
    #[arg(long, value_name = "HAZARD", value_parser = hazards())]
    #[arg(hide_possible_values = true)]
    pub(crate) allow: Vec<HazardKind>,
}

/// Which database.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "Database")]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the flags"
)]
pub(crate) struct Database {
    /// The database, as postgres://user:password@host:port/database?sslmode=...
    #[arg(long, value_name = "URL", conflicts_with_all = ["embedded", "env"])]
    pub(crate) database_url: Option<String>,
    /// The database of `[env.NAME]` in driftless.toml
    #[arg(long, value_name = "NAME", conflicts_with = "embedded")]
    pub(crate) env: Option<String>,
    /// The Postgres kept in .driftless/, whatever else is configured
    #[arg(long)]
    pub(crate) embedded: bool,
}

/// Which throwaway Postgres, for what only Postgres can say.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Scratch Postgres")]
pub(crate) struct Scratch {
    /// The throwaway Postgres to load in: one installed on this machine, else the embedded one
    #[arg(
        long,
        value_enum,
        value_name = "ENGINE",
        default_value_t,
        conflicts_with = "scratch_url"
    )]
    pub(crate) scratch: ScratchEngine,
    /// A server that may hold throwaway databases; they are dropped again
    #[arg(long, value_name = "URL")]
    pub(crate) scratch_url: Option<String>,
}

/// Kinds of throwaway Postgres.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScratchEngine {
    /// Native, else embedded
    #[default]
    Auto,
    /// A private cluster of the Postgres installed on this machine
    Native,
    /// The Postgres inside this program
    Embedded,
}

/// A time, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit(pub(crate) Option<Duration>);

fn rename(text: &str) -> Result<Decision, String> {
    Decision::parse_rename(text)
        .ok_or_else(|| "write OLD=NEW, for example users.fullname=users.full_name".to_owned())
}

fn hazards() -> impl TypedValueParser<Value = HazardKind> {
    PossibleValuesParser::new(HazardKind::ALL.iter().map(|kind| kind.as_str())).map(|name| {
        name.parse()
            .unwrap_or_else(|()| unreachable!("clap accepts only these names"))
    })
}

fn hazard_list() -> String {
    HazardKind::ALL
        .iter()
        .filter(|kind| kind.refuses())
        .map(|kind| format!("  {:18}{}", kind.as_str(), kind.about().trim()))
        .collect::<Vec<_>>()
        .join("\n")
}

fn time_limit(text: &str) -> Result<Limit, String> {
    if text == "off" {
        return Ok(Limit(None));
    }
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let milliseconds = match unit.trim() {
        "ms" => Some(1),
        "s" => Some(1_000),
        "min" | "m" => Some(60_000),
        _ => None,
    };
    number
        .parse::<u64>()
        .ok()
        .zip(milliseconds)
        .and_then(|(number, unit)| number.checked_mul(unit))
        .map(|ms| Limit(Some(Duration::from_millis(ms))))
        .ok_or_else(|| "write 500ms, 5s, 2min or off".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn time_limits_have_units() {
        for (text, expected) in [
            ("off", Some(Limit(None))),
            ("500ms", Some(Limit(Some(Duration::from_millis(500))))),
            ("5s", Some(Limit(Some(Duration::from_secs(5))))),
            ("2min", Some(Limit(Some(Duration::from_mins(2))))),
            ("5", None),
            ("s", None),
            ("-1s", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(time_limit(text).ok(), expected, "{text}");
        }
    }
}
