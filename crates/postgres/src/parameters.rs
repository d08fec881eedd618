//! The parameters of a database URL: libpq's, and those that other tools put into the same URL.

use crate::options::{ChannelBinding, ConnectOptions, Pem, SslMode, TargetSession};
use crate::secret::Secret;
use driftless_diagnostic::{Diagnostic, Result};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What is put together only when the whole URL has been read.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) hosts: Vec<String>,
    pub(crate) ports: Vec<Option<u16>>,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) root_is_system: bool,
    pub(crate) certificate: Option<Pem>,
    pub(crate) key: Option<Pem>,
    pub(crate) passfile: Option<PathBuf>,
}

const KNOWN: &[&str] = &[
    "host",
    "hostaddr",
    "port",
    "user",
    "password",
    "dbname",
    "sslmode",
    "ssl",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslnegotiation",
    "application_name",
    "options",
    "connect_timeout",
    "target_session_attrs",
    "channel_binding",
    "keepalives",
    "keepalives_idle",
    "client_encoding",
    "service",
    "passfile",
];

/// Parameters of other programs that share the URL: nothing here depends on them.
const FOREIGN: &[(&str, &str)] = &[
    ("connection_limit", "the size of Prisma's pool"),
    ("connectionTimeoutMillis", "a setting of node-postgres"),
    ("idle_timeout", "a setting of postgres.js"),
    (
        "idle_in_transaction_session_timeout",
        "a setting of node-postgres",
    ),
    ("lock_timeout", "a setting of node-postgres"),
    ("max", "the size of a JavaScript pool"),
    ("min", "the size of a JavaScript pool"),
    ("pgbouncer", "a hint for Prisma"),
    ("pool_mode", "a hint for poolers"),
    ("pool_timeout", "a setting of Prisma's pool"),
    ("prepare", "a setting of postgres.js"),
    ("prepared_statements", "a setting of other drivers"),
    ("query_timeout", "a setting of node-postgres"),
    ("schema", "Prisma's word for the schema of its tables"),
    ("socket_timeout", "a setting of Prisma"),
    (
        "sslaccept",
        "a setting of Prisma, whose meaning `sslmode` has here",
    ),
    ("statement_cache_size", "a setting of other drivers"),
    ("statement_timeout", "a setting of node-postgres"),
    ("supa", "a hint for Supabase"),
    ("workaround", "a hint for Vercel"),
];

/// libpq's parameters that Driftless does not have; ignoring them would weaken what was asked for.
const REFUSED: &[&str] = &[
    "gsslib",
    "krbsrvname",
    "oauth_client_id",
    "oauth_issuer",
    "replication",
    "require_auth",
    "requirepeer",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcrl",
    "sslcrldir",
    "sslpassword",
];

/// libpq's parameters whose value makes no difference to Driftless.
const WITHOUT_EFFECT: &[&str] = &[
    "fallback_application_name",
    "gssdelegation",
    "keepalives_count",
    "keepalives_interval",
    "load_balance_hosts",
    "sslcertmode",
    "sslcompression",
    "sslsni",
    "tcp_user_timeout",
];

/// Takes one parameter over, or says by name why not.
pub(crate) fn apply(
    options: &mut ConnectOptions,
    given: &mut Given,
    name: &str,
    value: String,
) -> Result<()> {
    match name {
        "host" => given.hosts = value.split(',').map(str::to_owned).collect(),
        "hostaddr" => {
            given.addresses = value
                .split(',')
                .map(|address| {
                    address
                        .parse()
                        .map_err(|_| invalid(name, address, "an IP address").into())
                })
                .collect::<Result<_>>()?;
        }
        "port" => {
            given.ports = value
                .split(',')
                .map(|text| port(text).map(Some))
                .collect::<Result<_>>()?;
        }
        "user" => options.user = Some(value),
        "password" => options.password = Some(Secret::new(value)),
        "dbname" => options.database = Some(value),
        "sslmode" => options.ssl_mode = ssl_mode(&value)?,
        "ssl" => {
            options.ssl_mode = match value.as_str() {
                "true" | "1" | "" => SslMode::VerifyFull,
                "false" | "0" => SslMode::Disable,
                other => ssl_mode(other).map_err(|_| {
                    invalid(
                        name,
                        other,
                        "`true`, `false`, `no-verify` or one of libpq's sslmodes",
                    )
                })?,
            };
        }
        "sslrootcert" if value == "system" => {
            given.root_is_system = true;
            options.root_certificate = None;
        }
        "sslrootcert" => options.root_certificate = Some(Pem::File(PathBuf::from(value))),
        "sslcert" => given.certificate = Some(Pem::File(PathBuf::from(value))),
        "sslkey" => given.key = Some(Pem::File(PathBuf::from(value))),
        "sslnegotiation" => {
            options.direct_tls = choose(name, &value, &[("postgres", false), ("direct", true)])?;
        }
        "application_name" => options.application_name = value,
        "options" => options.options = Some(value),
        "connect_timeout" => options.connect_timeout = seconds(name, &value)?,
        "target_session_attrs" => {
            options.target_session = choose(
                name,
                &value,
                &[
                    ("any", TargetSession::Any),
                    ("read-write", TargetSession::ReadWrite),
                    ("read-only", TargetSession::ReadOnly),
                    ("primary", TargetSession::Primary),
                    ("standby", TargetSession::Standby),
                    ("prefer-standby", TargetSession::PreferStandby),
                ],
            )?;
        }
        "channel_binding" => {
            options.channel_binding = choose(
                name,
                &value,
                &[
                    ("disable", ChannelBinding::Disable),
                    ("prefer", ChannelBinding::Prefer),
                    ("require", ChannelBinding::Require),
                ],
            )?;
        }
        "keepalives" => {
            if !choose(name, &value, &[("1", true), ("0", false)])? {
                options.keepalive = None;
            }
        }
        "keepalives_idle" => {
            let idle = seconds(name, &value)?;
            if !idle.is_zero() {
                options.keepalive = Some(idle);
            }
        }
        "client_encoding" => {
            let plain = value.to_ascii_lowercase().replace(['-', '_'], "");
            if !matches!(plain.as_str(), "utf8" | "unicode" | "auto") {
                return Err(
                    invalid(name, &value, "`UTF8`, the only encoding of migrations").into(),
                );
            }
        }
        "passfile" => given.passfile = Some(PathBuf::from(value)),
        "gssencmode" => {
            choose(name, &value, &[("disable", ()), ("prefer", ())])?;
        }
        // The one is read before all others; the other asks node-postgres for the meanings that
        // `sslmode` always has here.
        "service" | "uselibpqcompat" => {}
        _ => return other(options, name),
    }
    Ok(())
}

/// `sslmode`, with node-postgres's `no-verify`.
pub(crate) fn ssl_mode(value: &str) -> Result<SslMode> {
    choose(
        "sslmode",
        value,
        &[
            ("disable", SslMode::Disable),
            ("allow", SslMode::Allow),
            ("prefer", SslMode::Prefer),
            ("require", SslMode::Require),
            ("verify-ca", SslMode::VerifyCa),
            ("verify-full", SslMode::VerifyFull),
            ("no-verify", SslMode::Require),
        ],
    )
}

pub(crate) fn port(text: &str) -> Result<u16> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(invalid("port", text, "a number from 1 to 65535").into()),
    }
}

fn other(options: &mut ConnectOptions, name: &str) -> Result<()> {
    if let Some((_, what)) = FOREIGN.iter().find(|(foreign, _)| *foreign == name) {
        options.warnings.push(
            Diagnostic::warning(
                "database-url-parameter-ignored",
                format!("`{name}` in the database URL has no effect here: it is {what}"),
            )
            .help(match name {
                "schema" => {
                    "where unqualified names go is decided by `options=-c%20search_path%3Dname`"
                }
                "pgbouncer" => {
                    "give `migrate` the URL of the server itself, not that of its pooler"
                }
                _ => "leave it as it is if another program reads the same URL",
            }),
        );
        return Ok(());
    }
    if WITHOUT_EFFECT.contains(&name) {
        return Ok(());
    }
    if REFUSED.contains(&name) {
        return Err(Diagnostic::error(
            "unsupported-database-url-parameter",
            format!("`{name}` in the database URL is not supported, and ignoring it would not do what it asks for"),
        )
        .help(format!("take `{name}` out of the URL that Driftless is given"))
        .into());
    }
    let diagnostic = Diagnostic::error(
        "unknown-database-url-parameter",
        format!("the database URL has a parameter `{name}` that nobody knows"),
    );
    let near = KNOWN
        .iter()
        .filter(|known| strsim::damerau_levenshtein(known, name) <= 2)
        .min_by_key(|known| strsim::damerau_levenshtein(known, name));
    Err(match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("take it out"),
    }
    .into())
}

fn choose<T: Copy>(name: &str, value: &str, choices: &[(&str, T)]) -> Result<T> {
    if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == value) {
        return Ok(*choice);
    }
    let words: Vec<_> = choices
        .iter()
        .map(|(word, _)| format!("`{word}`"))
        .collect();
    Err(invalid(name, value, &format!("one of {}", words.join(", "))).into())
}

fn seconds(name: &str, value: &str) -> Result<Duration> {
    // libpq takes a negative number for "for ever", as it does zero.
    match value.parse::<i64>() {
        Ok(seconds) => Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(0))),
        Err(_) => Err(invalid(name, value, "a number of seconds").into()),
    }
}

fn invalid(name: &str, value: &str, wanted: &str) -> Diagnostic {
    Diagnostic::error(
        "invalid-database-url",
        format!("`{name}={value}` in the database URL is not {wanted}"),
    )
}
