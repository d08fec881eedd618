//! `dbCredentials`: every form that drizzle-kit takes for Postgres.

use super::fields::Reader;
use super::value::Value;
use driftless_diagnostic::Diagnostic;
use std::fmt;

/// How to reach the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// `{ url }`.
    Url(Text),
    /// `{ host, port, user, password, database, ssl }`.
    Server(Box<Server>),
}

/// A database by its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The host.
    pub host: Text,
    /// The port, 5432 if not given.
    pub port: Option<u16>,
    /// The user.
    pub user: Option<Text>,
    /// The password.
    pub password: Option<Text>,
    /// The database.
    pub database: Text,
    /// How the connection is secured.
    pub ssl: Option<Ssl>,
}

/// `ssl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ssl {
    /// `false`.
    Disable,
    /// `'allow'`.
    Allow,
    /// `'prefer'`.
    Prefer,
    /// `'require'`: encrypted, with whatever certificate.
    Require,
    /// `true`, `'verify-full'` or options that check the certificate.
    VerifyFull,
}

/// A text that may be known only elsewhere. `Debug` never shows it: it may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Text {
    /// The text.
    Given(String),
    /// It is made from the environment variable of this name, which is not set.
    Unset(String),
    /// It comes from code that is not run here.
    Unknown(String),
}

impl Text {
    /// The text, if it is known.
    pub fn given(&self) -> Option<&str> {
        match self {
            Self::Given(text) => Some(text),
            _ => None,
        }
    }

    /// The environment variable that would have to be set.
    pub fn unset(&self) -> Option<&str> {
        match self {
            Self::Unset(name) => Some(name),
            _ => None,
        }
    }

    /// What a tainted value says about itself.
    pub(super) fn from_origin(origin: &str) -> Self {
        let Some(rest) = origin.strip_prefix("process.env.") else {
            return Self::Unknown(origin.to_owned());
        };
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        Self::Unset(rest[..end].to_owned())
    }
}

impl Credentials {
    /// Environment variables that would have to be set before this can be used.
    pub fn unset(&self) -> Vec<&str> {
        match self {
            Self::Url(url) => url.unset().into_iter().collect(),
            Self::Server(server) => [
                Some(&server.host),
                server.user.as_ref(),
                server.password.as_ref(),
                Some(&server.database),
            ]
            .into_iter()
            .flatten()
            .filter_map(Text::unset)
            .collect(),
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given(..)"),
            Self::Unset(name) => write!(f, "Unset({name})"),
            Self::Unknown(origin) => write!(f, "Unknown({origin})"),
        }
    }
}

impl Reader<'_> {
    pub(super) fn credentials(&mut self, root: &Value) -> Option<Credentials> {
        let value = root.get("dbCredentials");
        let path = ["dbCredentials"];
        match value {
            Value::Undefined => return None,
            Value::Object(_) => {}
            // The whole object comes from code that is not run: as unknown as its parts.
            Value::Taint(origin) => return Some(Credentials::Url(Text::from_origin(origin))),
            other => {
                self.wrong(
                    &path,
                    "an object with `url`, or `host` and `database`",
                    other,
                );
                return None;
            }
        }
        let known: &[&str] = match root.get("driver") {
            Value::Text(driver) if driver == "aws-data-api" => {
                &["database", "secretArn", "resourceArn"]
            }
            _ => &["url", "host", "port", "user", "password", "database", "ssl"],
        };
        self.unknown(value, &path, known);
        if value.get("secretArn").is_set() || value.get("resourceArn").is_set() {
            return None;
        }
        let text = |reader: &mut Self, key: &str| reader.secret(value, &["dbCredentials", key]);
        // As in drizzle-kit, parts count before a URL.
        let (host, database) = (value.get("host").is_set(), value.get("database").is_set());
        if host && database {
            let server = Server {
                host: text(self, "host")?,
                port: self.port(value),
                user: text(self, "user"),
                password: text(self, "password"),
                database: text(self, "database")?,
                ssl: self.ssl(value),
            };
            return Some(Credentials::Server(Box::new(server)));
        }
        if value.get("url").is_set() {
            return text(self, "url").map(Credentials::Url);
        }
        let message = match (host, database) {
            (true, false) => "`dbCredentials` has a `host` but no `database`",
            (false, true) => "`dbCredentials` has a `database` but no `host`",
            _ => "`dbCredentials` has neither a `url` nor a `host`",
        };
        let diagnostic = Diagnostic::error("config-type", message)
            .help("give `url`, or `host` and `database`, or leave `dbCredentials` out");
        self.diagnostics
            .push(self.located.at_key(diagnostic, &path));
        None
    }

    /// A text that may be unknown here without harm, until the database is needed.
    fn secret(&mut self, object: &Value, path: &[&str]) -> Option<Text> {
        match object.get(path[path.len() - 1]) {
            Value::Text(text) => Some(Text::Given(text.clone())),
            Value::Taint(origin) => Some(Text::from_origin(origin)),
            Value::Undefined => None,
            other => {
                self.wrong(path, "text", other);
                None
            }
        }
    }

    fn port(&mut self, object: &Value) -> Option<u16> {
        let path = ["dbCredentials", "port"];
        match object.get("port") {
            Value::Undefined | Value::Taint(_) => None,
            Value::Number(port) if port.fract() == 0.0 && (1.0..65536.0).contains(port) =>
            {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a whole number in the range of u16"
                )]
                Some(*port as u16)
            }
            // `Number(process.env.PGPORT)` of an unset variable is no reason to stop.
            Value::Other(what) if what == "NaN" => None,
            other => {
                self.wrong(&path, "a number from 1 to 65535", other);
                None
            }
        }
    }

    fn ssl(&mut self, object: &Value) -> Option<Ssl> {
        let path = ["dbCredentials", "ssl"];
        match object.get("ssl") {
            Value::Undefined | Value::Taint(_) => None,
            Value::Bool(true) => Some(Ssl::VerifyFull),
            Value::Bool(false) => Some(Ssl::Disable),
            // Options of Node's tls: what counts is whether the certificate is checked.
            options @ Value::Object(_) => Some(match options.get("rejectUnauthorized") {
                Value::Bool(false) => Ssl::Require,
                _ => Ssl::VerifyFull,
            }),
            Value::Text(_) => self.choice(
                object,
                &path,
                &[
                    ("require", Ssl::Require),
                    ("allow", Ssl::Allow),
                    ("prefer", Ssl::Prefer),
                    ("verify-full", Ssl::VerifyFull),
                ],
            ),
            other => {
                self.wrong(
                    &path,
                    "true, false, \"require\", \"allow\", \"prefer\", \"verify-full\" or an object",
                    other,
                );
                None
            }
        }
    }
}
