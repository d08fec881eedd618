//! Which throwaway Postgres is used, and loading something in it to read it back.

use std::any::Any;
use std::collections::BTreeMap;
use std::path::PathBuf;

use camino::Utf8PathBuf;
use driftless_diagnostic::{Diagnostic, Failure, SourceFile};
use driftless_postgres::{
    Binaries, CacheKey, CatalogCache, ConnectOptions, NativeOptions, QueryError, Reading, Scope,
    Scratch, Session, connect, find_binaries, identifier, read,
};
use driftless_sources::config::toml;
use driftless_sources::sql;

use crate::args;
use crate::exit::Result;
use crate::roles;
use crate::settings::{self, Settings};
use crate::ui::Ui;

/// Roles that are there without anybody's doing, each with what failed without it.
type Granted = BTreeMap<String, Failure>;

/// The engine that was chosen, and why.
pub(crate) struct Choice {
    pub(crate) engine: Engine,
    /// In words, for `driftless scratch`.
    pub(crate) why: String,
    cache: PathBuf,
}

/// Where scratch databases are made.
pub(crate) enum Engine {
    /// A server that was given.
    Server(Box<ConnectOptions>),
    /// A private cluster of binaries that are on the machine.
    Native(Binaries),
    /// The Postgres inside this program.
    Embedded,
}

/// Something to load: what it is made of, for the cache, and for the extensions it names.
pub(crate) struct Load<'a> {
    /// Everything that decides what comes out.
    pub(crate) inputs: Vec<&'a [u8]>,
    /// The SQL that will run.
    pub(crate) texts: Vec<&'a SourceFile>,
}

impl Choice {
    /// Picks an engine: the one asked for, else a server of the machine, else the embedded one.
    /// `major` is that of a database to compare with: two majors spell differently.
    pub(crate) fn new(
        settings: &Settings,
        args: &args::Scratch,
        major: Option<u32>,
    ) -> Result<Self> {
        let cache = settings.cache();
        let chosen = |engine, why: String| {
            Ok(Self {
                engine,
                why,
                cache: cache.clone(),
            })
        };
        if let Some(url) = &args.scratch_url {
            let options = settings.scratch_server(url)?;
            return chosen(
                Engine::Server(Box::new(options)),
                "--scratch-url was given".to_owned(),
            );
        }
        // A flag is more to the point than the file.
        let file = (settings.toml.as_ref()).filter(|_| args.scratch == args::ScratchEngine::Auto);
        if let Some(toml) = file
            && let Some(url) = &toml.scratch.url
        {
            let Some(given) = url.value.resolve(&settings.env) else {
                let diagnostic = Diagnostic::error(
                    "scratch-url-missing",
                    "which server to use as scratch is not known: the variable is not set",
                );
                return Err(toml.at(diagnostic, url).into());
            };
            return chosen(
                Engine::Server(Box::new(settings.scratch_server(given)?)),
                format!("{} gives its URL", toml.source.path()),
            );
        }
        let asked = match file.map(|toml| toml.scratch.engine) {
            Some(toml::Engine::Native) => args::ScratchEngine::Native,
            Some(toml::Engine::Embedded) => args::ScratchEngine::Embedded,
            Some(toml::Engine::Auto) | None => args.scratch,
        };
        let mut tried = Vec::new();
        if asked != args::ScratchEngine::Embedded {
            let found = find_binaries(settings.path());
            let fits = |binaries: &&Binaries| major.is_none_or(|major| binaries.major == major);
            if let Some(binaries) = found.iter().find(fits) {
                let why = format!(
                    "Postgres {} is installed in {}",
                    binaries.major,
                    binaries.folder.display()
                );
                return chosen(Engine::Native(binaries.clone()), why);
            }
            tried.push(if found.is_empty() {
                "no Postgres is installed on this machine".to_owned()
            } else {
                let majors: Vec<_> = found.iter().map(|b| b.major.to_string()).collect();
                format!(
                    "installed on this machine is Postgres {}",
                    majors.join(", ")
                )
            });
        }
        if asked != args::ScratchEngine::Native {
            match EMBEDDED_MAJOR {
                Some(has) if major.is_none_or(|major| major == has) => {
                    return chosen(
                        Engine::Embedded,
                        match tried.first() {
                            Some(why) => why.clone(),
                            None => "the embedded one was asked for".to_owned(),
                        },
                    );
                }
                Some(has) => tried.push(format!("the embedded Postgres is {has}")),
                None => tried.push("this driftless was built without its own Postgres".to_owned()),
            }
        }
        let message = match major {
            Some(major) => format!(
                "no scratch Postgres {major} is at hand, which comparing with a database of that version needs"
            ),
            None => "no scratch Postgres is at hand".to_owned(),
        };
        let mut diagnostic = Diagnostic::error("no-scratch", message);
        for reason in tried {
            diagnostic = diagnostic.note(reason);
        }
        let version = major.map_or_else(String::new, |major| format!(" {major}"));
        Err(diagnostic
            .help(format!(
                "install Postgres{version}, or give a server that may hold throwaway databases with --scratch-url"
            ))
            .into())
    }

    /// Loads in an empty database and reads it back, unless the same was read before.
    pub(crate) async fn reading(
        &self,
        settings: &Settings,
        load: Load<'_>,
        run: impl AsyncFn(&mut Session) -> driftless_diagnostic::Result<()>,
        ui: &mut Ui,
    ) -> Result<Reading> {
        let scope = scope(settings, None);
        let cache = CatalogCache::new(self.cache.join("catalogs"));
        let identity = self.identity().await?;
        let shape = format!("{scope:?}");
        let setup = setup(settings)?;
        let setup = setup.iter().map(|file| file.text().as_bytes());
        let key = CacheKey::of(
            [identity.as_bytes(), shape.as_bytes()]
                .into_iter()
                .chain(setup)
                .chain(load.inputs.iter().copied()),
        );
        if let Some(reading) = cache.get(&key) {
            return Ok(reading);
        }
        let work = async |session: &mut Session| {
            run(session).await?;
            session
                .execute("DISCARD ALL")
                .await
                .map_err(|error| unusable(&error))?;
            read(session, &scope).await
        };
        let doing = "loading in scratch Postgres";
        let mut granted = Granted::new();
        let used = self.used_with(settings, &load.texts, doing, work, &mut granted, ui);
        let mut reading = used.await?;
        roles::forget(&mut reading.catalog, &granted.into_keys().collect());
        cache.put(&key, &reading);
        Ok(reading)
    }

    /// Does something in an empty database that is gone afterwards.
    pub(crate) async fn used<T>(
        &self,
        settings: &Settings,
        texts: &[&SourceFile],
        doing: &str,
        work: impl AsyncFn(&mut Session) -> driftless_diagnostic::Result<T>,
        ui: &mut Ui,
    ) -> Result<T> {
        let mut granted = Granted::new();
        self.used_with(settings, texts, doing, work, &mut granted, ui)
            .await
    }

    /// The same with roles that are there from the beginning. A server has roles that no migration
    /// makes, such as those of its provider: once one turns out to be missing, it is `granted`, and
    /// all begins anew.
    async fn used_with<T>(
        &self,
        settings: &Settings,
        texts: &[&SourceFile],
        doing: &str,
        work: impl AsyncFn(&mut Session) -> driftless_diagnostic::Result<T>,
        granted: &mut Granted,
        ui: &mut Ui,
    ) -> Result<T> {
        loop {
            let progress = ui.progress();
            progress.set(doing);
            let outcome = self.once(settings, texts, &work, granted).await;
            drop(progress);
            let (outcome, left) = outcome?;
            ui.tell_all(&left);
            let failure = match outcome {
                Ok(outcome) => return Ok(outcome),
                Err(failure) => failure,
            };
            // Nobody adds roles to a server that others use.
            let is_own = !matches!(self.engine, Engine::Server(_));
            let missing = role_that(&failure, "does not exist").filter(|_| is_own);
            if let Some(role) = missing.filter(|role| !granted.contains_key(role)) {
                granted.insert(role, failure);
                continue;
            }
            // One that a later migration creates was not to be granted.
            let made = role_that(&failure, "already exists");
            let failure = made
                .and_then(|role| granted.remove(&role))
                .unwrap_or(failure);
            return Err(self.elsewhere(failure, settings).into());
        }
    }

    /// What came of some work, and what is to be told of the end of the server.
    async fn once<T>(
        &self,
        settings: &Settings,
        texts: &[&SourceFile],
        work: &impl AsyncFn(&mut Session) -> driftless_diagnostic::Result<T>,
        granted: &Granted,
    ) -> Result<(driftless_diagnostic::Result<T>, Vec<Diagnostic>)> {
        let setup = setup(settings)?;
        let texts: Vec<&SourceFile> = setup.iter().chain(texts.iter().copied()).collect();
        let mut scratch = self.open(settings, &texts).await?;
        let mut session = scratch.database(settings.database_name()).await?;
        for role in granted.keys() {
            let create = format!("CREATE ROLE {}", identifier(role));
            session.execute(&create).await.map_err(|e| unusable(&e))?;
        }
        let outcome = match set_up(&mut session, &setup).await {
            Ok(()) => work(&mut session).await,
            Err(failure) => Err(failure),
        };
        session.close().await;
        let ended = scratch.end().await;
        let left = ended.err().map_or_else(Vec::new, Failure::into_diagnostics);
        Ok((outcome, left))
    }

    /// Where an extension would be found that this engine does not have.
    fn elsewhere(&self, failure: Failure, settings: &Settings) -> Failure {
        let mut found = failure.into_diagnostics();
        for one in &mut found {
            if one.notes.iter().any(|note| note == "SQLSTATE 3F000") && one.help.is_empty() {
                one.help.push(PROVIDED.to_owned());
            }
            let unknown = one.notes.iter().any(|note| note == "SQLSTATE 0A000");
            let name = one.message.split_once("extension \"");
            let Some((name, _)) = name.and_then(|(_, rest)| rest.split_once('"')) else {
                continue;
            };
            let mut others = self.others(settings).into_iter();
            if let Some(other) = others.find(|o| unknown && o.extensions.iter().any(|e| e == name))
            {
                one.help = vec![format!(
                    "the {0} engine has it: choose it with `--scratch {0}`",
                    other.name
                )];
            }
        }
        Failure::new(found)
    }

    /// The engines that might have been chosen as well, with their extensions.
    pub(crate) fn others(&self, settings: &Settings) -> Vec<sql::Engine> {
        let native = || {
            let found = find_binaries(settings.path());
            found.first().map(|binaries| sql::Engine {
                name: "native".to_owned(),
                extensions: binaries.extensions(),
            })
        };
        let embedded = || {
            EMBEDDED_MAJOR.map(|_| sql::Engine {
                name: "embedded".to_owned(),
                extensions: embedded_extensions(),
            })
        };
        match self.engine {
            Engine::Native(_) => embedded().into_iter().collect(),
            Engine::Embedded => native().into_iter().collect(),
            Engine::Server(_) => native().into_iter().chain(embedded()).collect(),
        }
    }

    /// What tells this engine from any other version of it.
    async fn identity(&self) -> Result<String> {
        Ok(match &self.engine {
            Engine::Server(options) => {
                let session = connect(options).await?;
                let version = session.server().version_text.clone();
                session.close().await;
                format!("server {version}")
            }
            Engine::Native(binaries) => {
                let options = self.native(binaries);
                format!(
                    "native {} {}",
                    binaries.folder.display(),
                    options.identity()
                )
            }
            Engine::Embedded => format!("embedded {}", env!("CARGO_PKG_VERSION")),
        })
    }

    pub(crate) async fn open(&self, settings: &Settings, texts: &[&SourceFile]) -> Result<Scratch> {
        Ok(match &self.engine {
            Engine::Server(options) => Scratch::on_server((**options).clone()).await?,
            Engine::Native(binaries) => Scratch::native(&self.native(binaries)).await?,
            Engine::Embedded => {
                let (options, server) = embedded(settings, texts)?;
                Scratch::owned(options, server)
            }
        })
    }

    fn native(&self, binaries: &Binaries) -> NativeOptions {
        NativeOptions {
            binaries: binaries.folder.clone(),
            cache: self.cache.clone(),
        }
    }
}

const PROVIDED: &str = "where a provider makes it, say so in a file that `setup` under [scratch] in \
                        driftless.toml names";

/// What is there before any migration, as driftless.toml says it.
fn setup(settings: &Settings) -> Result<Vec<SourceFile>> {
    let Some(toml) = &settings.toml else {
        return Ok(Vec::new());
    };
    let read = |path: &Utf8PathBuf| {
        let path = path.strip_prefix(&settings.dir).unwrap_or(path);
        settings::read_source(&settings.dir, path)
    };
    let files = toml::setup(&settings.dir, toml)?;
    files.iter().map(read).collect()
}

async fn set_up(session: &mut Session, files: &[SourceFile]) -> driftless_diagnostic::Result<()> {
    for file in files {
        let made = session.execute(file.text()).await;
        made.map_err(|error| setup_fails(file, &error))?;
    }
    Ok(())
}

fn setup_fails(file: &SourceFile, error: &QueryError) -> Diagnostic {
    let diagnostic = error.diagnostic("setting up scratch Postgres");
    let diagnostic = diagnostic.note(format!("in {}, which driftless.toml names", file.path()));
    diagnostic.help("correct the file: it is run in every throwaway database, before all else")
}

/// The role that something stopped for; `how` is what Postgres says of it.
fn role_that(failure: &Failure, how: &str) -> Option<String> {
    let mut messages = failure.diagnostics().iter().map(|one| &one.message);
    messages.find_map(|message| {
        let (_, rest) = message.split_once("role \"")?;
        let (role, said) = rest.split_once("\" ")?;
        said.starts_with(how).then(|| role.to_owned())
    })
}

/// What of a database belongs to the project: all but the ledger and what driftless.toml excludes.
pub(crate) fn scope(settings: &Settings, owner: Option<String>) -> Scope {
    let mut without_schemas = Vec::new();
    if let Some(toml) = &settings.toml {
        let excluded = toml.exclude_schemas.iter().map(|one| one.value.clone());
        without_schemas.extend(excluded);
    }
    Scope {
        without_schemas,
        without_tables: settings.ledger().tables(),
        owner,
    }
}

fn unusable(error: &driftless_postgres::QueryError) -> Diagnostic {
    Diagnostic::error(
        "scratch-not-usable",
        format!("the scratch Postgres does not go on: {error}"),
    )
    .help("a statement that ends the session or the server cannot be loaded")
}

/// Major version of the Postgres inside this program, where there is one.
#[cfg(all(unix, feature = "embedded"))]
const EMBEDDED_MAJOR: Option<u32> = Some(driftless_embedded::MAJOR);
#[cfg(not(all(unix, feature = "embedded")))]
const EMBEDDED_MAJOR: Option<u32> = None;

#[cfg(all(unix, feature = "embedded"))]
fn embedded_extensions() -> Vec<String> {
    let all = driftless_embedded::AVAILABLE_EXTENSIONS;
    all.iter().map(|&name| name.to_owned()).collect()
}

#[cfg(not(all(unix, feature = "embedded")))]
fn embedded_extensions() -> Vec<String> {
    Vec::new()
}

#[cfg(all(unix, feature = "embedded"))]
fn embedded(settings: &Settings, texts: &[&SourceFile]) -> Result<(ConnectOptions, Box<dyn Any>)> {
    let folder = tempfile::Builder::new()
        .prefix("driftless-")
        .tempdir()
        .map_err(|error| {
            Diagnostic::error(
                "scratch-not-started",
                format!("no scratch Postgres: {error}"),
            )
            .help("make room for temporary files")
        })?;
    let data = folder.path().join("data");
    let server = crate::database::start_embedded(settings, data, texts, &mut |_| {})?;
    let mut options = ConnectOptions::from_url(&server.url())?;
    options.serves_one = true;
    // The server goes before its folder.
    Ok((options, Box::new((server, folder))))
}

#[cfg(not(all(unix, feature = "embedded")))]
fn embedded(_: &Settings, _: &[&SourceFile]) -> Result<(ConnectOptions, Box<dyn Any>)> {
    Err(Diagnostic::error(
        "no-scratch",
        "this driftless was built without its own Postgres",
    )
    .help("give a server with --scratch-url")
    .into())
}
