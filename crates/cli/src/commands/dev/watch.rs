//! Folders that are watched.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::Sender;

use driftless_diagnostic::Diagnostic;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Event;
use crate::exit::Result;

/// Folders, and whether what is below them counts.
pub(super) type Places = BTreeMap<PathBuf, bool>;

pub(super) struct Watch {
    watcher: RecommendedWatcher,
    places: Places,
    tell: Sender<Event>,
}

impl Watch {
    pub(super) fn new(tell: Sender<Event>) -> Result<Self> {
        let told = tell.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // That a file was read is no change.
            if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
                let _ = told.send(Event::Changed);
            }
        });
        Ok(Self {
            watcher: watcher.map_err(|error| unwatched(&error))?,
            places: Places::new(),
            tell,
        })
    }

    /// As if something had changed.
    pub(super) fn again(&self) {
        let _ = self.tell.send(Event::Changed);
    }

    /// Watches these and no others; the findings are about those that cannot be.
    pub(super) fn only(&mut self, places: Places) -> Vec<Diagnostic> {
        for (old, below) in &self.places {
            if places.get(old) != Some(below) {
                let _ = self.watcher.unwatch(old);
            }
        }
        let mut found = Vec::new();
        for (new, below) in &places {
            if self.places.get(new) == Some(below) || !new.is_dir() {
                continue;
            }
            let mode = if *below {
                RecursiveMode::Recursive
            } else {
                RecursiveMode::NonRecursive
            };
            if let Err(error) = self.watcher.watch(new, mode) {
                found.push(unwatched(&error));
            }
        }
        self.places = places;
        self.places.retain(|place, _| place.is_dir());
        found
    }
}

fn unwatched(error: &notify::Error) -> Diagnostic {
    Diagnostic::warning(
        "not-watched",
        format!("changes are not seen everywhere: {error}"),
    )
    .help("on Linux, allow more watches: sysctl fs.inotify.max_user_watches=524288")
}
