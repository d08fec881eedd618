//! From options to a session: every server, with and without TLS as `sslmode` says.

use crate::failure::{self, Attempt, Reason};
use crate::options::{ChannelBinding, ConnectOptions, Endpoint, SslMode, TargetSession};
use crate::session::{Canceller, Notice, Server, Session, Task};
use crate::tls;
use crate::transport::{self, Established, Transport};
use driftless_diagnostic::{Diagnostic, Failure, Result};
use std::future::poll_fn;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_postgres::config::{ChannelBinding as Binding, SslMode as WireMode, SslNegotiation};
use tokio_postgres::{AsyncMessage, Config, Connection};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Oldest server that the SQL of this project is written for.
const OLDEST_SUPPORTED: u32 = 14;
/// Oldest server with which connecting makes sense at all.
const OLDEST_USABLE: u32 = 12;

/// Connects to the first server that answers and is of the wanted kind.
pub async fn connect(options: &ConnectOptions) -> Result<Session> {
    if options.user.as_deref().unwrap_or_default().is_empty() {
        return Err(failure::user_missing().into());
    }
    let wants_tls = options.ssl_mode != SslMode::Disable;
    let tls = if wants_tls {
        Some(MakeRustlsConnect::new(tls::client_config(options)?))
    } else {
        None
    };
    let mut failures = Vec::new();
    // A standby is preferred, not required: the second round takes what there is.
    let rounds: &[TargetSession] = match options.target_session {
        TargetSession::PreferStandby => &[TargetSession::Standby, TargetSession::Any],
        TargetSession::Any => &[TargetSession::Any],
        TargetSession::ReadWrite => &[TargetSession::ReadWrite],
        TargetSession::ReadOnly => &[TargetSession::ReadOnly],
        TargetSession::Primary => &[TargetSession::Primary],
        TargetSession::Standby => &[TargetSession::Standby],
    };
    for target in rounds {
        failures.clear();
        for endpoint in &options.endpoints {
            match one_endpoint(options, endpoint, tls.as_ref()).await {
                Ok(session) if is_wanted(*target, session.server()) => {
                    let mut session = accept(session)?;
                    if let Some(role) = &options.role {
                        session.become_role(role).await?;
                    }
                    return Ok(session);
                }
                Ok(session) => failures.push(Attempt {
                    endpoint: endpoint.clone(),
                    reason: Reason::OtherKind(*target, session.server().standby),
                }),
                Err(reason) => failures.push(Attempt {
                    endpoint: endpoint.clone(),
                    reason,
                }),
            }
        }
    }
    Err(failure::diagnostic(options, &failures).into())
}

/// One server: TLS and plain in the order of libpq.
async fn one_endpoint(
    options: &ConnectOptions,
    endpoint: &Endpoint,
    tls: Option<&MakeRustlsConnect>,
) -> std::result::Result<Session, Reason> {
    let over_socket = matches!(endpoint, Endpoint::Unix { .. });
    let order: &[bool] = match options.ssl_mode {
        // A unix socket never leaves the machine; libpq does not encrypt it either.
        _ if over_socket => &[false],
        SslMode::Disable => &[false],
        SslMode::Allow => &[false, true],
        SslMode::Prefer => &[true, false],
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => &[true],
    };
    let mut first = None;
    for with_tls in order {
        let tls = tls.filter(|_| *with_tls);
        let attempt = one_attempt(options, endpoint, tls);
        let result = if options.connect_timeout.is_zero() {
            attempt.await
        } else {
            tokio::time::timeout(options.connect_timeout, attempt)
                .await
                .unwrap_or(Err(Reason::Timeout(options.connect_timeout)))
        };
        match (result, first.take()) {
            (Ok(session), _) => return Ok(session),
            (Err(reason), None) if order.len() > 1 && reason.may_depend_on_tls() => {
                first = Some(reason);
            }
            // Both are refused. What is wrong besides the missing TLS is told with TLS; without
            // it, the server only repeats that it wants it.
            (Err(Reason::Startup(_)), Some(with)) if !*with_tls && !with.is_no_tls() => {
                return Err(with);
            }
            (Err(reason), _) => return Err(reason),
        }
    }
    Err(first.unwrap_or(Reason::NoEndpoint))
}

async fn one_attempt(
    options: &ConnectOptions,
    endpoint: &Endpoint,
    tls: Option<&MakeRustlsConnect>,
) -> std::result::Result<Session, Reason> {
    let stream = transport::dial(options, endpoint, tls)
        .await
        .map_err(Reason::Dial)?;
    let encrypted = stream.is_encrypted();
    let announced = stream.announced_pid();
    let config = config(options, encrypted);
    let (client, connection) = config
        .connect_raw(stream, Established)
        .await
        .map_err(Reason::Startup)?;
    let (sender, notices) = unbounded_channel();
    let task = Task(tokio::spawn(drive(connection, sender)));
    let token = client.cancel_token();
    let mut session = Session {
        client,
        notices,
        task,
        server: Server::unknown(encrypted, announced.get().copied()),
        canceller: Canceller {
            token,
            options: options.clone(),
            endpoint: endpoint.clone(),
            tls: tls.cloned(),
        },
        warnings: options.warnings.clone(),
        shown: options.to_string(),
        role: None,
    };
    session.server = identify(&session).await.map_err(Reason::Query)?;
    Ok(session)
}

/// Settings of the startup message; the stream is there already, with or without TLS.
fn config(options: &ConnectOptions, encrypted: bool) -> Config {
    let mut config = Config::new();
    if let Some(user) = &options.user {
        config.user(user);
    }
    if let Some(password) = &options.password {
        config.password(password.reveal());
    }
    if let Some(database) = options.database_name() {
        config.dbname(database);
    }
    if let Some(command_line) = &options.options {
        config.options(command_line);
    }
    config.application_name(&options.application_name);
    config.channel_binding(match options.channel_binding {
        ChannelBinding::Disable => Binding::Disable,
        ChannelBinding::Prefer => Binding::Prefer,
        ChannelBinding::Require => Binding::Require,
    });
    if encrypted {
        config.ssl_mode(WireMode::Require);
        config.ssl_negotiation(SslNegotiation::Direct);
    } else {
        config.ssl_mode(WireMode::Disable);
    }
    config
}

async fn drive(mut connection: Connection<Transport, Transport>, notices: UnboundedSender<Notice>) {
    loop {
        match poll_fn(|cx| connection.poll_message(cx)).await {
            Some(Ok(AsyncMessage::Notice(notice))) => {
                // Nobody listens any more: the session is going away.
                let _ = notices.send(Notice {
                    severity: notice.severity().to_owned(),
                    code: notice.code().code().to_owned(),
                    message: notice.message().to_owned(),
                    detail: notice.detail().map(str::to_owned),
                    hint: notice.hint().map(str::to_owned),
                });
            }
            Some(Ok(_)) => {}
            // The statement that waits learns of the error itself.
            Some(Err(_)) | None => return,
        }
    }
}

async fn identify(session: &Session) -> std::result::Result<Server, crate::error::QueryError> {
    let rows = session
        .texts(
            "SELECT pg_catalog.pg_backend_pid(), \
                    pg_catalog.current_setting('server_version_num'), \
                    pg_catalog.current_setting('server_version'), \
                    session_user, \
                    pg_catalog.current_setting('is_superuser'), \
                    pg_catalog.current_database(), \
                    pg_catalog.pg_is_in_recovery(), \
                    pg_catalog.current_setting('default_transaction_read_only')",
        )
        .await?;
    let mut row = rows.into_iter().next().unwrap_or_default().into_iter();
    let mut next = || row.next().flatten().unwrap_or_default();
    Ok(Server {
        pid: next().parse().unwrap_or_default(),
        version: next().parse().unwrap_or_default(),
        version_text: next(),
        user: next(),
        superuser: next() == "on",
        database: next(),
        standby: next() == "t",
        read_only: next() == "on",
        ..session.server.clone()
    })
}

impl Server {
    fn unknown(encrypted: bool, announced_pid: Option<i32>) -> Self {
        Self {
            version: 0,
            version_text: String::new(),
            pid: 0,
            announced_pid,
            user: String::new(),
            superuser: false,
            database: String::new(),
            standby: false,
            read_only: false,
            encrypted,
        }
    }
}

fn is_wanted(target: TargetSession, server: &Server) -> bool {
    let writable = !server.standby && !server.read_only;
    match target {
        TargetSession::Any | TargetSession::PreferStandby => true,
        TargetSession::ReadWrite => writable,
        TargetSession::ReadOnly => !writable,
        TargetSession::Primary => !server.standby,
        TargetSession::Standby => server.standby,
    }
}

fn accept(mut session: Session) -> Result<Session> {
    if let Some(diagnostic) = version_finding(session.server()) {
        match diagnostic.severity {
            driftless_diagnostic::Severity::Error => return Err(Failure::from(diagnostic)),
            _ => session.warnings.push(diagnostic),
        }
    }
    Ok(session)
}

fn version_finding(server: &Server) -> Option<Diagnostic> {
    let major = server.major();
    let text = &server.version_text;
    if major < OLDEST_USABLE {
        return Some(
            Diagnostic::error(
                "server-too-old",
                format!("Driftless does not work with this server: it is Postgres {text}"),
            )
            .help(format!("use Postgres {OLDEST_SUPPORTED} or later")),
        );
    }
    (major < OLDEST_SUPPORTED).then(|| {
        Diagnostic::warning(
            "server-too-old",
            format!(
                "this server is Postgres {text}; Driftless is tested with {OLDEST_SUPPORTED} and later"
            ),
        )
        .help("what Postgres no longer supports with fixes may fail here")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_diagnostic::Severity;

    fn server(version: u32) -> Server {
        Server {
            version,
            version_text: (version / 10_000).to_string(),
            ..Server::unknown(false, None)
        }
    }

    #[test]
    fn old_servers_are_warned_of_and_very_old_ones_refused() {
        for (version, expected) in [
            (90_624, Some(Severity::Error)),
            (110_022, Some(Severity::Error)),
            (120_022, Some(Severity::Warning)),
            (130_015, Some(Severity::Warning)),
            (140_000, None),
            (180_004, None),
        ] {
            let found = version_finding(&server(version)).map(|finding| finding.severity);
            assert_eq!(found, expected, "{version}");
        }
    }

    #[test]
    fn a_pooler_announces_another_process_than_the_one_that_answers() {
        for (announced_pid, pid, pooled) in [
            (Some(7), 7, false),
            (Some(1_365_397_100), 24_404, true),
            (None, 7, false),
        ] {
            let server = Server {
                pid,
                announced_pid,
                ..server(150_000)
            };
            assert_eq!(server.is_pooled(), pooled, "{announced_pid:?}");
        }
    }
}
