//! The database one works beside: a cluster of this machine's Postgres, the engine inside this program,
//! or one that was given.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};

use camino::Utf8PathBuf;
use driftless_diagnostic::Diagnostic;
use driftless_postgres::{Local, LocalOptions, find_binaries};

use crate::args::Dev;
use crate::caution;
use crate::database::{block_on, ignore_in_git};
use crate::exit::{Result, Stop};
use crate::running::Running;
use crate::settings::Settings;
use crate::ui::Ui;

/// Tried first, so that a team can name it.
const PORT: u16 = 54329;
/// How many ports after it are tried.
const TRIED: u16 = 100;

pub(super) struct Server {
    url: String,
    _local: Option<Local>,
    #[cfg(feature = "embedded")]
    embedded: Option<driftless_embedded::Embedded>,
    /// Held as long as others may use it.
    announced: Option<File>,
}

impl Server {
    pub(super) fn start(args: &Dev, settings: &Settings, ui: &mut Ui) -> Result<Self> {
        if let Some(url) = &args.database_url {
            return given(url, settings, ui);
        }
        ignore_in_git(settings);
        let announced = Running::announce(&settings.embedded_dir())?;
        let port = free(args.port)?;
        let mut server = start(args, settings, port, ui)?;
        Running::tell(&announced, &server.url);
        server.announced = Some(announced);
        ui.out(&server.url);
        if let Some(elsewhere) = settings.database_name() {
            ui.hint(&format!(
                "the database `{elsewhere}` that is configured is not used here; for your application set DATABASE_URL={}",
                server.url
            ));
        }
        Ok(server)
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn stop(self) {
        drop(self.announced);
        #[cfg(feature = "embedded")]
        if let Some(embedded) = self.embedded {
            embedded.stop();
        }
    }
}

fn given(url: &str, settings: &Settings, ui: &mut Ui) -> Result<Server> {
    let options = settings.connection(url)?;
    let reasons = caution::reasons(settings, &crate::args::Database::default(), Some(&options));
    if let Some(reason) = reasons.first() {
        return Err(Stop::usage(
            Diagnostic::error(
                "not-for-trying",
                format!("{options} is none to try things on: {reason}"),
            )
            .help("without --database-url, `driftless dev` makes a database of its own"),
        ));
    }
    ui.out(&options.to_string());
    Ok(Server {
        url: url.to_owned(),
        _local: None,
        #[cfg(feature = "embedded")]
        embedded: None,
        announced: None,
    })
}

fn start(args: &Dev, settings: &Settings, port: u16, ui: &mut Ui) -> Result<Server> {
    let binaries = find_binaries(settings.path());
    if let Some(binaries) = binaries.first().filter(|_| !args.embedded) {
        let name = format!("postgres-{}", binaries.major);
        let data = settings.embedded_dir().join(name);
        let options = LocalOptions {
            binaries: binaries.folder.clone(),
            data: data.clone().into(),
            port,
        };
        let progress = ui.progress();
        progress.set("starting Postgres");
        let local = block_on(async { Ok(Local::start(&options).await?) });
        drop(progress);
        match local {
            Ok(local) => {
                ui.status(&format!(
                    "Postgres {} of {}, its data in {}",
                    binaries.major,
                    binaries.folder.display(),
                    shown(&data, settings)
                ));
                return Ok(Server {
                    url: local.url(),
                    _local: Some(local),
                    #[cfg(feature = "embedded")]
                    embedded: None,
                    announced: None,
                });
            }
            // Data that was made with it is not left for other data in silence.
            Err(stop) if data.join("PG_VERSION").exists() || !cfg!(feature = "embedded") => {
                return Err(stop);
            }
            Err(stop) => {
                for why in stop.failure.into_diagnostics() {
                    let notes = why.notes.join("; ");
                    ui.status(&format!("{}: {notes}", why.message));
                }
            }
        }
    }
    inside(settings, port, ui)
}

#[cfg(feature = "embedded")]
fn inside(settings: &Settings, port: u16, ui: &mut Ui) -> Result<Server> {
    use crate::commands::dev::through;
    use crate::database::start_embedded;
    use driftless_migrations::ledger;

    let data = settings.embedded_dir().join("postgres");
    let folder = crate::project::folder(settings)?;
    let files = ledger::files(&folder);
    let sql = crate::project::declared_sql(settings)?;
    let mut texts: Vec<_> = files.iter().map(|file| &file.source).collect();
    texts.extend(sql.iter().map(|file| &file.source));
    let progress = ui.progress();
    progress.set("starting the Postgres inside this program (the first time takes longer)");
    let embedded = start_embedded(settings, data.clone().into(), &texts, &mut |_| {});
    drop(progress);
    let embedded = embedded?;
    through::listen(port, embedded.socket_directory())?;
    ui.status(&format!(
        "Postgres {} inside this program, its data in {}; its clients take turns in one session",
        driftless_embedded::MAJOR,
        shown(&data, settings)
    ));
    Ok(Server {
        url: format!(
            "postgres://{}@127.0.0.1:{port}/{}?sslmode=disable",
            driftless_embedded::USER,
            driftless_embedded::DATABASE
        ),
        _local: None,
        embedded: Some(embedded),
        announced: None,
    })
}

#[cfg(not(feature = "embedded"))]
fn inside(_: &Settings, _: u16, _: &mut Ui) -> Result<Server> {
    Err(Diagnostic::error(
        "no-postgres",
        "no Postgres is installed on this machine, and this driftless was built without its own",
    )
    .help("install Postgres, or give a database with --database-url")
    .into())
}

/// The port that was asked for, or the first that is free.
fn free(asked: Option<u16>) -> Result<u16> {
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    let found = match asked {
        Some(port) => Some(port).filter(is_free),
        None => (PORT..PORT + TRIED).find(is_free),
    };
    found.ok_or_else(|| {
        let which = asked.unwrap_or(PORT);
        Diagnostic::error("port-not-free", format!("port {which} is in use"))
            .help("choose another one with --port")
            .into()
    })
}

fn shown(data: &Utf8PathBuf, settings: &Settings) -> Utf8PathBuf {
    data.strip_prefix(&settings.dir).unwrap_or(data).to_owned()
}
