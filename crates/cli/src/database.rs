//! From a target to a session, and what Ctrl-C does to it.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use driftless_diagnostic::{Diagnostic, SourceFile};
use driftless_postgres::{Canceller, ConnectOptions, Session, connect};

use crate::exit::{Result, Stop};
use crate::settings::{Settings, Target};
use crate::ui::Ui;

/// A session, and the server when it is ours.
pub(crate) struct Connection {
    pub(crate) session: Session,
    pub(crate) options: ConnectOptions,
    server: Server,
}

/// A server that we started ends with us.
struct Server {
    #[cfg(all(unix, feature = "embedded"))]
    embedded: Option<driftless_embedded::Embedded>,
}

/// What came of work that may be interrupted.
pub(crate) enum Ended<T> {
    /// It came to its end.
    Itself(T),
    /// Ctrl-C or SIGTERM: its last word, when it still had one.
    Interrupted(Option<T>),
}

impl Connection {
    /// Connects, starting the embedded Postgres when that is the target; `texts` are the SQL that
    /// will run, for the extensions it names.
    pub(crate) async fn open(
        settings: &Settings,
        target: Target,
        texts: &[&SourceFile],
        ui: &mut Ui,
    ) -> Result<Self> {
        let (options, server) = match target {
            Target::Server { options, origin } => {
                ui.status(&format!("database: {options} (from {origin})"));
                ui.field("database", options.to_string());
                (*options, Server::foreign())
            }
            Target::Embedded { why } => embedded(settings, why.as_deref(), texts, ui)?,
        };
        let progress = ui.progress();
        progress.set("connecting");
        let session = connect(&options).await;
        progress.clear();
        let session = session?;
        ui.tell_all(session.warnings());
        Ok(Self {
            session,
            options,
            server,
        })
    }

    /// What stops the running statement; the embedded Postgres is ended instead, it listens to
    /// nobody while it works.
    pub(crate) fn canceller(&self) -> Option<Canceller> {
        (!self.server.is_ours()).then(|| self.session.canceller())
    }

    /// Says goodbye while another program uses the database.
    pub(crate) async fn lend(
        self,
        borrow: impl FnOnce(&ConnectOptions) -> Result<()>,
    ) -> Result<Self> {
        self.session.close().await;
        borrow(&self.options)?;
        Ok(Self {
            session: connect(&self.options).await?,
            ..self
        })
    }

    /// Says goodbye and ends the server if it is ours.
    pub(crate) async fn close(self) {
        self.session.close().await;
        self.server.stop();
    }
}

impl Server {
    fn foreign() -> Self {
        Self {
            #[cfg(all(unix, feature = "embedded"))]
            embedded: None,
        }
    }

    #[cfg_attr(
        not(all(unix, feature = "embedded")),
        expect(clippy::unused_self, reason = "without an engine no server is ours")
    )]
    fn is_ours(&self) -> bool {
        #[cfg(all(unix, feature = "embedded"))]
        return self.embedded.is_some();
        #[cfg(not(all(unix, feature = "embedded")))]
        false
    }

    #[cfg_attr(
        not(all(unix, feature = "embedded")),
        expect(clippy::unused_self, reason = "without an engine no server is ours")
    )]
    fn stop(self) {
        #[cfg(all(unix, feature = "embedded"))]
        if let Some(embedded) = self.embedded {
            embedded.stop();
        }
    }
}

#[cfg(all(unix, feature = "embedded"))]
fn embedded(
    settings: &Settings,
    why: Option<&str>,
    texts: &[&SourceFile],
    ui: &mut Ui,
) -> Result<(ConnectOptions, Server)> {
    use driftless_embedded::Event;

    let data = settings.embedded_dir().join("postgres");
    let shown = data.strip_prefix(&settings.dir).unwrap_or(&data).to_owned();
    ui.field("database", format!("embedded in {shown}"));
    ui.status(&match why {
        Some(why) => format!(
            "database: the embedded Postgres in {shown}, because {why} \
             (for another one set DATABASE_URL or pass --database-url)"
        ),
        None => format!("database: the embedded Postgres in {shown}"),
    });
    ignore_in_git(settings);
    let progress = ui.progress();
    progress.set("starting the embedded Postgres (the first time takes longer)");
    let mut told = false;
    let data = data.into_std_path_buf();
    let embedded = start_embedded(settings, data, texts, &mut |event| match event {
        Event::Waiting { holder, waited } => {
            let seconds = waited.as_secs();
            let text = format!("waiting for {holder}, which uses the same database");
            progress.set(format!("{text} ({seconds} s)"));
            if !told {
                told = true;
                progress.aside(|| ui.status(&text));
            }
        }
    })?;
    drop(progress);
    let mut options = ConnectOptions::from_url(&embedded.url())?;
    "driftless".clone_into(&mut options.application_name);
    options.serves_one = true;
    Ok((
        options,
        Server {
            embedded: Some(embedded),
        },
    ))
}

/// Starts the Postgres inside this program; `texts` are the SQL that will run, for the extensions
/// it names.
#[cfg(all(unix, feature = "embedded"))]
pub(crate) fn start_embedded(
    settings: &Settings,
    data: std::path::PathBuf,
    texts: &[&SourceFile],
    on_event: &mut dyn FnMut(driftless_embedded::Event),
) -> Result<driftless_embedded::Embedded> {
    use driftless_embedded::{StartOptions, named_in, start};

    let program = std::env::current_exe().map_err(|error| {
        Diagnostic::error(
            "embedded-not-started",
            format!("the embedded Postgres does not start: this program is not found: {error}"),
        )
        .help("give a database URL")
    })?;
    let options = StartOptions {
        program,
        arguments: vec![crate::commands::EMBEDDED.into()],
        data,
        extensions: named_in(texts.iter().map(|source| source.text())),
        cache: settings.engine_cache(),
        deadline: Duration::from_mins(3),
        wait: None,
    };
    Ok(start(&options, on_event)?)
}

/// `.driftless/` is nobody's source code.
#[cfg(unix)]
pub(crate) fn ignore_in_git(settings: &Settings) {
    let dir = settings.embedded_dir();
    let file = dir.join(".gitignore");
    if !file.exists() && fs_err::create_dir_all(&dir).is_ok() {
        // Starting the database tells about a folder that cannot be written.
        let _ = fs_err::write(&file, "*\n");
    }
}

#[cfg(not(all(unix, feature = "embedded")))]
fn embedded(
    _: &Settings,
    why: Option<&str>,
    _: &[&SourceFile],
    _: &mut Ui,
) -> Result<(ConnectOptions, Server)> {
    let why = why.unwrap_or("--embedded was given");
    Err(Diagnostic::error(
        "embedded-not-built-in",
        format!("there is no database to use: {why}, and this driftless was built without its own"),
    )
    .help("set DATABASE_URL, or pass --database-url")
    .into())
}

/// A runtime for work that Ctrl-C or SIGTERM simply ends: its connections are closed, whatever was
/// in a transaction is rolled back, and servers of ours are stopped.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    block_on_to_the_end(async {
        tokio::select! {
            // First of all somebody listens for a signal.
            biased;
            () = signal() => Err(Stop::interrupted(
                Diagnostic::error("interrupted", "interrupted: nothing was changed")
                    .help("run the command again"),
            )),
            result = work => result,
        }
    })
}

/// A runtime for work that knows itself what a signal means.
pub(crate) fn block_on_to_the_end<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Diagnostic::error(
                "internal",
                format!("the async runtime does not start: {error}"),
            )
        })?;
    let result = runtime.block_on(work);
    // A name that is still being looked up must not keep the process.
    runtime.shutdown_background();
    result
}

/// Runs to the end, or stops the running statement when somebody presses Ctrl-C.
///
/// `idle` says that no statement runs (waiting for the lock of another migrator): then there is
/// nothing to stop. A second Ctrl-C does not wait for the server's answer either.
pub(crate) async fn interruptible<T>(
    canceller: Option<Canceller>,
    idle: &Cell<bool>,
    work: impl Future<Output = T>,
) -> Ended<T> {
    const PATIENCE: Duration = Duration::from_secs(10);
    let mut work = std::pin::pin!(work);
    tokio::select! {
        biased;
        result = &mut work => return Ended::Itself(result),
        () = signal() => {}
    }
    let Some(canceller) = canceller.filter(|_| !idle.get()) else {
        return Ended::Interrupted(None);
    };
    let cancel = async {
        loop {
            // Between two statements there is nothing to stop; the next one is.
            let _ = canceller.cancel().await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::select! {
        biased;
        result = &mut work => Ended::Interrupted(Some(result)),
        () = signal() => Ended::Interrupted(None),
        () = cancel => Ended::Interrupted(None),
        () = tokio::time::sleep(PATIENCE) => Ended::Interrupted(None),
    }
}

/// Ctrl-C, or what a supervisor sends.
#[cfg(unix)]
pub(crate) async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
pub(crate) async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
