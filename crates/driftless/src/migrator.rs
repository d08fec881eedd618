//! A folder, how to run it, and who listens.

use crate::{Embedded, Error, Result, connect};
use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::{self, LedgerNames};
use driftless_migrations::run::{self, Event, MigrateOptions, Status, Summary};
use driftless_postgres::Session;
use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Migrations, and how to run them. Cheap to clone, and shared between tasks by reference.
///
/// It comes from [`migrate!`](crate::migrate) or [`Migrator::from_folder`]. Without further words it
/// does what `driftless migrate` does without options:
///
/// ```no_run
/// use std::time::Duration;
///
/// # async fn start() -> driftless::Result<()> {
/// let summary = driftless::Migrator::from_folder("drizzle")?
///     .lock_wait(Duration::from_secs(60))
///     .on_event(|event| eprintln!("{event}"))
///     .run_url("postgres://app@localhost/app")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Migrator {
    source: Source,
    /// Those of `driftless migrate` when missing: a constant cannot hold them.
    options: Option<MigrateOptions>,
    role: Option<String>,
    listener: Option<Listener>,
}

#[derive(Clone)]
enum Source {
    Embedded(&'static Embedded),
    Folder(Arc<Folder>),
}

type Listener = Arc<dyn Fn(Event) + Send + Sync>;

impl Migrator {
    /// What `migrate!` expands to.
    #[doc(hidden)]
    pub const fn embedded(embedded: &'static Embedded) -> Self {
        Self {
            source: Source::Embedded(embedded),
            options: None,
            role: None,
            listener: None,
        }
    }

    /// Reads a folder now; a relative path starts at the working directory.
    ///
    /// # Errors
    /// A folder that is not there or cannot be read, a journal that is missing or cannot be read.
    /// What is wrong with single files is told by [`run`](Self::run).
    pub fn from_folder(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let dir = Utf8Path::from_path(path).ok_or_else(|| {
            Diagnostic::error(
                "path-not-utf8",
                format!("{} cannot be read, its name is not UTF-8", path.display()),
            )
            .help("rename the folder")
        })?;
        let folder = driftless_checks::read_present(dir, dir.as_str())?;
        Ok(Self {
            source: Source::Folder(Arc::new(folder)),
            options: None,
            role: None,
            listener: None,
        })
    }

    /// Brings a database up to the folder, over a connection of its own.
    ///
    /// # Errors
    /// As of [`connect`] and [`run`](Self::run).
    pub async fn run_url(&self, url: &str) -> Result<Summary> {
        self.sound()?;
        let mut session = self.session(url).await?;
        let result = self.run(&mut session).await;
        session.close().await;
        result
    }

    /// Brings a database up to the folder, in journal order.
    ///
    /// With nothing pending nothing is written at all. Whatever stops it leaves whole migrations
    /// behind it, never half of one; of files with `-- driftless: no-transaction`, whole statements.
    /// The next run goes on from there.
    ///
    /// The session is a migrator's afterwards (no `statement_timeout`, `row_security` off): close it
    /// rather than serve requests with it.
    ///
    /// # Errors
    /// Before anything is written: a folder with something wrong in it, an applied migration that
    /// was edited, a file older than what was applied, a pending file with what cannot be run, a
    /// pooler, a server that only reads, another migrator that is not done within `lock_wait`. After
    /// that: a statement that fails, with its place in the file.
    pub async fn run(&self, session: &mut Session) -> Result<Summary> {
        let (folder, told) = self.sound()?;
        for warning in told {
            self.tell(Event::Warning(warning));
        }
        self.take_role(session).await?;
        let files = ledger::files(&folder);
        let options = self.options.clone().unwrap_or_default();
        let mut events = |event| self.tell(event);
        run::migrate(session, &files, &options, &mut events)
            .await
            .map_err(advised)
    }

    /// What a database has of the folder, over a connection of its own.
    ///
    /// # Errors
    /// As of [`connect`] and [`status`](Self::status).
    pub async fn status_url(&self, url: &str) -> Result<Status> {
        self.sound()?;
        let mut session = self.session(url).await?;
        let result = match self.take_role(&mut session).await {
            Ok(()) => self.status(&session).await,
            Err(error) => Err(error),
        };
        session.close().await;
        result
    }

    /// What a database has of the folder, from reading alone; needs no right but to read the ledger.
    ///
    /// # Errors
    /// A folder with something wrong in it, a ledger that cannot be read. What [`run`](Self::run)
    /// would stop at in the ledger is among the status's `findings`.
    pub async fn status(&self, session: &Session) -> Result<Status> {
        let (folder, told) = self.sound()?;
        let names = self.options.as_ref().map(|options| options.ledger.clone());
        let names = names.unwrap_or_default();
        let mut status = run::status(session, &ledger::files(&folder), &names).await?;
        status.findings.extend(told);
        Ok(status)
    }

    /// Tags of the migrations, in the order in which they run.
    ///
    /// # Errors
    /// A folder with something wrong in it.
    pub fn tags(&self) -> Result<Vec<String>> {
        let (folder, _) = self.sound()?;
        let tags = folder.migrations.iter().map(|one| one.tag().to_owned());
        Ok(tags.collect())
    }

    /// Calls this with whatever happens, as it happens. It must not block: the run waits for it.
    #[must_use]
    pub fn on_event(mut self, listener: impl Fn(Event) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Stops after the migration with this tag. Later ones stay pending, and are in the summary.
    #[must_use]
    pub fn to(self, tag: impl Into<String>) -> Self {
        let tag = tag.into();
        self.with(|options| options.to = Some(tag))
    }

    /// Verifies, says what would run, writes nothing and takes no lock.
    #[must_use]
    pub fn dry_run(self, dry_run: bool) -> Self {
        self.with(|options| options.dry_run = dry_run)
    }

    /// How long to wait for another migrator: a `Duration`, or `None` for as long as it takes,
    /// which is the default.
    #[must_use]
    pub fn lock_wait(self, limit: impl Into<Option<Duration>>) -> Self {
        let limit = limit.into();
        self.with(|options| options.lock_wait = limit)
    }

    /// How long a statement waits for a lock on a table, which makes every later query on that
    /// table wait behind it: 5 seconds unless said otherwise, `None` for as long as it takes.
    #[must_use]
    pub fn lock_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        let limit = limit.into();
        self.with(|options| options.lock_timeout = limit)
    }

    /// How often a migration is run again that was rolled back for want of a lock: 6 times unless
    /// said otherwise, with growing pauses.
    #[must_use]
    pub fn lock_retries(self, retries: u32) -> Self {
        self.with(|options| options.lock_retries = retries)
    }

    /// Schema and table of the ledger: `drizzle` and `__drizzle_migrations` unless said otherwise,
    /// as in `migrations` of `drizzle.config.ts`.
    #[must_use]
    pub fn ledger(self, schema: impl Into<String>, table: impl Into<String>) -> Self {
        let (schema, table) = (schema.into(), table.into());
        self.with(|options| options.ledger = LedgerNames { schema, table })
    }

    /// Who migrates, once logged in: the owner of the tables, whatever user the program has. A
    /// session of your own keeps the role.
    #[must_use]
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Goes on although a pooler stands between; right only if it gives each client one server
    /// process of its own.
    #[must_use]
    pub fn allow_pooler(self, allow: bool) -> Self {
        self.with(|options| options.allow_pooler = allow)
    }

    fn with(mut self, change: impl FnOnce(&mut MigrateOptions)) -> Self {
        change(self.options.get_or_insert_default());
        self
    }

    fn tell(&self, event: Event) {
        if let Some(listener) = &self.listener {
            listener(event);
        }
    }

    async fn take_role(&self, session: &mut Session) -> Result<()> {
        match &self.role {
            Some(role) if session.role() != Some(role) => Ok(session.become_role(role).await?),
            _ => Ok(()),
        }
    }

    async fn session(&self, url: &str) -> Result<Session> {
        let session = connect(url).await?;
        for warning in session.warnings() {
            self.tell(Event::Warning(warning.clone()));
        }
        Ok(session)
    }

    /// The folder once nothing speaks against it, and what is only told about it.
    fn sound(&self) -> Result<(Cow<'_, Folder>, Vec<Diagnostic>)> {
        let folder = match &self.source {
            Source::Embedded(embedded) => Cow::Owned(embedded.folder()?),
            Source::Folder(folder) => Cow::Borrowed(&**folder),
        };
        let (stopping, told) = driftless_checks::before_running(&folder);
        if stopping.is_empty() {
            Ok((folder, told))
        } else {
            Err(Failure::new(stopping).into())
        }
    }
}

impl fmt::Debug for Migrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = match &self.source {
            Source::Embedded(embedded) => embedded.folder,
            Source::Folder(folder) => &folder.shown,
        };
        f.debug_struct("Migrator")
            .field("folder", &shown)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// A failed statement with what to do about it, unless somebody knew better.
fn advised(failure: Failure) -> Error {
    let with_help = failure.into_diagnostics().into_iter().map(|found| {
        if found.code == "statement-failed" && found.help.is_empty() {
            found.help("correct the file, then start again: it goes on with this migration")
        } else {
            found
        }
    });
    Failure::new(with_help.collect()).into()
}
