//! `driftless __embedded`: the helper process of the Postgres that needs no installation.

use std::ffi::OsString;

use crate::exit::Exit;

/// What the first argument is then. Nobody types it: it is in no help and in no completion.
pub(crate) const SUBCOMMAND: &str = "__embedded";

#[cfg(unix)]
pub(crate) fn run(rest: &[OsString]) -> Exit {
    let mut rest = rest.iter();
    let (Some(data), Some(socket)) = (rest.next(), rest.next()) else {
        return Exit::Usage;
    };
    let options = driftless_embedded::ServeOptions {
        data: data.into(),
        socket: socket.into(),
        extensions: rest
            .map(|name| name.to_string_lossy().into_owned())
            .collect(),
        stdin: Box::new(std::io::stdin()),
        stdout: Box::new(std::io::stdout()),
        exit: give_up,
    };
    // The parent hears the reason from the helper itself.
    match driftless_embedded::serve(options) {
        Ok(()) => Exit::Ok,
        Err(_) => Exit::Failed,
    }
}

#[cfg(not(unix))]
pub(crate) fn run(_: &[OsString]) -> Exit {
    Exit::Failed
}

/// The engine cannot be interrupted: a statement that outlives the parent ends with the process.
#[cfg(unix)]
#[expect(clippy::exit, reason = "nothing else ends a thread inside the engine")]
fn give_up() -> ! {
    std::process::exit(1)
}
