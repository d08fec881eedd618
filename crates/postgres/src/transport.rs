//! The bytes below the protocol: a socket, with or without TLS, that also notes the server's pid.
//!
//! The pid that a server announces at the start and the one that `pg_backend_pid()` returns differ
//! when a pooler stands between; tokio-postgres keeps the first to itself.

use crate::options::{ConnectOptions, Endpoint};
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Why there is no stream to speak Postgres over.
#[derive(Debug)]
pub(crate) enum DialError {
    /// The name has no address.
    Name(io::Error),
    /// Nobody accepts at any of the addresses.
    Socket(io::Error),
    /// The server answers that it has no TLS.
    WithoutTls,
    /// The answer to the question for TLS is none that Postgres gives.
    NotPostgres,
    /// The handshake failed.
    Handshake(io::Error),
}

/// A stream that is ready for Postgres's startup message.
pub(crate) struct Transport {
    wire: Wire,
    listener: Listener,
}

type TlsWire = <MakeRustlsConnect as MakeTlsConnect<TcpStream>>::Stream;

enum Wire {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
    Tls(Box<TlsWire>),
}

/// Connects, and shakes hands for TLS if `tls` is given.
pub(crate) async fn dial(
    options: &ConnectOptions,
    endpoint: &Endpoint,
    tls: Option<&MakeRustlsConnect>,
) -> Result<Transport, DialError> {
    let (host, tcp) = match endpoint {
        #[cfg(unix)]
        Endpoint::Unix { directory, port } => {
            let path = directory.join(format!(".s.PGSQL.{port}"));
            let unix = UnixStream::connect(path).await.map_err(DialError::Socket)?;
            return Ok(Transport::new(Wire::Unix(unix)));
        }
        #[cfg(not(unix))]
        Endpoint::Unix { .. } => {
            let error = io::Error::new(io::ErrorKind::Unsupported, "no unix sockets here");
            return Err(DialError::Socket(error));
        }
        Endpoint::Tcp {
            host,
            address: Some(address),
            port,
        } => (
            host,
            first_that_accepts(vec![(*address, *port).into()]).await?,
        ),
        Endpoint::Tcp { host, port, .. } => {
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), *port))
                .await
                .map_err(DialError::Name)?
                .collect();
            (host, first_that_accepts(addresses).await?)
        }
    };
    let _ = tcp.set_nodelay(true);
    if let Some(idle) = options.keepalive {
        let keepalive = socket2::TcpKeepalive::new().with_time(idle);
        // A convenience: a socket that refuses it still works.
        let _ = socket2::SockRef::from(&tcp).set_tcp_keepalive(&keepalive);
    }
    match tls {
        None => Ok(Transport::new(Wire::Tcp(tcp))),
        Some(tls) => {
            let name = options.server_name.as_ref().unwrap_or(host);
            let stream = shake_hands(tcp, tls.clone(), name, options.direct_tls).await?;
            Ok(Transport::new(Wire::Tls(Box::new(stream))))
        }
    }
}

async fn first_that_accepts(addresses: Vec<SocketAddr>) -> Result<TcpStream, DialError> {
    let mut failure = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = Some(error),
        }
    }
    let nothing = || io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    match failure {
        Some(error) => Err(DialError::Socket(error)),
        None => Err(DialError::Name(nothing())),
    }
}

async fn shake_hands(
    mut tcp: TcpStream,
    mut tls: MakeRustlsConnect,
    name: &str,
    direct: bool,
) -> Result<TlsWire, DialError> {
    /// Length 8 and the code that Postgres knows as `SSLRequest`.
    const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
    if !direct {
        tcp.write_all(&SSL_REQUEST)
            .await
            .map_err(DialError::Socket)?;
        let mut answer = [0];
        match tcp.read_exact(&mut answer).await {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(DialError::NotPostgres);
            }
            Err(error) => return Err(DialError::Socket(error)),
        }
        match answer[0] {
            b'S' => {}
            b'N' => return Err(DialError::WithoutTls),
            _ => return Err(DialError::NotPostgres),
        }
    }
    let connector =
        <MakeRustlsConnect as MakeTlsConnect<TcpStream>>::make_tls_connect(&mut tls, name)
            .unwrap_or_else(|never| match never {});
    connector.connect(tcp).await.map_err(DialError::Handshake)
}

impl Transport {
    fn new(wire: Wire) -> Self {
        Self {
            wire,
            listener: Listener::default(),
        }
    }

    /// Whether TLS protects it.
    pub(crate) fn is_encrypted(&self) -> bool {
        matches!(self.wire, Wire::Tls(_))
    }

    /// Filled once the server has announced its pid.
    pub(crate) fn announced_pid(&self) -> Arc<OnceLock<i32>> {
        Arc::clone(&self.listener.pid)
    }
}

/// Gives tokio-postgres a TLS session that stands already.
pub(crate) struct Established;

impl TlsConnect<Transport> for Established {
    type Stream = Transport;
    type Error = io::Error;
    type Future = Ready<io::Result<Transport>>;

    fn connect(self, stream: Transport) -> Self::Future {
        ready(Ok(stream))
    }
}

impl TlsStream for Transport {
    fn channel_binding(&self) -> ChannelBinding {
        match &self.wire {
            Wire::Tls(tls) => tls.channel_binding(),
            _ => ChannelBinding::none(),
        }
    }
}

impl AsyncRead for Transport {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let poll = match &mut this.wire {
            Wire::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            #[cfg(unix)]
            Wire::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
            Wire::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        if poll.is_ready() && !this.listener.finished {
            this.listener.hear(&buf.filled()[before..]);
        }
        poll
    }
}

impl AsyncWrite for Transport {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().wire {
            Wire::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            #[cfg(unix)]
            Wire::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
            Wire::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().wire {
            Wire::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            #[cfg(unix)]
            Wire::Unix(stream) => Pin::new(stream).poll_flush(cx),
            Wire::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().wire {
            Wire::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(unix)]
            Wire::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
            Wire::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// Follows the server's messages up to the first `ReadyForQuery` for its `BackendKeyData`.
#[derive(Default)]
struct Listener {
    heard: Vec<u8>,
    finished: bool,
    pid: Arc<OnceLock<i32>>,
}

impl Listener {
    fn hear(&mut self, bytes: &[u8]) {
        self.heard.extend_from_slice(bytes);
        while let [kind, a, b, c, d, rest @ ..] = self.heard.as_slice() {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            if length < 4 {
                self.finished = true;
                break;
            }
            if rest.len() < length - 4 {
                break;
            }
            if let (b'K', [p, q, r, s, ..]) = (*kind, rest) {
                let _ = self.pid.set(i32::from_be_bytes([*p, *q, *r, *s]));
            }
            if matches!(kind, b'K' | b'Z') {
                self.finished = true;
                break;
            }
            self.heard.drain(..=length);
        }
        if self.finished {
            self.heard = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_announced_pid_is_found_however_the_bytes_arrive() {
        let mut bytes = b"R\0\0\0\x08\0\0\0\0S\0\0\0\x09a\0bc\0".to_vec();
        bytes.extend_from_slice(b"K\0\0\0\x0c\0\0\x7b\x1f\xff\xff\xff\xff");
        bytes.extend_from_slice(b"Z\0\0\0\x05I");
        for size in [1, 2, 7, 100] {
            let mut listener = Listener::default();
            for piece in bytes.chunks(size) {
                if !listener.finished {
                    listener.hear(piece);
                }
            }
            assert!(listener.finished);
            assert_eq!(listener.pid.get(), Some(&0x7b1f), "in pieces of {size}");
        }
    }

    #[test]
    fn a_server_without_key_data_announces_nothing() {
        let mut listener = Listener::default();
        listener.hear(b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I");
        assert!(listener.finished);
        assert_eq!(listener.pid.get(), None);
    }
}
