//! A port that leads to the engine inside this program, which listens on a socket of its own.

use std::io;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use driftless_diagnostic::Diagnostic;

use crate::exit::Result;

/// Lets clients in until this program ends.
pub(super) fn listen(port: u16, socket: &Path) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        Diagnostic::error(
            "port-not-free",
            format!("port {port} cannot be used: {error}"),
        )
        .help("choose another one with --port")
    })?;
    let socket = socket.join(".s.PGSQL.5432");
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let socket = socket.clone();
            std::thread::spawn(move || lead(&client, &socket));
        }
    });
    Ok(())
}

/// Copies both ways; whoever goes away takes the other end along.
fn lead(client: &TcpStream, socket: &PathBuf) -> Option<()> {
    // Postgres answers in small pieces.
    let _ = client.set_nodelay(true);
    let engine = UnixStream::connect(socket).ok()?;
    let (mut from, mut to) = (client.try_clone().ok()?, engine.try_clone().ok()?);
    let there = std::thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let (mut from, mut to) = (&engine, client);
    let _ = io::copy(&mut from, &mut to);
    let _ = client.shutdown(Shutdown::Both);
    let _ = there.join();
    Some(())
}
