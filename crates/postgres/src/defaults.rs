//! What a URL leaves out, looked for where libpq looks: `PG*` variables, service files, `.pgpass`.

use crate::options::{ConnectOptions, Endpoint};
use crate::secret::Secret;
use driftless_diagnostic::{Diagnostic, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Variables of an environment, from which everything else is found. Empty, nothing is looked for.
#[derive(Clone, Default)]
pub struct Defaults {
    /// `PGHOST`, `PGSERVICE`, `PGPASSFILE`, `HOME`...
    pub variables: BTreeMap<String, String>,
}

/// A parameter that stands in for one that the URL does not have.
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) value: String,
    /// A variable, or a service with its file.
    pub(crate) origin: String,
}

/// Variables of libpq with their parameters.
const VARIABLES: &[(&str, &str)] = &[
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGPORT", "port"),
    ("PGDATABASE", "dbname"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGPASSFILE", "passfile"),
    ("PGOPTIONS", "options"),
    ("PGAPPNAME", "application_name"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLNEGOTIATION", "sslnegotiation"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGSSLCRL", "sslcrl"),
    ("PGSSLCRLDIR", "sslcrldir"),
    ("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
    ("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"),
    ("PGREQUIREAUTH", "require_auth"),
    ("PGREQUIREPEER", "requirepeer"),
    ("PGCHANNELBINDING", "channel_binding"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGCLIENTENCODING", "client_encoding"),
    ("PGGSSENCMODE", "gssencmode"),
];

impl Defaults {
    /// The variable that says which database is meant, where no URL does.
    pub fn names_a_database(&self) -> Option<&'static str> {
        ["PGSERVICE", "PGHOST", "PGHOSTADDR", "PGDATABASE"]
            .into_iter()
            .find(|name| self.get(name).is_some())
    }

    /// Parameters by name; a service's are more to the point than variables.
    pub(crate) fn settings(&self, service: Option<&str>) -> Result<Vec<Setting>> {
        let variables = VARIABLES.iter().filter_map(|(variable, name)| {
            Some(Setting {
                name: (*name).to_owned(),
                value: self.get(variable)?.to_owned(),
                origin: (*variable).to_owned(),
            })
        });
        let mut settings: Vec<Setting> = variables.collect();
        if let Some(service) = service.or_else(|| self.get("PGSERVICE")) {
            for setting in self.service(service)? {
                settings.retain(|other| other.name != setting.name);
                settings.push(setting);
            }
        }
        Ok(settings)
    }

    /// Settings of a service, from the user's file or else from the system's.
    fn service(&self, name: &str) -> Result<Vec<Setting>> {
        let own = match self.get("PGSERVICEFILE") {
            Some(file) => Some(PathBuf::from(file)),
            None => self.home().map(|home| home.join(".pg_service.conf")),
        };
        let system = self.get("PGSYSCONFDIR");
        let system = system.map(|folder| Path::new(folder).join("pg_service.conf"));
        let files: Vec<PathBuf> = own.into_iter().chain(system).collect();
        for file in &files {
            let Ok(text) = std::fs::read_to_string(file) else {
                continue;
            };
            if let Some(settings) = section(&text, name, file)? {
                return Ok(settings);
            }
        }
        let looked: Vec<_> = files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        Err(Diagnostic::error(
            "unknown-database-service",
            format!("no service file has a service `{name}`"),
        )
        .note(match looked.as_slice() {
            [] => "no file was looked into: neither PGSERVICEFILE nor HOME is set".to_owned(),
            _ => format!("looked into {}", looked.join(" and ")),
        })
        .help(format!(
            "add `[{name}]` with its `host`, `dbname` and `user`, or give the database's URL"
        ))
        .into())
    }

    /// Takes the password from the password file when there is none yet.
    pub(crate) fn complete(&self, options: &mut ConnectOptions, passfile: Option<PathBuf>) {
        if options.password.is_some() {
            return;
        }
        let file = passfile.or_else(|| self.home().map(|home| home.join(".pgpass")));
        let Some((file, text)) = file.and_then(|file| {
            let text = std::fs::read_to_string(&file).ok()?;
            Some((file, text))
        }) else {
            return;
        };
        if is_readable_by_others(&file) {
            options.warnings.push(
                Diagnostic::warning(
                    "password-file-not-used",
                    format!(
                        "the password file {} is not used: others may read it",
                        file.display()
                    ),
                )
                .help(format!("chmod 600 {}", file.display())),
            );
            return;
        }
        options.password = password(&text, options).map(Secret::new);
    }

    fn home(&self) -> Option<PathBuf> {
        self.get("HOME").map(PathBuf::from)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?;
        (!value.is_empty()).then_some(value)
    }
}

/// The settings of `[name]`; nothing where the file has no such section.
fn section(text: &str, name: &str, file: &Path) -> Result<Option<Vec<Setting>>> {
    let origin = format!("service `{name}` of {}", file.display());
    let lines = text.lines().map(str::trim).enumerate();
    let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let heading = format!("[{name}]");
    if !lines.any(|(_, line)| line == heading) {
        return Ok(None);
    }
    let mut settings = Vec::new();
    for (at, line) in lines.take_while(|(_, line)| !line.starts_with('[')) {
        let setting = line
            .split_once('=')
            .map(|(name, value)| (name.trim(), value.trim()));
        let Some((name, value)) = setting.filter(|(name, _)| *name != "service") else {
            return Err(Diagnostic::error(
                "invalid-service-file",
                format!("{}:{} is not `parameter=value`", file.display(), at + 1),
            )
            .help(
                "write one parameter of a connection a line; a service has no other service in it",
            )
            .into());
        };
        settings.push(Setting {
            name: name.to_owned(),
            value: value.to_owned(),
            origin: origin.clone(),
        });
    }
    Ok(Some(settings))
}

/// The password of the first line `host:port:database:user:password` that fits one of the servers.
fn password(text: &str, options: &ConnectOptions) -> Option<String> {
    let database = options.database_name()?;
    let user = options.user.as_deref()?;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Ok([host, port, of, by, password]) = <[String; 5]>::try_from(fields(line)) else {
            continue;
        };
        let fits = |field: &str, value: &str| field == "*" || field == value;
        let server = options.endpoints.iter().any(|endpoint| match endpoint {
            Endpoint::Tcp {
                host: name,
                port: number,
                ..
            } => fits(&host, name) && fits(&port, &number.to_string()),
            // libpq calls the server of the usual directory `localhost`.
            Endpoint::Unix {
                directory,
                port: number,
            } => {
                let directory = directory.to_string_lossy();
                (fits(&host, &directory) || host == "localhost") && fits(&port, &number.to_string())
            }
        });
        if server && fits(&of, database) && fits(&by, user) {
            return Some(password);
        }
    }
    None
}

/// Fields between colons; a backslash keeps what follows it.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field) = (Vec::new(), String::new());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            // The password may hold colons.
            ':' if fields.len() < 4 => fields.push(std::mem::take(&mut field)),
            '\\' => field.push(characters.next().unwrap_or('\\')),
            _ => field.push(character),
        }
    }
    fields.push(field);
    fields
}

#[cfg(unix)]
fn is_readable_by_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &Path) -> bool {
    false
}
