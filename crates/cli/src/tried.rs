//! Scripts with what is there before each, and what scratch Postgres measured of them.

use driftless_catalog::Catalog;
use driftless_diagnostic::SourceFile;
use driftless_lint::Script;
use driftless_migrations::drizzle;
use driftless_migrations::folder::Folder;
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::run::{self, Measured, MigrateOptions};
use driftless_migrations::snapshot::Snapshot;
use driftless_postgres::{Session, read};

use crate::exit::Result;
use crate::scratch::{Choice, scope};
use crate::settings::Settings;
use crate::ui::Ui;

/// One script.
pub(crate) struct Tried {
    pub(crate) source: SourceFile,
    before: Catalog,
    measured: Option<Vec<Measured>>,
}

impl Tried {
    /// One that was only read.
    pub(crate) fn untried(source: SourceFile, before: Catalog) -> Self {
        Self {
            source,
            before,
            measured: None,
        }
    }

    /// As the linter takes it.
    pub(crate) fn script(&self) -> Script<'_> {
        Script {
            source: &self.source,
            before: &self.before,
            measured: self.measured.as_deref(),
        }
    }
}

/// What the snapshots say is there before each of these migrations, by their numbers.
pub(crate) fn by_snapshots(
    folder: &Folder,
    files: &[MigrationFile],
    first: usize,
) -> driftless_diagnostic::Result<Vec<Tried>> {
    let mut tried = Vec::new();
    for (number, file) in files.iter().enumerate().skip(first) {
        let earlier = &folder.migrations[..number.min(folder.migrations.len())];
        let snapshot = earlier.iter().rev().find_map(|one| one.snapshot.as_ref());
        let before = match snapshot {
            Some(snapshot) => drizzle::catalog(snapshot.read()?)?,
            None => drizzle::catalog(&Snapshot::empty())?,
        };
        tried.push(Tried::untried(file.source.clone(), before));
    }
    Ok(tried)
}

/// Runs scripts in scratch behind the migrations that come before them.
pub(crate) async fn in_scratch(
    before: &[MigrationFile],
    files: &[MigrationFile],
    settings: &Settings,
    scratch: &Choice,
    ui: &mut Ui,
) -> Result<Vec<Tried>> {
    let texts: Vec<_> = before
        .iter()
        .chain(files)
        .map(|file| &file.source)
        .collect();
    let work = async |session: &mut Session| one_by_one(before, files, settings, session).await;
    let doing = "measuring in scratch Postgres";
    scratch.used(settings, &texts, doing, work, ui).await
}

async fn one_by_one(
    before: &[MigrationFile],
    files: &[MigrationFile],
    settings: &Settings,
    session: &mut Session,
) -> driftless_diagnostic::Result<Vec<Tried>> {
    let options = MigrateOptions {
        ledger: settings.ledger(),
        lock_timeout: None,
        ..MigrateOptions::default()
    };
    run::migrate(session, before, &options, &mut |_| {}).await?;
    let mut tried = Vec::new();
    for file in files {
        let catalog = read(session, &scope(settings, None)).await?.catalog;
        let measured = run::measure(session, std::slice::from_ref(file)).await?;
        tried.push(Tried {
            source: file.source.clone(),
            before: catalog,
            measured: measured.into_iter().next().map(|one| one.statements),
        });
    }
    Ok(tried)
}
