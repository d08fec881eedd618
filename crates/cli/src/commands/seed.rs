//! `driftless seed`: fills a database in, once.

use std::cell::Cell;
use std::process::{Command, Stdio};

use driftless_diagnostic::{Diagnostic, SourceFile};
use driftless_migrations::run::{self, MigrateOptions, SeedName, Seeded};
use driftless_postgres::ConnectOptions;
use driftless_report::count;
use driftless_sources::config::toml::{self, Spanned};

use super::migrate::{advised, applied, show};
use super::{all, time};
use crate::args::{Global, Seed};
use crate::caution;
use crate::database::{Connection, Ended, block_on_to_the_end, interruptible};
use crate::exit::{Exit, Result, Stop};
use crate::settings::{self, Settings, Target};
use crate::ui::Ui;

pub(crate) fn run(args: &Seed, global: &Global, ui: &mut Ui) -> Result<Exit> {
    ui.tell_events();
    let settings = Settings::load(global)?;
    ui.tell_all(&settings.warnings);
    let seeds = Seeds::of(&settings)?;
    let target = settings.target(&args.database)?;
    if let Target::Server { options, .. } = &target {
        let reasons = caution::reasons(&settings, &args.database, Some(options));
        let name = options.database_name().unwrap_or_default();
        caution::name_given(&reasons, name, args.confirm.as_deref(), "filled in", ui)?;
    }
    let options = MigrateOptions {
        lock_timeout: args.lock_timeout.0,
        ledger: settings.ledger(),
        ..MigrateOptions::default()
    };
    block_on_to_the_end(async {
        let texts: Vec<_> = seeds.files.iter().collect();
        let connection = Connection::open(&settings, target, &texts, ui).await?;
        let connection = seeds
            .run(connection, args.force, &options, &settings, ui)
            .await?;
        connection.close().await;
        Ok(Exit::Ok)
    })
}

/// What driftless.toml names to fill a database in with.
pub(crate) struct Seeds<'a> {
    pub(crate) files: Vec<SourceFile>,
    command: Option<&'a Spanned<String>>,
}

impl<'a> Seeds<'a> {
    /// All of them, read.
    pub(crate) fn of(settings: &'a Settings) -> Result<Self> {
        let none = || {
            Diagnostic::error(
                "no-seeds",
                "driftless.toml names nothing to fill a database in with",
            )
            .help("name SQL files there: [seed] files = [\"seeds/*.sql\"]")
        };
        let seeds = Self::if_any(settings)?.ok_or_else(none)?;
        Ok(seeds)
    }

    /// The same, where there are any.
    pub(crate) fn if_any(settings: &'a Settings) -> Result<Option<Self>> {
        let Some(toml) = &settings.toml else {
            return Ok(None);
        };
        let paths = toml::seeds(&settings.dir, toml)?;
        let command = toml.seed.command.as_ref();
        if paths.is_empty() && command.is_none() {
            return Ok(None);
        }
        let shown = |path: &camino::Utf8PathBuf| {
            let path = path.strip_prefix(&settings.dir).unwrap_or(path);
            settings::read_source(&settings.dir, path)
        };
        Ok(Some(Self {
            files: paths.iter().map(shown).collect::<Result<_>>()?,
            command,
        }))
    }

    /// Runs what was not run before; the connection is closed while the command runs.
    pub(crate) async fn run(
        &self,
        mut connection: Connection,
        force: bool,
        options: &MigrateOptions,
        settings: &Settings,
        ui: &mut Ui,
    ) -> Result<Connection> {
        let progress = ui.progress();
        let idle = Cell::new(false);
        let ended = {
            let canceller = connection.canceller();
            let mut events = |event| show(event, &progress, ui, &idle);
            let session = &mut connection.session;
            let work = run::seed(session, &self.files, force, options, &mut events);
            interruptible(canceller, &idle, work).await
        };
        progress.clear();
        let mut seeded = match ended {
            Ended::Itself(result) => result.map_err(|failure| {
                advised(
                    failure,
                    "correct the file and run the command again: nothing took effect",
                )
            })?,
            Ended::Interrupted(Some(Ok(seeded))) => seeded,
            Ended::Interrupted(_) => return Err(interrupted()),
        };
        let mut ran_command = None;
        if let Some(command) = self.command {
            let seed = SeedName::new(&command.value, &command.value);
            let known = run::is_seeded(&connection.session, &seed, options).await?;
            if known.is_some() && !force {
                seeded.already.push(seed.name);
            } else {
                ui.status(&format!("running {}", command.value));
                connection = connection
                    .lend(|options| shell(&command.value, options, settings, ui))
                    .await?;
                run::record_seed(&mut connection.session, &seed, options).await?;
                ran_command = Some(seed.name);
            }
        }
        tell(&seeded, ran_command.as_deref(), ui);
        Ok(connection)
    }
}

/// Runs a command for its effect on a database; its output goes where ours does.
fn shell(command: &str, options: &ConnectOptions, settings: &Settings, ui: &mut Ui) -> Result<()> {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .current_dir(&settings.dir)
        .env(crate::env::DATABASE_URL, options.url_for_programs())
        .stdin(Stdio::null());
    if ui.is_json() {
        shell.stdout(Stdio::from(std::io::stderr()));
    }
    let failed = |how: String| {
        Diagnostic::error("seed-command-failed", format!("the seed `{command}` {how}"))
            .note("the SQL files before it are in the database, and stay")
            .help("correct it and run `driftless seed` again: it goes on with this command")
    };
    let status = shell
        .status()
        .map_err(|error| failed(format!("does not start: {error}")))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(failed(format!("ended with exit code {code}")).into()),
        None => Err(failed("was ended by a signal".to_owned()).into()),
    }
}

/// The result in words and as data.
fn tell(seeded: &Seeded, command: Option<&str>, ui: &mut Ui) {
    ui.field("seeded", applied(&seeded.ran));
    ui.field("command", command);
    ui.field("already_seeded", &seeded.already);
    for name in &seeded.changed {
        ui.tell(
            &Diagnostic::warning(
                "seed-changed",
                format!("{name} has changed since it was run, and is not run again"),
            )
            .help("run `driftless seed --force` to run every seed once more"),
        );
    }
    let number = seeded.ran.len() + usize::from(command.is_some());
    let took = seeded.ran.iter().map(|one| one.took).sum();
    ui.out(&match number {
        0 => format!(
            "nothing to do: {} run already",
            all(seeded.already.len(), "seed")
        ),
        _ if command.is_some() => format!("ran {}", count(number, "seed")),
        _ => format!("ran {} in {}", count(number, "seed"), time(took)),
    });
}

fn interrupted() -> Stop {
    Stop::interrupted(
        Diagnostic::error(
            "interrupted",
            "interrupted: nothing of the seeds took effect",
        )
        .help("run the command again"),
    )
}
