//! A database per test, folders from tables of text, and what an application hears.

use camino::{Utf8Path, Utf8PathBuf};
use driftless::{Event, Migrator, Session};
use driftless_testing::Cluster;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A database of a test's own on a server that ends with the last test that uses it.
pub(crate) struct Database {
    _cluster: Arc<Cluster>,
    pub(crate) url: String,
}

pub(crate) fn database() -> Option<Database> {
    let Some(cluster) = Cluster::shared() else {
        println!("skipped: no Postgres on this machine");
        return None;
    };
    let url = cluster.database();
    Some(Database {
        _cluster: cluster,
        url,
    })
}

impl Database {
    pub(crate) async fn session(&self) -> Session {
        driftless::connect(&self.url).await.unwrap()
    }

    /// What rows a query has, as `a|b` lines.
    pub(crate) async fn rows(&self, sql: &str) -> String {
        let rows = self.session().await.texts(sql).await.unwrap();
        let lines = rows.into_iter().map(|row| {
            let values = row.into_iter().map(|value| value.unwrap_or("null".into()));
            values.collect::<Vec<_>>().join("|")
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// A migrations folder that is gone afterwards.
pub(crate) struct Folder {
    _root: tempfile::TempDir,
    pub(crate) dir: Utf8PathBuf,
}

impl Folder {
    /// These migrations with their journal.
    pub(crate) fn of(scripts: &[(&str, &str)]) -> Self {
        let root = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(root.path().join("drizzle")).unwrap();
        let folder = Self { _root: root, dir };
        let mut entries = Vec::new();
        for (i, (tag, text)) in scripts.iter().enumerate() {
            folder.write(&format!("{tag}.sql"), text);
            let when = 1000 + i;
            entries.push(format!(
                "    {{ \"idx\": {i}, \"version\": \"7\", \"when\": {when}, \"tag\": \"{tag}\" }}"
            ));
        }
        let entries = entries.join(",\n");
        let journal = format!(
            "{{\n  \"version\": \"7\",\n  \"dialect\": \"postgresql\",\n  \"entries\": [\n{entries}\n  ]\n}}\n"
        );
        folder.write("meta/_journal.json", &journal);
        folder
    }

    /// A copy of another folder.
    pub(crate) fn copy(from: &str) -> Self {
        let folder = Self::of(&[]);
        for inside in ["", "meta"] {
            for entry in fs::read_dir(Utf8Path::new(from).join(inside)).unwrap() {
                let path = Utf8PathBuf::from_path_buf(entry.unwrap().path()).unwrap();
                if path.is_file() {
                    let to = folder.dir.join(inside).join(path.file_name().unwrap());
                    fs::copy(path, to).unwrap();
                }
            }
        }
        folder
    }

    pub(crate) fn write(&self, inside: &str, text: &str) {
        let path = self.dir.join(inside);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, inside: &str) {
        fs::remove_file(self.dir.join(inside)).unwrap();
    }

    /// Replaces the first `old`, which must be there.
    pub(crate) fn edit(&self, inside: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.dir.join(inside)).unwrap();
        assert!(text.contains(old), "{inside} holds no {old:?}:\n{text}");
        self.write(inside, &text.replacen(old, new, 1));
    }

    pub(crate) fn migrator(&self) -> Migrator {
        Migrator::from_folder(&self.dir).unwrap()
    }

    /// What `main` would show, with this folder called `drizzle`.
    pub(crate) fn shown(&self, error: &driftless::Error) -> String {
        format!("{error:?}").replace(self.dir.as_str(), "drizzle")
    }
}

/// Listens to a migrator; the lines are those of a log, with every time zero.
pub(crate) fn listen(migrator: &Migrator) -> (Migrator, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&heard);
    let migrator = migrator.clone().on_event(move |mut event| {
        if let Event::StatementFinished { took, .. } | Event::MigrationFinished { took, .. } =
            &mut event
        {
            *took = Duration::ZERO;
        }
        lines.lock().unwrap().push(event.to_string());
    });
    (migrator, heard)
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
