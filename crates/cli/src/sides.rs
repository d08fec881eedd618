//! The schemas that can be compared: what is declared, what history says, what is live.

use camino::Utf8PathBuf;
use driftless_catalog::{Catalog, Outcome, Plan, Spelling, plan};
use driftless_diagnostic::{Diagnostic, Failure, Severity, SourceFile};
use driftless_migrations::drizzle;
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::{self, MigrationFile};
use driftless_migrations::run::{self, MigrateOptions};
use driftless_migrations::snapshot::Snapshot;
use driftless_postgres::{ConnectOptions, Reading, Session, connect, literal, read};
use driftless_sources::sql::{self, Sources, SqlFile};

use crate::exit::Result;
use crate::project;
use crate::scratch::{Choice, Load, scope};
use crate::settings::{self, Settings};
use crate::ui::Ui;

/// One side of a comparison, as it was named.
pub(crate) enum Side {
    /// A database with nothing in it.
    Empty,
    /// What schema.ts declares.
    Schema,
    /// The folder, up to a migration.
    Migrations(Option<String>),
    /// The newest snapshot of the folder, or a file.
    Snapshot(Option<Utf8PathBuf>),
    /// A database.
    Database(Box<ConnectOptions>),
    /// SQL files.
    Sql(Utf8PathBuf),
}

/// What a side comes to before a server is asked.
pub(crate) enum State {
    /// A catalog in the declared spelling.
    Declared(Catalog),
    /// Migrations to replay.
    History(Vec<MigrationFile>),
    /// A database, connected.
    Live(Box<Session>),
    /// What schema.ts and SQL files declare together.
    Sources(Box<Sources>),
}

impl Side {
    /// Whether a side says all by itself, without a project.
    pub(crate) fn stands_alone(text: &str) -> bool {
        let of_project = matches!(text, "schema" | "migrations" | "snapshot");
        !of_project && !text.starts_with("migrations@") && !text.starts_with("env:")
    }

    /// Reads `schema`, `migrations@TAG`, `snapshot`, a path or a URL.
    pub(crate) fn parse(text: &str, settings: &Settings) -> Result<Self> {
        if let Some(tag) = text.strip_prefix("migrations@") {
            return Ok(Self::Migrations(Some(tag.to_owned())));
        }
        match text {
            "empty" => return Ok(Self::Empty),
            "schema" => return Ok(Self::Schema),
            "migrations" => return Ok(Self::Migrations(None)),
            "snapshot" => return Ok(Self::Snapshot(None)),
            _ => {}
        }
        if let Some(name) = text.strip_prefix("env:") {
            return Ok(Self::Database(Box::new(settings.environment(name)?)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Database(Box::new(settings.connection(text)?)));
        }
        let path = Utf8PathBuf::from(text);
        let there = settings.dir.join(&path);
        match path.extension() {
            Some("json") if there.is_file() => Ok(Self::Snapshot(Some(path))),
            Some("sql") if there.is_file() => Ok(Self::Sql(path)),
            _ if there.is_dir() => Ok(Self::Sql(path)),
            _ => Err(crate::exit::Stop::usage(
                Diagnostic::error("unknown-side", format!("`{text}` names no schema"))
                    .note("there is no such file or folder")
                    .help("write empty, schema, migrations, migrations@TAG, snapshot, a snapshot file, a .sql file or folder, env:NAME, or a postgres:// URL"),
            )),
        }
    }

    /// Gets whatever needs no scratch Postgres.
    pub(crate) async fn state(&self, settings: &Settings, ui: &mut Ui) -> Result<State> {
        Ok(match self {
            Self::Empty => State::Sources(Box::default()),
            Self::Schema => {
                let (declared, warnings) = project::declared(settings, false)?;
                ui.tell_all(&warnings);
                match project::declared_sql(settings)? {
                    none if none.is_empty() => State::Declared(drizzle::catalog(&declared)?),
                    files => State::Sources(Box::new(sources(&declared, files)?)),
                }
            }
            Self::Snapshot(None) => {
                let folder = project::folder(settings)?;
                State::Declared(drizzle::catalog(&*project::newest(&folder)?)?)
            }
            Self::Snapshot(Some(path)) => {
                let source = settings::read_source(&settings.dir, path)?;
                State::Declared(drizzle::catalog(&Snapshot::parse(&source)?)?)
            }
            Self::Migrations(tag) => {
                let folder = project::folder(settings)?;
                State::History(history(&folder, tag.as_deref())?)
            }
            Self::Database(options) => State::Live(Box::new(connect(options).await?)),
            Self::Sql(path) => State::Sources(Box::new(Sources {
                files: sql_files(settings, path)?,
                ..Sources::default()
            })),
        })
    }
}

impl State {
    /// Major version of the server that answers for this side, where one does.
    pub(crate) fn major(&self) -> Option<u32> {
        match self {
            Self::Live(session) => Some(session.server().major()),
            _ => None,
        }
    }

    /// Whether it is a database where a name without a schema may mean something outside of `public`.
    pub(crate) async fn looks_elsewhere(&self) -> bool {
        let Self::Live(session) = self else {
            return false;
        };
        let first = "SELECT pg_catalog.current_schema()";
        let rows = session.texts(first).await.unwrap_or_default();
        let first = rows
            .into_iter()
            .next()
            .and_then(|mut row| row.swap_remove(0));
        first.is_some_and(|schema| schema != "public")
    }

    /// The side as Postgres spells it.
    pub(crate) async fn spelled(
        self,
        settings: &Settings,
        scratch: &Choice,
        ui: &mut Ui,
    ) -> Result<Reading> {
        match self {
            Self::Declared(catalog) => made(&catalog, settings, scratch, ui).await,
            Self::History(files) => replayed(&files, settings, scratch, ui).await,
            Self::Live(session) => live(*session, settings).await,
            Self::Sources(sources) => loaded(&sources, settings, scratch, ui).await,
        }
    }
}

/// The migrations up to one, all of them by default.
pub(crate) fn history(folder: &Folder, tag: Option<&str>) -> Result<Vec<MigrationFile>> {
    let (fatal, _) = driftless_checks::before_running(folder);
    if !fatal.is_empty() {
        return Err(Failure::new(fatal).into());
    }
    let mut files = ledger::files(folder);
    if let Some(tag) = tag {
        let Some(at) = files.iter().position(|file| file.tag == tag) else {
            return Err(Diagnostic::error(
                "unknown-migration",
                format!("the folder {} has no migration {tag}", folder.shown),
            )
            .help("`driftless status` lists the migrations")
            .into());
        };
        files.truncate(at + 1);
    }
    Ok(files)
}

/// The files that a database has, and those that it lacks.
pub(crate) async fn by_ledger<'a>(
    settings: &Settings,
    files: &'a [MigrationFile],
    session: &Session,
) -> Result<(&'a [MigrationFile], &'a [MigrationFile])> {
    let status = run::status(session, files, &settings.ledger()).await?;
    let errors = status.findings.into_iter();
    let errors: Vec<Diagnostic> = errors
        .filter(|one| one.severity == Severity::Error)
        .collect();
    if !errors.is_empty() {
        return Err(Failure::new(errors).into());
    }
    let pending = |one: &run::MigrationStatus| one.state == ledger::State::Pending;
    let at = status.migrations.iter().position(pending);
    Ok(files.split_at(at.unwrap_or(files.len())))
}

/// Replays migrations in scratch Postgres.
pub(crate) async fn replayed(
    files: &[MigrationFile],
    settings: &Settings,
    scratch: &Choice,
    ui: &mut Ui,
) -> Result<Reading> {
    replayed_and(files, &Plan::default(), settings, scratch, ui).await
}

/// Replays migrations, and runs a plan behind them.
pub(crate) async fn replayed_and(
    files: &[MigrationFile],
    plan: &Plan,
    settings: &Settings,
    scratch: &Choice,
    ui: &mut Ui,
) -> Result<Reading> {
    let ledger = settings.ledger();
    let names = ledger.qualified();
    let mut inputs: Vec<&[u8]> = vec![b"migrations", names.as_bytes()];
    for file in files {
        inputs.extend([file.tag.as_bytes(), file.source.text().as_bytes()]);
    }
    let sql = driftless_report::sql(plan, driftless_report::Sheet::PLAIN);
    inputs.push(sql.as_bytes());
    let load = Load {
        inputs,
        texts: files.iter().map(|file| &file.source).collect(),
    };
    let options = MigrateOptions {
        ledger,
        lock_timeout: None,
        ..MigrateOptions::default()
    };
    let run = async |session: &mut Session| {
        run::migrate(session, files, &options, &mut |_| {}).await?;
        execute(session, plan).await
    };
    scratch.reading(settings, load, run, ui).await
}

/// Runs migrations in scratch behind those that come before, and measures what they do.
pub(crate) async fn measured(
    before: &[MigrationFile],
    files: &[MigrationFile],
    settings: &Settings,
    scratch: &Choice,
    ui: &mut Ui,
) -> Result<Vec<run::MeasuredFile>> {
    let texts: Vec<_> = before
        .iter()
        .chain(files)
        .map(|file| &file.source)
        .collect();
    let options = MigrateOptions {
        ledger: settings.ledger(),
        lock_timeout: None,
        ..MigrateOptions::default()
    };
    let work = async |session: &mut Session| {
        run::migrate(session, before, &options, &mut |_| {}).await?;
        run::measure(session, files).await
    };
    let doing = "measuring in scratch Postgres";
    scratch.used(settings, &texts, doing, work, ui).await
}

/// Makes what schema.ts and SQL files declare in scratch Postgres.
pub(crate) async fn declared(
    snapshot: &Snapshot,
    files: &[SqlFile],
    settings: &Settings,
    scratch: &Choice,
    ui: &mut Ui,
) -> Result<Reading> {
    if files.is_empty() {
        return made(&drizzle::catalog(snapshot)?, settings, scratch, ui).await;
    }
    let sources = sources(snapshot, files.to_vec())?;
    loaded(&sources, settings, scratch, ui).await
}

fn sources(snapshot: &Snapshot, files: Vec<SqlFile>) -> Result<Sources> {
    let sources = Sources {
        files,
        before: sql::declared(snapshot, None)?,
        ..Sources::default()
    };
    sources.check()?;
    Ok(sources)
}

/// Makes a schema of one kind of source in scratch Postgres.
pub(crate) async fn made(
    catalog: &Catalog,
    settings: &Settings,
    scratch: &Choice,
    ui: &mut Ui,
) -> Result<Reading> {
    let plan = from_nothing(catalog)?;
    let text = driftless_report::sql(&plan, driftless_report::Sheet::PLAIN);
    let source = SourceFile::new("schema.ts as SQL", text);
    let load = Load {
        inputs: vec![b"declared", source.text().as_bytes()],
        texts: vec![&source],
    };
    let run = async |session: &mut Session| execute(session, &plan).await;
    scratch.reading(settings, load, run, ui).await
}

/// What an empty database has by itself.
pub(crate) async fn bare(settings: &Settings, scratch: &Choice, ui: &mut Ui) -> Result<Reading> {
    let load = Load {
        inputs: vec![b"bare"],
        texts: Vec::new(),
    };
    let run = async |_: &mut Session| Ok(());
    scratch.reading(settings, load, run, ui).await
}

/// The plan that makes a declared schema from nothing.
fn from_nothing(catalog: &Catalog) -> Result<Plan> {
    match plan(&Catalog::empty(Spelling::Declared), catalog, &[])? {
        Outcome::Plan(plan) => Ok(plan),
        Outcome::Questions(_) => Err(Diagnostic::error(
            "internal-questions",
            "a schema made from nothing asks for renames",
        )
        .into()),
    }
}

/// Runs a plan, each batch in its transaction.
pub(crate) async fn execute(
    session: &mut Session,
    plan: &Plan,
) -> driftless_diagnostic::Result<()> {
    for batch in plan.batches() {
        for step in &batch.steps {
            let begin = if batch.in_transaction { "BEGIN" } else { "" };
            let outcome = if std::ptr::eq(step, &raw const batch.steps[0]) && !begin.is_empty() {
                session.execute(begin).await
            } else {
                Ok(())
            };
            let outcome = match outcome {
                Ok(()) => session.execute(&step.sql).await,
                error => error,
            };
            outcome.map_err(|error| refused(&step.sql, &error))?;
        }
        if batch.in_transaction {
            let committed = session.execute("COMMIT").await;
            committed.map_err(|error| refused("COMMIT", &error))?;
        }
    }
    Ok(())
}

fn refused(sql: &str, error: &driftless_postgres::QueryError) -> Diagnostic {
    let source = SourceFile::new("plan.sql", sql.to_owned());
    let code = error.code().unwrap_or_default();
    let own_fault = ["22", "23", "42"]
        .iter()
        .any(|class| code.starts_with(class));
    let help = if ABSENT.contains(&code) {
        "correct the schema; or, where a provider makes what is missing, say so in a file that \
         `setup` under [scratch] in driftless.toml names"
    } else if own_fault && !code.starts_with("42") {
        // A plan meets rows only where migrations have written them.
        "rows that a migration writes do not fit: put a migration before it that mends them \
         (`driftless generate --custom`)"
    } else {
        "correct the schema; the statement above says which object it is about"
    };
    let code = if own_fault && !ABSENT.contains(&code) {
        REFUSES
    } else {
        LACKS
    };
    Diagnostic::error(code, format!("Postgres refuses what is declared: {error}"))
        .at(&source, 0..sql.len().min(1), "this statement")
        .help(help)
}

/// The code of what no Postgres takes, whatever else it has.
pub(crate) const REFUSES: &str = "postgres-refuses";
/// The code of what this Postgres does not take: what may be there elsewhere is not there.
pub(crate) const LACKS: &str = "postgres-lacks";
/// Relations, functions, types, schemas that are not there; what a server does not have, or a role
/// may not do.
const ABSENT: [&str; 6] = ["42P01", "42883", "42704", "42501", "3F000", "0A000"];

async fn loaded(
    sources: &Sources,
    settings: &Settings,
    scratch: &Choice,
    ui: &mut Ui,
) -> Result<Reading> {
    let hash = sources.hash();
    let load = Load {
        inputs: vec![b"sources", hash.as_bytes()],
        texts: sources.files.iter().map(|file| &file.source).collect(),
    };
    let run = async |session: &mut Session| {
        let sources = Sources {
            engines: scratch.others(settings),
            ..sources.clone()
        };
        sources.load(session).await.map(|_| ())
    };
    scratch.reading(settings, load, run, ui).await
}

/// Reads a live database, and says goodbye to it.
pub(crate) async fn live(mut session: Session, settings: &Settings) -> Result<Reading> {
    let reading = live_in(&mut session, settings).await;
    session.close().await;
    reading
}

/// Reads a live database. The role that keeps the ledger is the one whose ownership goes without
/// saying, as in scratch it is the one that replays.
pub(crate) async fn live_in(session: &mut Session, settings: &Settings) -> Result<Reading> {
    let owner = migrator(session, settings).await;
    Ok(read(session, &scope(settings, Some(owner))).await?)
}

/// The role that keeps the ledger of a database; the connected one where there is none.
pub(crate) async fn migrator(session: &Session, settings: &Settings) -> String {
    let ledger = settings.ledger().qualified();
    let owner = format!(
        "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass({})",
        literal(&ledger)
    );
    let rows = session.texts(&owner).await.unwrap_or_default();
    let owner = rows.into_iter().next();
    owner
        .and_then(|mut row| row.swap_remove(0))
        .unwrap_or_else(|| session.server().user.clone())
}

fn sql_files(settings: &Settings, path: &Utf8PathBuf) -> Result<Vec<SqlFile>> {
    let there = settings.dir.join(path);
    if there.is_file() {
        return Ok(vec![SqlFile::read(&settings.dir, &there)?]);
    }
    let mut names: Vec<Utf8PathBuf> = there
        .read_dir_utf8()
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().to_owned())
        .filter(|path| path.extension() == Some("sql"))
        .collect();
    names.sort();
    if names.is_empty() {
        return Err(Diagnostic::error(
            "no-sql-files",
            format!("the folder {path} holds no .sql file"),
        )
        .help("name a folder with .sql files")
        .into());
    }
    let read = |name: &Utf8PathBuf| Ok(SqlFile::read(&settings.dir, name)?);
    names.iter().map(read).collect()
}
