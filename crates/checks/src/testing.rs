//! A folder to break, and what a user would read about it.

use camino::Utf8PathBuf;
use driftless_diagnostic::{Diagnostic, Severity};
use driftless_migrations::folder::Folder;
use driftless_migrations::record::{Decisions, Kind};
use driftless_migrations::snapshot::Snapshot;
use driftless_migrations::write::{self, NewMigration, Options};
use std::fmt::Write;
use std::fs;

/// A folder `drizzle` in a directory of its own that is gone afterwards.
pub(crate) struct Project {
    _root: tempfile::TempDir,
    dir: Utf8PathBuf,
}

impl Project {
    /// `0000_init` generated, `0001_policies` written by hand, `0002_more` generated; all recorded.
    pub(crate) fn sound() -> Self {
        let root = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(root.path().join("drizzle")).unwrap();
        let project = Self { _root: root, dir };
        project.generate("init");
        project.custom("policies");
        project.write(
            "0001_policies.sql",
            "-- Roles\nCREATE ROLE app;\nGRANT app TO race;\n",
        );
        project.generate("more");
        project
    }

    /// Adds a generated migration with its snapshot and line.
    pub(crate) fn generate(&self, name: &str) {
        let mut snapshot = self.folder().newest_snapshot().unwrap();
        snapshot.schemas.insert(name.to_owned(), name.to_owned());
        let chunk = format!("CREATE SCHEMA \"{name}\";\n");
        self.add(name, vec![chunk], Kind::Generated, Some(snapshot));
    }

    /// Adds a template.
    pub(crate) fn custom(&self, name: &str) {
        self.add(name, Vec::new(), Kind::Custom, None);
    }

    fn add(&self, name: &str, chunks: Vec<String>, kind: Kind, snapshot: Option<Snapshot>) {
        let new = NewMigration {
            name: Some(name.to_owned()),
            chunks,
            kind,
            draft: false,
            snapshot: snapshot.map(std::borrow::Cow::Owned),
            decisions: Decisions::default(),
            scopes: None,
        };
        let options = Options {
            now: 1_800_000_000_000,
            ..Options::default()
        };
        write::write(&self.folder(), &[new], &options).unwrap();
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::read_shown_as(&self.dir, "drizzle").unwrap()
    }

    pub(crate) fn snapshot(&self, tag: &str) -> Snapshot {
        let folder = self.folder();
        let snapshot = folder.find(tag).unwrap().snapshot.as_ref().unwrap();
        snapshot.read().unwrap().clone()
    }

    pub(crate) fn read(&self, inside: &str) -> String {
        fs::read_to_string(self.dir.join(inside)).unwrap()
    }

    pub(crate) fn write(&self, inside: &str, text: &str) {
        fs::write(self.dir.join(inside), text).unwrap();
    }

    pub(crate) fn remove(&self, inside: &str) {
        fs::remove_file(self.dir.join(inside)).unwrap();
    }

    /// Replaces the first `old`, which must be there.
    pub(crate) fn edit(&self, inside: &str, old: &str, new: &str) {
        let text = self.read(inside);
        assert!(text.contains(old), "{inside} holds no {old:?}:\n{text}");
        self.write(inside, &text.replacen(old, new, 1));
    }

    /// Takes the line of a migration out of the record.
    pub(crate) fn forget(&self, tag: &str) {
        let text = self.read("meta/_driftless.json");
        let key = format!("  \"{tag}\":");
        let kept: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with(&key))
            .collect();
        self.write("meta/_driftless.json", &(kept.join("\n") + "\n"));
    }

    /// Takes the entry of a migration out of the journal.
    pub(crate) fn unlist(&self, tag: &str) {
        let text = self.read("meta/_journal.json");
        let mut journal: serde_json::Value = serde_json::from_str(&text).unwrap();
        let entries = journal["entries"].as_array_mut().unwrap();
        entries.retain(|entry| entry["tag"] != tag);
        let text = serde_json::to_string_pretty(&journal).unwrap();
        self.write("meta/_journal.json", &text);
    }

    /// Every word that all rules together say.
    pub(crate) fn findings(&self) -> String {
        spell(&crate::check_folder(&self.dir, "drizzle"))
    }
}

fn spell(found: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in found {
        let severity = match diagnostic.severity {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let _ = writeln!(
            text,
            "{severity}[{}] {}",
            diagnostic.code, diagnostic.message
        );
        for label in &diagnostic.labels {
            let at = label.source.position(label.start);
            let _ = write!(text, "at {}:{}:{}", label.source.path(), at.line, at.column);
            let space = if label.message.is_empty() { "" } else { " " };
            let _ = writeln!(text, "{space}{}", label.message);
        }
        for note in &diagnostic.notes {
            let _ = writeln!(text, "note: {note}");
        }
        for help in &diagnostic.help {
            let _ = writeln!(text, "help: {help}");
        }
    }
    text
}

#[test]
fn a_sound_folder_has_no_findings() {
    assert_eq!(Project::sound().findings(), "");
}
