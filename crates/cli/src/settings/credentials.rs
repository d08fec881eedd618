//! `dbCredentials` of the config as options for a connection.

use driftless_diagnostic::Diagnostic;
use driftless_postgres::{ConnectOptions, Defaults, Parts, PartsSsl};
use driftless_sources::config::{Credentials, Server, Ssl, Text};

use crate::exit::Result;

/// Credentials that are complete.
#[derive(Debug)]
pub(super) struct Resolved {
    /// As a URL, when that is how the config has them.
    pub(super) url: Option<String>,
    parts: Option<Parts>,
}

impl Resolved {
    pub(super) fn options(self, defaults: &Defaults) -> Result<ConnectOptions> {
        match (self.url, self.parts) {
            (Some(url), _) => Ok(ConnectOptions::from_url_and(&url, defaults)?),
            (None, parts) => Ok(ConnectOptions::from_parts(
                parts.unwrap_or_default(),
                defaults,
            )?),
        }
    }
}

/// `None` when the config has none, or only names variables that are not set.
pub(super) fn resolve(credentials: Option<&Credentials>) -> Result<Option<Resolved>> {
    let Some(credentials) = credentials else {
        return Ok(None);
    };
    if !credentials.unset().is_empty() {
        return Ok(None);
    }
    match credentials {
        Credentials::Url(url) => {
            Ok(text(url, "url")?
                .filter(|url| !url.trim().is_empty())
                .map(|url| Resolved {
                    url: Some(url),
                    parts: None,
                }))
        }
        Credentials::Server(server) => Ok(Some(Resolved {
            url: None,
            parts: Some(parts(server)?),
        })),
    }
}

fn parts(server: &Server) -> Result<Parts> {
    let optional = |value: &Option<Text>, field| match value {
        Some(value) => text(value, field),
        None => Ok(None),
    };
    Ok(Parts {
        host: text(&server.host, "host")?.unwrap_or_default(),
        port: server.port,
        user: optional(&server.user, "user")?,
        password: optional(&server.password, "password")?,
        database: text(&server.database, "database")?.unwrap_or_default(),
        ssl: match server.ssl {
            None => PartsSsl::Unset,
            Some(Ssl::Disable) => PartsSsl::Flag(false),
            Some(Ssl::VerifyFull) => PartsSsl::Flag(true),
            Some(Ssl::Allow) => PartsSsl::Mode("allow".to_owned()),
            Some(Ssl::Prefer) => PartsSsl::Mode("prefer".to_owned()),
            Some(Ssl::Require) => PartsSsl::Mode("require".to_owned()),
        },
    })
}

fn text(value: &Text, field: &str) -> Result<Option<String>> {
    match value {
        Text::Given(text) => Ok(Some(text.clone())),
        Text::Unset(_) => Ok(None),
        Text::Unknown(origin) => Err(Diagnostic::error(
            "database-url-unknown",
            format!("dbCredentials.{field} comes from {origin}, which is not run here"),
        )
        .help("set DATABASE_URL, or pass --database-url")
        .into()),
    }
}
