//! A database per test, files from tables of text, and what a person would see.

use driftless_diagnostic::{Diagnostic, Failure, SourceFile};
use driftless_migrations::ledger::MigrationFile;
use driftless_migrations::run::{Event, MigrateOptions, Summary, migrate};
use driftless_postgres::{ConnectOptions, Session, connect};
use driftless_testing::Cluster;
use std::fmt::Write;
use std::sync::Arc;

/// A database of a test's own on a server that ends with the last test that uses it.
pub(crate) struct Database {
    cluster: Arc<Cluster>,
    pub(crate) name: String,
}

pub(crate) fn database() -> Option<Database> {
    let Some(cluster) = Cluster::shared() else {
        println!("skipped: no Postgres on this machine");
        return None;
    };
    let name = cluster.new_database();
    Some(Database { cluster, name })
}

impl Database {
    pub(crate) fn url_as(&self, user: &str) -> String {
        let folder = self.cluster.folder().display();
        format!("postgres://{user}@/{}?host={folder}", self.name)
    }

    pub(crate) async fn session(&self) -> Session {
        self.session_as("postgres").await
    }

    pub(crate) async fn session_as(&self, user: &str) -> Session {
        let options = ConnectOptions::from_url(&self.url_as(user)).unwrap();
        connect(&options).await.unwrap()
    }

    /// What rows a query has, as `a|b` lines.
    pub(crate) async fn rows(&self, sql: &str) -> String {
        rows(&self.session().await, sql).await
    }

    pub(crate) async fn sql(&self, sql: &str) {
        self.session().await.execute(sql).await.unwrap();
    }

    /// Tags and hashes in the ledger, by `created_at`.
    pub(crate) async fn ledger(&self) -> String {
        self.rows("select created_at, left(hash, 8) from drizzle.__drizzle_migrations order by id")
            .await
    }
}

pub(crate) async fn rows(session: &Session, sql: &str) -> String {
    let rows = session.texts(sql).await.unwrap();
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            let values: Vec<_> = row
                .iter()
                .map(|value| value.as_deref().unwrap_or("null"))
                .collect();
            values.join("|")
        })
        .collect();
    lines.join("\n")
}

/// `0000_name.sql` with `when` 1000, and so on.
pub(crate) fn files(texts: &[&str]) -> Vec<MigrationFile> {
    texts
        .iter()
        .enumerate()
        .map(|(i, text)| file(i, text))
        .collect()
}

pub(crate) fn file(number: usize, text: &str) -> MigrationFile {
    let tag = format!("{number:04}_file");
    MigrationFile {
        when: 1000 + i64::try_from(number).unwrap(),
        source: SourceFile::new(format!("drizzle/{tag}.sql"), text),
        tag,
        recorded: None,
    }
}

/// A run with its events.
pub(crate) struct Ran {
    pub(crate) result: Result<Summary, Failure>,
    pub(crate) events: Vec<Event>,
}

pub(crate) async fn run(session: &mut Session, files: &[MigrationFile]) -> Ran {
    run_with(session, files, &MigrateOptions::default()).await
}

pub(crate) async fn run_with(
    session: &mut Session,
    files: &[MigrationFile],
    options: &MigrateOptions,
) -> Ran {
    let mut events = Vec::new();
    let result = migrate(session, files, options, &mut |event| events.push(event)).await;
    Ran { result, events }
}

impl Ran {
    /// Tags of what was applied.
    pub(crate) fn tags(&self) -> Vec<&str> {
        match &self.result {
            Ok(summary) => summary.applied.iter().map(|one| one.tag.as_str()).collect(),
            Err(failure) => panic!("{}", shown(failure)),
        }
    }

    pub(crate) fn failure(&self) -> String {
        match &self.result {
            Ok(summary) => panic!("{summary:?}"),
            Err(failure) => shown(failure),
        }
    }

    pub(crate) fn warnings(&self) -> Vec<&str> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Warning(diagnostic) => Some(diagnostic.message.as_str()),
                _ => None,
            })
            .collect()
    }
}

pub(crate) fn shown(failure: &Failure) -> String {
    failure.diagnostics().iter().map(shown_one).collect()
}

/// Code, sentence, line with what the label covers, notes, help.
pub(crate) fn shown_one(diagnostic: &Diagnostic) -> String {
    let mut text = format!("{}: {}\n", diagnostic.code, diagnostic.message);
    for label in &diagnostic.labels {
        let place = label.source.position(label.start);
        let covered = &label.source.text()[label.start..label.end];
        let _ = writeln!(
            text,
            "  at {}:{}:{} [{covered}] {}",
            label.source.path(),
            place.line,
            place.column,
            label.message
        );
    }
    for note in &diagnostic.notes {
        let _ = writeln!(text, "  note: {note}");
    }
    for help in &diagnostic.help {
        let _ = writeln!(text, "  help: {help}");
    }
    text
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
