//! Schemas that only declare, read without running them.
//!
//! Most schema files hold nothing but `pgTable`, `pgEnum` and `relations` with everything written
//! out. What those come to can be seen in the text, in a tenth of the time. This is a shortcut and
//! no second opinion: whatever is not known here, and whatever would be worth a diagnostic, makes
//! the whole schema one that is run. That both ways give one snapshot is tested.

mod assemble;
mod column;
mod draft;
mod extras;
mod linker;
mod literal;
mod names;
mod order;
mod read;

use super::resolve::{Resolver, Target};
use super::{Declared, STACK, strip};
use camino::{Utf8Path, Utf8PathBuf};
use oxc::allocator::Allocator;
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Files by real path.
type Files = BTreeMap<Utf8PathBuf, Linked>;

/// A file and what its specifiers mean.
struct Linked {
    file: draft::File,
    targets: HashMap<String, Utf8PathBuf>,
}

/// What the files declare; nothing where they have to be run to know.
pub(super) fn load(root: &Utf8Path, entries: &[Utf8PathBuf]) -> Option<Declared> {
    let resolver = Resolver::new(root, std::collections::BTreeSet::new());
    for entry in entries {
        resolver.allow(entry);
    }
    let mut files = Files::new();
    let mut frontier = entries.to_vec();
    while !frontier.is_empty() {
        let mut next = Vec::new();
        for (path, linked) in frontier.iter().zip(read_all(&frontier, &resolver)?) {
            next.extend(linked.loads().cloned());
            files.insert(path.clone(), linked);
        }
        next.sort_unstable();
        next.dedup();
        next.retain(|path| !files.contains_key(path));
        frontier = next;
    }
    Some(Declared {
        snapshot: assemble::snapshot(&files, entries)?,
        warnings: Vec::new(),
        files: files.into_keys().collect(),
        stubbed: Vec::new(),
    })
}

impl Linked {
    /// The files that it loads, in order.
    fn loads(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        self.file
            .loads
            .iter()
            .filter_map(|specifier| self.targets.get(specifier))
    }
}

/// Reads files in parallel; the first that has to be run ends it.
fn read_all(paths: &[Utf8PathBuf], resolver: &Resolver) -> Option<Vec<Linked>> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(paths.len().div_ceil(4));
    let (next, given_up) = (AtomicUsize::new(0), AtomicBool::new(false));
    let results: Mutex<Vec<(usize, Linked)>> = Mutex::default();
    let work = || {
        let mut allocator = Allocator::default();
        while !given_up.load(Ordering::Relaxed)
            && let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(path) = paths.get(at)
        {
            match read(path, resolver, &allocator) {
                Some(linked) => {
                    if let Ok(mut results) = results.lock() {
                        results.push((at, linked));
                    }
                }
                None => given_up.store(true, Ordering::Relaxed),
            }
            allocator.reset();
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Where no thread can be had, the others do its work.
            let _ = std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, work);
        }
        work();
    });
    let mut results = results.into_inner().ok()?;
    results.sort_unstable_by_key(|(at, _)| *at);
    (results.len() == paths.len()).then(|| results.into_iter().map(|(_, linked)| linked).collect())
}

fn read(path: &Utf8Path, resolver: &Resolver, allocator: &Allocator) -> Option<Linked> {
    // Types are taken away from these alone without looking at who uses what.
    if !matches!(path.extension(), Some("ts" | "mts")) {
        return None;
    }
    let text = fs_err::read_to_string(path).ok()?;
    let program = strip::parse(allocator, &text, path).ok()?;
    let file = read::file(&program)?;
    let mut targets = HashMap::new();
    for specifier in &file.loads {
        match resolver.resolve(path, specifier).ok()? {
            Target::File(target) => {
                targets.insert(specifier.clone(), target);
            }
            Target::Served(_) => {}
            Target::Stub(_) | Target::Types => return None,
        }
    }
    Some(Linked { file, targets })
}

#[cfg(test)]
mod tests;
