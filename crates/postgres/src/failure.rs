//! Why there is no connection, in words that say what to do.

use crate::error::QueryError;
use crate::options::{ConnectOptions, Endpoint, SslMode, TargetSession};
use crate::tls::{Verification, verification};
use crate::transport::DialError;
use driftless_diagnostic::Diagnostic;
use rustls::CertificateError;
use std::error::Error as _;
use std::io;
use std::time::Duration;
use tokio_postgres::error::DbError;

/// One server that was tried in vain.
pub(crate) struct Attempt {
    pub(crate) endpoint: Endpoint,
    pub(crate) reason: Reason,
}

/// What stopped it.
pub(crate) enum Reason {
    Dial(DialError),
    Startup(tokio_postgres::Error),
    Query(QueryError),
    Timeout(Duration),
    OtherKind(TargetSession, bool),
    NoEndpoint,
}

impl Reason {
    /// libpq tries again with or without TLS when the server refuses this kind of connection, or
    /// has no TLS, or the handshake breaks.
    pub(crate) fn may_depend_on_tls(&self) -> bool {
        match self {
            Self::Dial(DialError::WithoutTls | DialError::Handshake(_)) => true,
            Self::Startup(error) => error.code().is_some_and(|code| code.code() == "28000"),
            _ => false,
        }
    }

    pub(crate) fn is_no_tls(&self) -> bool {
        matches!(self, Self::Dial(DialError::WithoutTls))
    }
}

/// The first server's reason; the others' in notes.
pub(crate) fn diagnostic(options: &ConnectOptions, failures: &[Attempt]) -> Diagnostic {
    let Some((first, others)) = failures.split_first() else {
        return Diagnostic::error("invalid-database-url", "the database URL names no host");
    };
    let mut diagnostic = reason(options, first);
    for other in others {
        let said = reason(options, other).message;
        diagnostic = diagnostic.note(format!("then tried {}: {said}", other.endpoint));
    }
    diagnostic.message = options.scrub(&diagnostic.message);
    for line in diagnostic.notes.iter_mut().chain(&mut diagnostic.help) {
        *line = options.scrub(line);
    }
    diagnostic
}

pub(crate) fn user_missing() -> Diagnostic {
    Diagnostic::error(
        "database-user-missing",
        "the database URL names no user to log in as",
    )
    .help("write it as `postgres://user:password@host:5432/database`")
}

fn reason(options: &ConnectOptions, attempt: &Attempt) -> Diagnostic {
    let endpoint = &attempt.endpoint;
    match &attempt.reason {
        Reason::Dial(DialError::Name(error)) => host_unknown(endpoint, error),
        Reason::Dial(DialError::Socket(error)) => socket(endpoint, error),
        Reason::Dial(DialError::WithoutTls) => Diagnostic::error(
            "tls-refused",
            format!(
                "the server at {endpoint} has no TLS, which `sslmode={}` requires",
                options.ssl_mode
            ),
        )
        .help("turn `ssl` on in the server, or use `sslmode=prefer` in a network that you trust"),
        Reason::Dial(DialError::NotPostgres) => not_postgres(endpoint),
        Reason::Dial(DialError::Handshake(error)) => handshake(options, endpoint, error),
        Reason::Timeout(limit) => Diagnostic::error(
            "database-timeout",
            format!(
                "the server at {endpoint} has not answered within {} s",
                limit.as_secs()
            ),
        )
        .help("check host, port and firewall; `connect_timeout=SECONDS` in the URL waits longer"),
        Reason::Startup(error) => startup(options, endpoint, error),
        Reason::Query(error) => error.diagnostic("asking the server who it is"),
        Reason::OtherKind(target, standby) => other_kind(endpoint, *target, *standby),
        Reason::NoEndpoint => {
            Diagnostic::error("invalid-database-url", "the database URL names no host")
        }
    }
}

fn host_unknown(endpoint: &Endpoint, error: &io::Error) -> Diagnostic {
    let host = match endpoint {
        Endpoint::Tcp { host, .. } => host.clone(),
        Endpoint::Unix { .. } => endpoint.to_string(),
    };
    Diagnostic::error(
        "database-host-unknown",
        format!("the database host `{host}` has no address"),
    )
    .note(error.to_string())
    .help("check the spelling of the host in the database URL")
}

fn socket(endpoint: &Endpoint, error: &io::Error) -> Diagnostic {
    let unix = matches!(endpoint, Endpoint::Unix { .. });
    match (error.kind(), unix) {
        (io::ErrorKind::NotFound, true) => Diagnostic::error(
            "database-unreachable",
            format!("no Postgres listens here: there is no socket {endpoint}"),
        )
        .help("start Postgres, or correct the socket directory and port in the database URL"),
        (io::ErrorKind::PermissionDenied, true) => Diagnostic::error(
            "database-unreachable",
            format!("this user may not use the socket {endpoint}"),
        )
        .help("run as a user who may, or connect over TCP"),
        (io::ErrorKind::ConnectionRefused, _) => Diagnostic::error(
            "database-unreachable",
            format!("no Postgres listens at {endpoint}"),
        )
        .help("start Postgres, or correct host and port in the database URL"),
        (io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof, _) => {
            not_postgres(endpoint)
        }
        _ => Diagnostic::error(
            "database-unreachable",
            format!("the server at {endpoint} cannot be reached: {error}"),
        )
        .help("check host, port and network"),
    }
}

fn not_postgres(endpoint: &Endpoint) -> Diagnostic {
    Diagnostic::error(
        "not-postgres",
        format!("what listens at {endpoint} does not answer as Postgres does"),
    )
    .help("check host and port in the database URL; a server that is overloaded or shutting down may answer so as well")
}

fn handshake(options: &ConnectOptions, endpoint: &Endpoint, error: &io::Error) -> Diagnostic {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(rustls::Error::InvalidCertificate(certificate)) = inner else {
        let why = inner.map_or_else(|| error.to_string(), ToString::to_string);
        return Diagnostic::error(
            "tls-failed",
            format!("TLS with the server at {endpoint} fails: {why}"),
        )
        .help(if options.client_certificate.is_none() {
            "the server may ask for a client certificate: `sslcert=FILE&sslkey=FILE`"
        } else {
            "check the TLS settings of both sides"
        });
    };
    let given = match &options.root_certificate {
        Some(crate::Pem::File(path)) => format!("`{}`", path.display()),
        Some(crate::Pem::Text(_)) => "the certificates given".to_owned(),
        None => "the certificates that this system trusts".to_owned(),
    };
    let (code, message, help) = match certificate {
        CertificateError::UnknownIssuer
        | CertificateError::BadSignature
        | CertificateError::BadEncoding => (
            "certificate-unknown-issuer",
            format!(
                "the server at {endpoint} shows a certificate that none of {given} vouches for"
            ),
            "give the authority's certificate with `sslrootcert=FILE`",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "certificate-wrong-name",
            match certificate {
                CertificateError::NotValidForNameContext { presented, .. }
                    if !presented.is_empty() =>
                {
                    format!(
                        "the certificate of the server at {endpoint} is made out to {}",
                        names(presented)
                    )
                }
                _ => format!(
                    "the certificate of the server at {endpoint} names no host (a subjectAltName, not the common name)"
                ),
            },
            "connect by the name in the certificate, or use `sslmode=verify-ca` to check only who signed it",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "certificate-expired",
            format!("the certificate of the server at {endpoint} has expired"),
            "renew the server's certificate",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "certificate-expired",
            format!("the certificate of the server at {endpoint} is not valid yet"),
            "check this machine's clock and the server's certificate",
        ),
        other => (
            "certificate-refused",
            format!("the certificate of the server at {endpoint} cannot be accepted: {other:?}"),
            "check the server's certificate with `openssl x509 -noout -text`",
        ),
    };
    let asked = match verification(options) {
        Verification::Full => "verify-full",
        Verification::Authority if options.ssl_mode == SslMode::Require => {
            "require with `sslrootcert`"
        }
        _ => "verify-ca",
    };
    Diagnostic::error(code, message)
        .note(format!("sslmode is {asked}"))
        .help(help)
}

/// `DnsName("db.test")` and the like, as rustls writes them, down to the names.
fn names(presented: &[String]) -> String {
    let name = |text: &String| match text.split_once('"') {
        Some((_, rest)) => format!("`{}`", rest.trim_end_matches([')', '"'])),
        None => format!("`{text}`"),
    };
    presented.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn startup(
    options: &ConnectOptions,
    endpoint: &Endpoint,
    error: &tokio_postgres::Error,
) -> Diagnostic {
    if let Some(refusal) = error.as_db_error() {
        return refused(options, endpoint, refusal);
    }
    let user = options.user.as_deref().unwrap_or_default();
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    if source == "password missing" {
        return Diagnostic::error(
            "password-missing",
            format!("the server at {endpoint} wants a password for `{user}` and none was given"),
        )
        .help("put it into the database URL: `postgres://user:password@host/database`");
    }
    if source.contains("channel binding") {
        return Diagnostic::error(
            "channel-binding-missing",
            format!("the server at {endpoint} does not tie the password to TLS, which `channel_binding=require` asks for"),
        )
        .help("use TLS and a scram-sha-256 password, or `channel_binding=prefer`");
    }
    if source.contains("unsupported") {
        return Diagnostic::error(
            "login-refused",
            format!("the server at {endpoint} wants a way to log in that Driftless does not have (Kerberos, SSPI or OAuth)"),
        )
        .help("use a role that logs in with a password or a client certificate");
    }
    if error.is_closed()
        || error
            .source()
            .is_some_and(<dyn std::error::Error>::is::<io::Error>)
    {
        return not_postgres(endpoint);
    }
    Diagnostic::error(
        "login-refused",
        format!(
            "the login at {endpoint} fails: {error}{}",
            if source.is_empty() {
                source
            } else {
                format!(": {source}")
            }
        ),
    )
    .help("check user and password in the database URL")
}

fn refused(options: &ConnectOptions, endpoint: &Endpoint, error: &DbError) -> Diagnostic {
    let user = options.user.as_deref().unwrap_or_default();
    let database = options.database_name().unwrap_or_default();
    let said = error.message();
    let (code, message, help) = match error.code().code() {
        "28P01" => (
            "password-refused",
            format!("the server at {endpoint} refuses the password of `{user}`"),
            "check user and password in the database URL; special characters in it are written as %XX".to_owned(),
        ),
        "3D000" => (
            "database-missing",
            format!("the server at {endpoint} has no database `{database}`"),
            format!("create it with `createdb {database}`, or correct the name in the database URL"),
        ),
        "53300" => (
            "too-many-connections",
            format!("the server at {endpoint} takes no more connections"),
            "close idle ones, raise `max_connections`, or try again".to_owned(),
        ),
        "57P03" => (
            "server-not-ready",
            format!("the server at {endpoint} is starting up, shutting down or recovering"),
            "try again in a moment".to_owned(),
        ),
        "28000" if said.contains("no encryption") || said.contains("SSL off") => (
            "tls-required",
            format!("the server at {endpoint} does not let `{user}` into `{database}` without TLS"),
            "use `sslmode=require` or stronger".to_owned(),
        ),
        "28000" if said.contains("pg_hba.conf") => (
            "login-refused",
            format!("the server at {endpoint} does not let `{user}` into `{database}` from here"),
            "add a line for it to the server's pg_hba.conf".to_owned(),
        ),
        "28000" if said.contains("does not exist") => (
            "role-missing",
            format!("the server at {endpoint} has no role `{user}`"),
            format!("create it with `createuser {user}`, or correct the user in the database URL"),
        ),
        "28000" if said.contains("not permitted to log in") => (
            "login-refused",
            format!("the role `{user}` may not log in at {endpoint}"),
            format!("`ALTER ROLE {user} LOGIN`, or use another role"),
        ),
        "42501" => (
            "login-refused",
            format!("`{user}` may not connect to the database `{database}` at {endpoint}"),
            format!("`GRANT CONNECT ON DATABASE {database} TO {user}`"),
        ),
        _ => (
            "login-refused",
            format!("the server at {endpoint} refuses the connection: {said}"),
            "correct the database URL".to_owned(),
        ),
    };
    let mut diagnostic =
        Diagnostic::error(code, message).note(format!("SQLSTATE {}: {said}", error.code().code()));
    if let Some(detail) = error.detail() {
        diagnostic = diagnostic.note(format!("detail: {detail}"));
    }
    diagnostic.help(help)
}

fn other_kind(endpoint: &Endpoint, target: TargetSession, standby: bool) -> Diagnostic {
    let wanted = match target {
        TargetSession::ReadWrite => "one that accepts writes",
        TargetSession::ReadOnly => "one that is read-only",
        TargetSession::Primary => "a primary",
        TargetSession::Standby | TargetSession::PreferStandby => "a standby",
        TargetSession::Any => "any",
    };
    let is = if standby { "a standby" } else { "a primary" };
    Diagnostic::error(
        "wrong-kind-of-server",
        format!("the server at {endpoint} is {is}, `target_session_attrs` asks for {wanted}"),
    )
    .help("name another host in the database URL")
}
