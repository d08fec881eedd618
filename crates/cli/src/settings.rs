//! Flags over environment over `.env` over config, resolved once.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, SourceFile};
use driftless_migrations::ledger::LedgerNames;
use driftless_migrations::write::Prefix;
use driftless_postgres::{ConnectOptions, Defaults};
use driftless_sources::config::toml::{self, DriftlessToml};
use driftless_sources::config::{self, Config};

use crate::args::{Database, Global};
use crate::env;
use crate::exit::Result;
use crate::sides::Side;

mod credentials;

/// A project as commands see it.
pub(crate) struct Settings {
    /// The project's directory, absolute.
    pub(crate) dir: Utf8PathBuf,
    pub(crate) config: Config,
    /// What `driftless.toml` says, if there is one.
    pub(crate) toml: Option<DriftlessToml>,
    /// What `process.env` shows in schema and config: the environment over `.env`.
    pub(crate) env: BTreeMap<String, String>,
    /// What the config says that Driftless does not know.
    pub(crate) warnings: Vec<Diagnostic>,
    process: BTreeMap<String, String>,
    database_name: Option<String>,
    /// There is a `drizzle.config`.
    drizzle: bool,
}

/// Which database, and who says so.
pub(crate) enum Target {
    /// A server.
    Server {
        options: Box<ConnectOptions>,
        /// `--database-url`, `DATABASE_URL`...
        origin: String,
    },
    /// The Postgres in `.driftless/`.
    Embedded {
        /// Why, when nobody asked for it.
        why: Option<String>,
    },
}

impl Settings {
    /// Reads environment, `.env` files and config.
    pub(crate) fn load(global: &Global) -> Result<Self> {
        Self::load_with(global, false)
    }

    /// The same for a command that may begin a project: without any config, the usual one holds.
    pub(crate) fn load_or_begin(global: &Global) -> Result<Self> {
        Self::load_with(global, true)
    }

    /// The same for a command about these sides: where no project is needed, none has to be there.
    pub(crate) fn load_for(global: &Global, sides: &[&str]) -> Result<Self> {
        let alone = sides.iter().all(|side| Side::stands_alone(side));
        Self::load_with(global, alone)
    }

    fn load_with(global: &Global, may_begin: bool) -> Result<Self> {
        let dir = directory(global)?;
        let process = env::process();
        let mut env = BTreeMap::new();
        let beside = global
            .config
            .as_ref()
            .and_then(|file| dir.join(file).parent().map(Utf8Path::to_owned));
        let mut folders = vec![dir.clone()];
        folders.extend(beside);
        folders.dedup();
        // Nearer to the config is more to the point.
        for folder in folders {
            env.extend(dot_env(&dir, &folder.join(".env"))?);
        }
        env.extend(process.clone());
        let file = global.config.clone().or_else(|| config::find(&dir));
        let toml = toml::load(&dir, file.as_deref())?;
        let (mut config, warnings) = match &toml {
            // A project of SQL files alone, or none yet.
            Some(_) | None if file.is_none() && (toml.is_some() || may_begin) => {
                let file = dir.join(toml::NAME);
                (Config::without_file(&dir, &file), Vec::new())
            }
            _ => config::load(&dir, global.config.as_deref(), &env)?,
        };
        if let Some(toml) = &toml {
            config.out = toml::out(&dir, file.as_ref().map(|_| &config), toml)?;
        }
        let mut settings = Self {
            dir,
            config,
            toml,
            env,
            warnings,
            process,
            database_name: None,
            drizzle: file.is_some(),
        };
        settings.database_name = settings.configured_database();
        Ok(settings)
    }

    /// Whether there is a `drizzle.config`.
    pub(crate) fn has_drizzle_config(&self) -> bool {
        self.drizzle
    }

    /// What declares the schema; SQL files are looked for now.
    pub(crate) fn schema(&self) -> driftless_diagnostic::Result<toml::Schema> {
        match &self.toml {
            Some(toml) if !toml.schema.is_empty() => {
                toml::schema(&self.dir, self.drizzle.then_some(&self.config), toml)
            }
            _ => Ok(toml::Schema {
                scripts: self.config.schema.clone(),
                ..toml::Schema::default()
            }),
        }
    }

    /// The migrations folder as people call it.
    pub(crate) fn folder_shown(&self) -> &str {
        let out = &self.config.out;
        out.strip_prefix(&self.dir).unwrap_or(out).as_str()
    }

    /// Where the ledger is.
    pub(crate) fn ledger(&self) -> LedgerNames {
        LedgerNames {
            schema: self.config.migrations.schema.clone(),
            table: self.config.migrations.table.clone(),
        }
    }

    /// What names of migration files start with.
    pub(crate) fn prefix(&self) -> Prefix {
        match self.config.migrations.prefix {
            config::Prefix::Index => Prefix::Index,
            config::Prefix::Timestamp => Prefix::Timestamp,
            config::Prefix::Supabase => Prefix::Supabase,
            config::Prefix::Unix => Prefix::Unix,
            config::Prefix::None => Prefix::None,
        }
    }

    /// Where programs are looked for.
    pub(crate) fn path(&self) -> Option<&std::ffi::OsStr> {
        given(&self.process, env::PATH).map(std::ffi::OsStr::new)
    }

    /// A folder outside the project for what can be made again.
    pub(crate) fn cache(&self) -> std::path::PathBuf {
        let home = |name: &str| given(&self.process, name).map(std::path::PathBuf::from);
        home(env::XDG_CACHE_HOME)
            .or_else(|| Some(home(env::HOME)?.join(".cache")))
            .map_or_else(
                || self.embedded_dir().join("cache").into_std_path_buf(),
                |cache| cache.join("driftless"),
            )
    }

    /// Whether nothing is to be proven that was not asked for.
    pub(crate) fn no_prove(&self) -> bool {
        given(&self.process, env::DRIFTLESS_NO_PROVE).is_some()
    }

    /// Whether this is said to be production.
    pub(crate) fn is_production(&self) -> bool {
        given(&self.env, env::NODE_ENV) == Some("production")
    }

    /// The name of the database that the project is about, where one is configured.
    pub(crate) fn database_name(&self) -> Option<&str> {
        self.database_name.as_deref()
    }

    /// The folder of what Driftless keeps in a project besides migrations.
    pub(crate) fn embedded_dir(&self) -> Utf8PathBuf {
        self.config.dir.join(".driftless")
    }

    /// Where the embedded engine unpacks itself, for users without a cache of their own.
    #[cfg(all(unix, feature = "embedded"))]
    pub(crate) fn engine_cache(&self) -> Option<std::path::PathBuf> {
        let known = [env::XDG_CACHE_HOME, env::HOME];
        let homeless = known
            .iter()
            .all(|name| given(&self.process, name).is_none());
        homeless.then(|| self.embedded_dir().join("cache").into_std_path_buf())
    }

    /// The database that the command is about.
    pub(crate) fn target(&self, args: &Database) -> Result<Target> {
        if args.embedded {
            return Ok(Target::Embedded { why: None });
        }
        if let Some(name) = &args.env {
            return Ok(Target::Server {
                options: Box::new(self.environment(name)?),
                origin: format!("[env.{name}]"),
            });
        }
        if let Some(url) = &args.database_url {
            return self.server(url, "--database-url");
        }
        let from_config = credentials::resolve(self.config.credentials.as_ref());
        let general = given(&self.env, env::DATABASE_URL);
        // The config names a variable of its own: that is environment as well, and more to the
        // point than the general one.
        if let Ok(Some(found)) = &from_config
            && let Some(name) = found.url.as_deref().and_then(|url| self.variable_with(url))
        {
            return self.server(found.url.as_deref().unwrap_or_default(), &name);
        }
        if let Some(url) = general {
            let origin = if self.process.contains_key(env::DATABASE_URL) {
                env::DATABASE_URL.to_owned()
            } else {
                format!("{} in .env", env::DATABASE_URL)
            };
            return self.server(url, &origin);
        }
        let defaults = self.defaults();
        match from_config? {
            Some(found) => Ok(Target::Server {
                options: Box::new(self.with_role(found.options(&defaults)?)),
                origin: self.config_name(),
            }),
            None => match defaults.names_a_database() {
                Some(name) => self.server("postgres://", name),
                None => self.without_url(),
            },
        }
    }

    /// A server by its URL; what that leaves out is looked for where libpq looks.
    pub(crate) fn connection(&self, url: &str) -> driftless_diagnostic::Result<ConnectOptions> {
        let options = ConnectOptions::from_url_and(url, &self.defaults())?;
        Ok(self.with_role(options))
    }

    /// A server to try things on, as whoever logs in.
    pub(crate) fn scratch_server(&self, url: &str) -> driftless_diagnostic::Result<ConnectOptions> {
        ConnectOptions::from_url_and(url, &self.defaults())
    }

    fn server(&self, url: &str, origin: &str) -> Result<Target> {
        let options = self.connection(url).map_err(|failure| {
            let named = failure.into_diagnostics().into_iter().map(|mut found| {
                found.notes.push(format!("the URL is from {origin}"));
                found
            });
            driftless_diagnostic::Failure::new(named.collect())
        })?;
        Ok(Target::Server {
            options: Box::new(options),
            origin: origin.to_owned(),
        })
    }

    fn with_role(&self, options: ConnectOptions) -> ConnectOptions {
        let role = self.toml.as_ref().and_then(|toml| toml.role.as_ref());
        ConnectOptions {
            role: role.map(|role| role.value.clone()),
            ..options
        }
    }

    fn defaults(&self) -> Defaults {
        Defaults {
            variables: self.env.clone(),
        }
    }

    /// A database that driftless.toml names.
    pub(crate) fn environment(&self, name: &str) -> Result<ConnectOptions> {
        let Some(toml) = &self.toml else {
            return Err(crate::exit::Stop::usage(
                Diagnostic::error(
                    "unknown-environment",
                    format!("there is no environment `{name}`: there is no driftless.toml"),
                )
                .help(format!(
                    "name its URL there: [env.{name}] url = \"$VARIABLE\""
                )),
            ));
        };
        let url = &toml.environment(name)?.url;
        let Some(given) = url.value.resolve(&self.env) else {
            let diagnostic = Diagnostic::error(
                "environment-url-missing",
                format!("where the environment `{name}` is is not known: the variable is not set"),
            )
            .help("set it in the environment or in .env");
            return Err(toml.at(diagnostic, url).into());
        };
        Ok(self.connection(given)?)
    }

    fn configured_database(&self) -> Option<String> {
        let args = Database::default();
        match self.target(&args) {
            Ok(Target::Server { options, .. }) => options.database_name().map(str::to_owned),
            // Whoever needs the database hears what is wrong with its URL.
            _ => None,
        }
    }

    fn config_name(&self) -> String {
        let file = &self.config.file;
        file.strip_prefix(&self.dir).unwrap_or(file).to_string()
    }

    /// The variable, other than `DATABASE_URL`, that holds this value.
    fn variable_with(&self, url: &str) -> Option<String> {
        if given(&self.env, env::DATABASE_URL) == Some(url) {
            return None;
        }
        self.env
            .iter()
            .find(|(_, value)| *value == url)
            .map(|(name, _)| name.clone())
    }

    fn without_url(&self) -> Result<Target> {
        #[cfg(unix)]
        if let Some(running) = crate::running::Running::find(&self.embedded_dir()) {
            return self.server(&running.url, "driftless dev");
        }
        let unset = self
            .config
            .credentials
            .as_ref()
            .map(|credentials| credentials.unset().join(", "))
            .filter(|names| !names.is_empty());
        let why = match &unset {
            Some(names) => format!("{names} of {} is not set", self.config_name()),
            None => "no database URL is configured".to_owned(),
        };
        if self.is_production() {
            return Err(Diagnostic::error(
                "database-url-missing",
                format!("which database to use is not known: {why}"),
            )
            .note("NODE_ENV is `production`, so no Postgres of its own is started")
            .help("set DATABASE_URL, or pass --database-url")
            .help("pass --embedded to use the Postgres kept in .driftless/ all the same")
            .into());
        }
        Ok(Target::Embedded { why: Some(why) })
    }
}

/// A variable that is set to something; `X=` is as good as unset.
fn given<'a>(env: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    env.get(name)
        .map(|value| value.trim())
        .filter(|value| !value.is_empty())
}

pub(crate) fn directory(global: &Global) -> Result<Utf8PathBuf> {
    let here = working_directory()?;
    let Some(directory) = &global.directory else {
        return Ok(here);
    };
    let dir = here.join(directory);
    match dir.canonicalize_utf8() {
        Ok(dir) if dir.is_dir() => Ok(dir),
        _ => Err(Diagnostic::error(
            "directory-not-found",
            format!("there is no directory {directory}"),
        )
        .help("correct the path given with -C")
        .into()),
    }
}

fn working_directory() -> Result<Utf8PathBuf> {
    let here = std::env::current_dir().map_err(|error| {
        Diagnostic::error(
            "directory-not-found",
            format!("the working directory cannot be used: {error}"),
        )
        .help("go to a directory that exists")
    })?;
    Utf8PathBuf::from_path_buf(here).map_err(|path| {
        Diagnostic::error(
            "directory-not-unicode",
            format!("the path {} is not valid Unicode", path.display()),
        )
        .help("rename the directory")
        .into()
    })
}

fn dot_env(dir: &Utf8Path, file: &Utf8Path) -> Result<Vec<(String, String)>> {
    let text = match fs_err::read_to_string(file) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound) => return Ok(Vec::new()),
        // `.env` may be a directory; that is nobody's mistake.
        Err(_) if file.is_dir() => return Ok(Vec::new()),
        Err(error) => {
            return Err(Diagnostic::error("unreadable-env-file", error.to_string())
                .help("make the file readable, as UTF-8 text")
                .into());
        }
    };
    let shown = file.strip_prefix(dir).unwrap_or(file);
    let mut variables = Vec::new();
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        match line {
            Ok(variable) => variables.push(variable),
            // The line itself may hold a password: it is pointed at by number only.
            Err(dotenvy::Error::LineParse(line, _)) => {
                let number = text.lines().position(|known| known.contains(line.trim()));
                let place = number.map_or_else(String::new, |n| format!(":{}", n + 1));
                return Err(Diagnostic::error(
                    "invalid-env-file",
                    format!("{shown}{place} is not `NAME=value`"),
                )
                .help("put values with spaces or quotes into single quotes")
                .into());
            }
            Err(error) => {
                return Err(
                    Diagnostic::error("unreadable-env-file", format!("{shown}: {error}")).into(),
                );
            }
        }
    }
    Ok(variables)
}

/// Reads a text file of the project, named as the user named it.
pub(crate) fn read_source(dir: &Utf8Path, path: &Utf8Path) -> Result<SourceFile> {
    let bytes = fs_err::read(dir.join(path)).map_err(|error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        if missing {
            Diagnostic::error("file-not-found", format!("there is no file {path}"))
                .note(format!("looked in {dir}"))
                .help("correct the path; it is relative to the project's directory")
        } else {
            Diagnostic::error("unreadable-file", error.to_string())
        }
    })?;
    source(path.as_str(), bytes)
}

/// Bytes as text, or a sentence about why not.
pub(crate) fn source(shown: &str, bytes: Vec<u8>) -> Result<SourceFile> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(shown, text)),
        Err(error) => Err(Diagnostic::error(
            "not-utf8",
            format!(
                "{shown} is not UTF-8 text: byte {} is the first that does not fit",
                error.utf8_error().valid_up_to() + 1
            ),
        )
        .help("save the file as UTF-8")
        .into()),
    }
}
