//! What a plan is made of: which files, and whether any is another than it was.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use camino::{Utf8Path, Utf8PathBuf};

use super::watch::Places;
use crate::project;
use crate::settings::Settings;

#[derive(Default)]
pub(super) struct Sources {
    /// Everything that the schema was made of when it last could be.
    files: BTreeSet<Utf8PathBuf>,
    /// What they held when the plan was shown.
    shown: Option<u64>,
}

impl Sources {
    /// Whether this is another state than the one that was shown; it counts as shown from now on.
    pub(super) fn is_news(&mut self, print: u64) -> bool {
        self.shown.replace(print) != Some(print)
    }

    /// Of everything that is known, and of what the config names now.
    pub(super) fn fingerprint_of(&self, settings: &Settings) -> u64 {
        let mut files = self.files.clone();
        files.extend(named(settings));
        of(&files)
    }

    /// Of everything that is known.
    pub(super) fn fingerprint(&self) -> u64 {
        of(&self.files)
    }

    /// Evaluates once more for the files that are read.
    pub(super) fn remember(&mut self, settings: &Settings) {
        let known = self.fingerprint_of(settings);
        if let Ok(files) = project::files(settings) {
            self.files.extend(files);
        }
        self.files.extend(named(settings));
        // That more is known is no change.
        if self.shown == Some(known) {
            self.shown = Some(self.fingerprint_of(settings));
        }
    }

    /// Where changes may happen.
    pub(super) fn places(&mut self, settings: &Settings) -> Option<Places> {
        self.remember(settings);
        let mut places = Places::new();
        for file in &self.files {
            if let Some(folder) = file.parent() {
                places.entry(folder.into()).or_default();
            }
        }
        for (folder, below) in schema_folders(settings) {
            *places.entry(folder.into()).or_default() |= below;
        }
        places
            .entry(settings.config.out.clone().into())
            .or_default();
        Some(places)
    }
}

/// The config, what declares the schema as far as the config tells, and the migrations folder.
fn named(settings: &Settings) -> BTreeSet<Utf8PathBuf> {
    let config = &settings.config;
    let mut files: BTreeSet<Utf8PathBuf> = [
        config.file.clone(),
        settings.dir.join("driftless.toml"),
        settings.dir.join(".env"),
    ]
    .into();
    if let Ok(schema) = settings.schema() {
        files.extend(schema.sql);
    }
    for (folder, below) in schema_folders(settings) {
        add(&folder, below, &mut files);
    }
    add(&config.out, false, &mut files);
    add(&config.out.join("meta"), false, &mut files);
    files
}

/// Folders in which a new file would count, and whether folders below them do as well.
fn schema_folders(settings: &Settings) -> Vec<(Utf8PathBuf, bool)> {
    let of_config = settings.config.schema.iter();
    let of_config = of_config.map(|pattern| (&settings.config.dir, pattern.as_str()));
    let of_toml = settings.toml.iter().flat_map(|toml| &toml.schema);
    let of_toml = of_toml.map(|entry| (&settings.dir, entry.value.as_str()));
    let folder = |(base, pattern): (&Utf8PathBuf, &str)| {
        let itself = base.join(pattern);
        if itself.is_dir() {
            return Some((itself, false));
        }
        let is_wild = |part: &str| part.contains(['*', '?', '[', '{']);
        let parts: Vec<&str> = pattern.split('/').collect();
        let wild = parts.iter().position(|part| is_wild(part))?;
        let folder = base.join(parts[..wild].join("/"));
        folder.is_dir().then_some((folder, wild + 1 < parts.len()))
    };
    of_config.chain(of_toml).filter_map(folder).collect()
}

fn add(folder: &Utf8Path, below: bool, files: &mut BTreeSet<Utf8PathBuf>) {
    for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                if below && !matches!(entry.file_name(), "node_modules" | ".git" | "target") {
                    add(path, true, files);
                }
            }
            _ if is_source(path) => {
                files.insert(path.to_owned());
            }
            _ => {}
        }
    }
}

fn is_source(path: &Utf8Path) -> bool {
    const EXTENSIONS: [&str; 9] = ["ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "json", "sql"];
    path.extension()
        .is_some_and(|end| EXTENSIONS.contains(&end))
}

/// By size and time: the texts of a long history take longer to read than a plan takes to make.
fn of(files: &BTreeSet<Utf8PathBuf>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        let facts = std::fs::metadata(file).ok();
        let facts = facts.map(|facts| (facts.len(), facts.modified().ok()));
        facts.hash(&mut hasher);
    }
    hasher.finish()
}
