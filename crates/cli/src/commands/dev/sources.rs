//! What a plan is made of: which files, and whether any is another than it was.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

use super::watch::Places;
use crate::project;
use crate::settings::Settings;

/// Size and time of each file: the texts of a long history take longer to read than a plan to make.
pub(super) type Prints = BTreeMap<Utf8PathBuf, Option<(u64, SystemTime)>>;

#[derive(Default)]
pub(super) struct Sources {
    /// Every script that the schema was made of so far.
    scripts: BTreeSet<Utf8PathBuf>,
    /// What the config named when it could last be read.
    named: BTreeSet<Utf8PathBuf>,
    /// What everything was when the plan was made that is shown.
    shown: Option<Prints>,
    shown_at: Option<SystemTime>,
}

impl Sources {
    /// Whether this is another state than the one that was shown; it counts as shown from now on.
    pub(super) fn is_news(&mut self, prints: Prints) -> bool {
        let news = self.shown.as_ref() != Some(&prints);
        self.shown = Some(prints);
        self.shown_at = Some(SystemTime::now());
        news
    }

    /// Of everything that is known, and of what the config names now.
    pub(super) fn prints(&self, settings: Option<&Settings>) -> Prints {
        let named = settings.map_or_else(|| self.named.clone(), named);
        let files = self.scripts.iter().cloned().chain(named);
        files.map(|file| (file.clone(), print(&file))).collect()
    }

    /// Takes the migrations folder for shown as it is now.
    pub(super) fn settle(&mut self, settings: &Settings) {
        let now = self.prints(Some(settings));
        let Some(shown) = &mut self.shown else { return };
        let inside = |file: &Utf8PathBuf| file.starts_with(&settings.config.out);
        shown.retain(|file, _| !inside(file));
        shown.extend(now.into_iter().filter(|(file, _)| inside(file)));
    }

    /// Whether what was shown is another by now.
    pub(super) fn is_behind(&self, settings: &Settings) -> bool {
        let now = || self.prints(Some(settings));
        self.shown.as_ref().is_some_and(|shown| *shown != now())
    }

    /// Evaluates once more for the files that are read.
    fn remember(&mut self, settings: &Settings) {
        for file in project::files(settings).unwrap_or_default() {
            // That more is known is no change, unless it was not there yet.
            let print = print(&file);
            let was_there = print.is_some_and(|(_, written)| Some(written) < self.shown_at);
            if let Some(shown) = self.shown.as_mut().filter(|_| was_there) {
                shown.entry(file.clone()).or_insert(print);
            }
            self.scripts.insert(file);
        }
    }

    /// Where changes may happen.
    pub(super) fn places(&mut self, settings: &Settings) -> Places {
        self.remember(settings);
        self.named = named(settings);
        let mut places = Places::new();
        for file in self.prints(Some(settings)).keys() {
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
        places
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
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && below && !matches!(entry.file_name(), "node_modules" | ".git" | "target") {
            add(path, true, files);
        } else if !is_folder && is_source(path) {
            files.insert(path.to_owned());
        }
    }
}

fn is_source(path: &Utf8Path) -> bool {
    const EXTENSIONS: [&str; 9] = ["ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "json", "sql"];
    path.extension()
        .is_some_and(|end| EXTENSIONS.contains(&end))
}

fn print(file: &Utf8Path) -> Option<(u64, SystemTime)> {
    let facts = std::fs::metadata(file).ok()?;
    Some((facts.len(), facts.modified().ok()?))
}
