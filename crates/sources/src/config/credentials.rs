//! `dbCredentials`: every form that drizzle-kit takes for Postgres.

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
