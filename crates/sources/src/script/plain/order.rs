//! Whether what a file uses while it runs has its value by then.

use super::Files;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::HashSet;

/// Files that load each other in a circle may see each other too early: whoever uses a name of
/// another file at once must not be loaded by that file in turn.
pub(super) fn is_certain(files: &Files) -> bool {
    files.iter().all(|(path, linked)| {
        let mut asked: HashSet<&Utf8PathBuf> = HashSet::new();
        linked.file.eager.iter().all(|local| {
            let target = linked
                .file
                .imports
                .get(local)
                .and_then(|import| linked.targets.get(&import.specifier));
            // A name of ours is there from the start.
            target.is_none_or(|target| !asked.insert(target) || !reaches(files, target, path))
        })
    })
}

fn reaches(files: &Files, from: &Utf8Path, to: &Utf8Path) -> bool {
    let mut seen: HashSet<&Utf8Path> = HashSet::from([from]);
    let mut todo = vec![from];
    while let Some(path) = todo.pop() {
        if path == to {
            return true;
        }
        if let Some(linked) = files.get(path) {
            todo.extend(
                linked
                    .loads()
                    .map(Utf8PathBuf::as_path)
                    .filter(|path| seen.insert(path)),
            );
        }
    }
    false
}
