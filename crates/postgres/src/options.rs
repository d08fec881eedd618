//! How to reach a database: from a URL or from parts, never printed with its password.

use crate::defaults::Defaults;
use crate::secret::Secret;
use crate::{parameters, url};
use driftless_diagnostic::{Diagnostic, Result};
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Everything that one connection needs. `Display` writes a URL without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectOptions {
    /// Servers to try, in this order.
    pub endpoints: Vec<Endpoint>,
    /// Role to log in as; `connect` refuses to guess when it is missing.
    pub user: Option<String>,
    /// Password, if one is needed.
    pub password: Option<Secret>,
    /// Database; the user's name when missing, as in libpq.
    pub database: Option<String>,
    /// When TLS is used and what is verified.
    pub ssl_mode: SslMode,
    /// Certificates that are trusted instead of the system's.
    pub root_certificate: Option<Pem>,
    /// Certificate and key that tell the server who we are.
    pub client_certificate: Option<(Pem, Pem)>,
    /// Name expected in the server's certificate, when it is not the host's.
    pub server_name: Option<String>,
    /// TLS right from the first byte (Postgres 17 and later) instead of after a question.
    pub direct_tls: bool,
    /// Whether the password exchange is tied to the TLS session.
    pub channel_binding: ChannelBinding,
    /// Shown in `pg_stat_activity`.
    pub application_name: String,
    /// Role to become after the login: `SET ROLE`.
    pub role: Option<String>,
    /// Command line options for the server, e.g. `-c search_path=app`.
    pub options: Option<String>,
    /// Time for each address to answer and log us in; zero is for ever.
    pub connect_timeout: Duration,
    /// Which kind of server is wanted when several are given.
    pub target_session: TargetSession,
    /// Seconds of silence before TCP asks whether the server is still there.
    pub keepalive: Option<Duration>,
    /// The server serves one session at a time, so nothing is asked beside the one that works.
    pub serves_one: bool,
    /// What was given and has no effect here, to be told once.
    pub warnings: Vec<Diagnostic>,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// Host name or address and port.
    Tcp {
        /// As given; also the name that `verify-full` expects.
        host: String,
        /// Address to use instead of asking DNS.
        address: Option<IpAddr>,
        /// 5432 unless given.
        port: u16,
    },
    /// Directory of a unix socket; the port is part of the socket's name.
    Unix {
        /// Directory of `.s.PGSQL.<port>`.
        directory: PathBuf,
        /// 5432 unless given.
        port: u16,
    },
}

/// libpq's six `sslmode`s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// Without TLS; with it when the server refuses that.
    Allow,
    /// With TLS where the server has it; without when not, or when it refuses TLS.
    Prefer,
    /// TLS or nothing; the certificate is verified only when a root certificate is given.
    Require,
    /// TLS, and the certificate comes from an authority that is trusted.
    VerifyCa,
    /// As `verify-ca`, and the certificate is made out to the host.
    VerifyFull,
}

/// libpq's `channel_binding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelBinding {
    /// Not used.
    Disable,
    /// Used where the server offers it.
    Prefer,
    /// The login fails without it.
    Require,
}

/// libpq's `target_session_attrs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetSession {
    /// The first that answers.
    Any,
    /// One that accepts writes.
    ReadWrite,
    /// One that does not.
    ReadOnly,
    /// One that is not a standby.
    Primary,
    /// One that is.
    Standby,
    /// A standby where there is one.
    PreferStandby,
}

/// Certificates or keys, in a file or already read.
#[derive(Clone, PartialEq, Eq)]
pub enum Pem {
    /// Path as given.
    File(PathBuf),
    /// The text itself.
    Text(String),
}

/// A database described by parts, as `dbCredentials` in `drizzle.config.ts` may do it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Host name, address, or socket directory.
    pub host: String,
    /// 5432 when missing.
    pub port: Option<u16>,
    /// Role.
    pub user: Option<String>,
    /// Password.
    pub password: Option<String>,
    /// Database.
    pub database: String,
    /// TLS in one of Drizzle's forms.
    pub ssl: PartsSsl,
}

/// The forms that `dbCredentials.ssl` has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PartsSsl {
    /// Not given: `prefer`.
    #[default]
    Unset,
    /// `true` verifies all, `false` is no TLS, as the npm drivers have it.
    Flag(bool),
    /// `"require"`, `"allow"`, `"prefer"`, `"verify-full"` and libpq's other words.
    Mode(String),
    /// An object of Node's TLS options.
    Settings {
        /// `rejectUnauthorized`; Node's default is `true`.
        reject_unauthorized: Option<bool>,
        /// `ca`, as PEM text.
        ca: Option<String>,
        /// `cert`, as PEM text.
        cert: Option<String>,
        /// `key`, as PEM text.
        key: Option<String>,
        /// `servername`.
        server_name: Option<String>,
    },
}

impl ConnectOptions {
    /// Reads `postgres://user:password@host:port/database?parameter=value`.
    pub fn from_url(text: &str) -> Result<Self> {
        url::parse(text, &Defaults::default())
    }

    /// Reads a URL; what it leaves out is looked for where libpq looks.
    pub fn from_url_and(text: &str, defaults: &Defaults) -> Result<Self> {
        url::parse(text, defaults)
    }

    /// Puts parts together; a password that is not among them may be in the password file.
    pub fn from_parts(parts: Parts, defaults: &Defaults) -> Result<Self> {
        let mut options = Self::from_parts_alone(parts)?;
        let given = defaults.settings(None)?;
        let named = |name: &str| given.iter().find(|setting| setting.name == name);
        if options.user.is_none() {
            options.user = named("user").map(|setting| setting.value.clone());
        }
        if options.password.is_none() {
            options.password = named("password").map(|setting| Secret::new(&*setting.value));
        }
        let file = named("passfile").map(|setting| PathBuf::from(&setting.value));
        defaults.complete(&mut options, file);
        Ok(options)
    }

    fn from_parts_alone(parts: Parts) -> Result<Self> {
        let mut options = Self {
            endpoints: vec![Endpoint::new(&parts.host, None, parts.port.unwrap_or(5432))],
            user: parts.user,
            password: parts.password.map(Secret::new),
            database: Some(parts.database),
            ..Self::default()
        };
        match parts.ssl {
            PartsSsl::Unset => {}
            PartsSsl::Flag(true) => options.ssl_mode = SslMode::VerifyFull,
            PartsSsl::Flag(false) => options.ssl_mode = SslMode::Disable,
            PartsSsl::Mode(mode) => options.ssl_mode = parameters::ssl_mode(&mode)?,
            PartsSsl::Settings {
                reject_unauthorized,
                ca,
                cert,
                key,
                server_name,
            } => {
                options.ssl_mode = match reject_unauthorized {
                    Some(false) => SslMode::Require,
                    _ => SslMode::VerifyFull,
                };
                // With `require`, a root certificate would turn verification on again.
                if reject_unauthorized != Some(false) {
                    options.root_certificate = ca.map(Pem::Text);
                }
                options.server_name = server_name;
                options.client_certificate = match (cert, key) {
                    (Some(cert), Some(key)) => Some((Pem::Text(cert), Pem::Text(key))),
                    (None, None) => None,
                    _ => return Err(half_a_client_certificate().into()),
                };
            }
        }
        Ok(options)
    }

    /// Database that will be opened: as given, else the user's name.
    pub fn database_name(&self) -> Option<&str> {
        self.database.as_deref().or(self.user.as_deref())
    }

    /// The same server, another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        Self {
            database: Some(name.to_owned()),
            ..self.clone()
        }
    }

    /// The URL with its password, for a program that is started and connects by itself.
    pub fn url_for_programs(&self) -> String {
        let mut text = self.to_string();
        if let (Some(user), Some(password)) = (&self.user, &self.password) {
            let user = url::encode(user);
            let password = url::encode(password.reveal());
            text = text.replacen(&format!("{user}@"), &format!("{user}:{password}@"), 1);
        }
        let mark = if text.contains('?') { '&' } else { '?' };
        format!("{text}{mark}sslmode={}", self.ssl_mode)
    }

    /// What may be shown of a text that could hold the password.
    pub fn scrub(&self, text: &str) -> String {
        match &self.password {
            Some(password) => password.scrub(text),
            None => text.to_owned(),
        }
    }
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            endpoints: Vec::new(),
            user: None,
            password: None,
            database: None,
            ssl_mode: SslMode::Prefer,
            root_certificate: None,
            client_certificate: None,
            server_name: None,
            direct_tls: false,
            channel_binding: ChannelBinding::Prefer,
            application_name: "driftless".to_owned(),
            role: None,
            options: None,
            connect_timeout: Duration::from_secs(10),
            target_session: TargetSession::Any,
            keepalive: Some(Duration::from_mins(1)),
            serves_one: false,
            warnings: Vec::new(),
        }
    }
}

impl Endpoint {
    /// A host that begins with `/` is a socket directory, `@` an abstract socket (not supported
    /// by anybody's server by default, so it is taken as a name and fails as one).
    pub fn new(host: &str, address: Option<IpAddr>, port: u16) -> Self {
        if host.starts_with('/') {
            Self::Unix {
                directory: PathBuf::from(host),
                port,
            }
        } else {
            Self::Tcp {
                host: host.to_owned(),
                address,
                port,
            }
        }
    }
}

pub(crate) fn half_a_client_certificate() -> Diagnostic {
    Diagnostic::error(
        "invalid-database-url",
        "a client certificate needs both the certificate and its key, one of them is missing",
    )
    .help("give both `sslcert` and `sslkey`")
}

/// A URL without the password and without what only matters to the connection.
impl fmt::Display for ConnectOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = &self.user {
            write!(f, "{}@", url::encode(user))?;
        }
        let mut socket = None;
        for (i, endpoint) in self.endpoints.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            match endpoint {
                Endpoint::Tcp { host, port, .. } if host.contains(':') => {
                    write!(f, "[{host}]:{port}")?;
                }
                Endpoint::Tcp { host, port, .. } => write!(f, "{host}:{port}")?,
                Endpoint::Unix { directory, port } => socket = Some((directory, port)),
            }
        }
        if let Some(database) = self.database_name() {
            write!(f, "/{}", url::encode(database))?;
        }
        if let Some((directory, port)) = socket {
            write!(f, "?host={}", directory.display())?;
            if *port != 5432 {
                write!(f, "&port={port}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port, .. } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port, .. } => write!(f, "{host}:{port}"),
            Self::Unix { directory, port } => {
                write!(f, "{}/.s.PGSQL.{port}", directory.display())
            }
        }
    }
}

impl fmt::Display for SslMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        })
    }
}

/// Keys stay out of logs.
impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Text(_) => f.write_str("Text(..)"),
        }
    }
}
