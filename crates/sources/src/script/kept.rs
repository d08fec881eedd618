//! Large schemas that were evaluated before, kept by everything that led to them.
//!
//! A wrong hit must be impossible: an entry names every file with the hash of its text and every
//! import with what it led to, and carries a hash of its own. What looked at more than files, such as
//! the environment or the time, is not kept, nor is what has anything to be said about.

use std::fs;
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Declared;
use super::graph::{File, Graph};
use super::resolve::Resolver;
use super::run::Run;

/// Where evaluated schemas are kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// A folder, which need not exist.
    pub folder: PathBuf,
    /// What tells one build of the evaluator from another.
    pub maker: String,
}

/// Bytes of source from which evaluating is felt.
const LARGE: usize = 64 << 10;

/// Entries that stay; the oldest go.
const ENTRIES: usize = 20;

/// What an evaluation read.
#[derive(Serialize, Deserialize)]
struct Inputs {
    files: Vec<(Utf8PathBuf, String)>,
    /// File, specifier and the module that it means.
    imports: Vec<(Utf8PathBuf, String, Option<String>)>,
    stubbed: Vec<String>,
}

/// The schema of a run, where nothing that leads to it has changed since.
pub(super) fn get(run: &Run<'_>) -> Option<Declared> {
    let text = fs::read_to_string(path(run)?).ok()?;
    let (sum, rest) = text.split_once('\n')?;
    if sum != hash(rest.as_bytes()) {
        return None;
    }
    let (inputs, snapshot) = rest.split_once('\n')?;
    let inputs: Inputs = serde_json::from_str(inputs).ok()?;
    let same = |(path, sum): &(Utf8PathBuf, String)| {
        fs::read(path).is_ok_and(|bytes| hash(&bytes) == *sum)
    };
    if !inputs.files.iter().all(same) {
        return None;
    }
    let resolver = run.resolver();
    let leads = |(from, specifier, target): &(Utf8PathBuf, String, Option<String>)| {
        meaning(&resolver, from, specifier) == *target
    };
    if !inputs.imports.iter().all(leads) {
        return None;
    }
    Some(Declared {
        snapshot: serde_json::from_str(snapshot).ok()?,
        warnings: Vec::new(),
        files: inputs.files.into_iter().map(|(path, _)| path).collect(),
        stubbed: inputs.stubbed,
    })
}

/// Keeps what a run came to, as JSON. A folder that cannot be written just means that nothing is kept.
pub(super) fn put(run: &Run<'_>, graph: &Graph, resolver: &Resolver, snapshot: &str) {
    let Some(inputs) = inputs(run, graph, resolver) else {
        return;
    };
    let (Some(path), Some(kept)) = (path(run), &run.request.kept) else {
        return;
    };
    let Ok(inputs) = serde_json::to_string(&inputs) else {
        return;
    };
    // A line each: JSON of one line has no other line breaks than those that are escaped.
    let rest = format!("{inputs}\n{snapshot}");
    let new = kept.folder.join(format!("new-{}", std::process::id()));
    let text = format!("{}\n{rest}", hash(rest.as_bytes()));
    let done = fs::create_dir_all(&kept.folder)
        .and_then(|()| fs::write(&new, text))
        .and_then(|()| fs::rename(&new, path));
    if done.is_err() {
        let _ = fs::remove_file(&new);
    }
    forget_oldest(kept);
}

fn inputs(run: &Run<'_>, graph: &Graph, resolver: &Resolver) -> Option<Inputs> {
    let sizes = graph.files.values().map(|file| file.source.text().len());
    if sizes.sum::<usize>() < LARGE {
        return None;
    }
    let mut reached: Vec<&Utf8Path> = run.entries.iter().map(Utf8PathBuf::as_path).collect();
    let mut imports = Vec::new();
    for (from, file) in &graph.files {
        for import in &file.stripped.imports {
            // A package that is exported again may turn out to make tables once it is installed.
            let is_stub = matches!(&import.target, Some(super::resolve::Target::Stub(_)));
            if is_stub && import.again {
                return None;
            }
            if let Some(super::resolve::Target::File(path)) = &import.target {
                reached.push(path);
            }
            let target = meaning(resolver, from, &import.specifier);
            imports.push((from.clone(), import.specifier.clone(), target));
        }
    }
    // What running code asked for by a name of its own making is not known beforehand.
    let is_reached = |path: &Utf8PathBuf| reached.contains(&path.as_path());
    if !graph.files.keys().all(is_reached) {
        return None;
    }
    let read =
        |(path, file): (&Utf8PathBuf, &File)| (path.clone(), hash(file.source.text().as_bytes()));
    Some(Inputs {
        files: graph.files.iter().map(read).collect(),
        imports,
        stubbed: graph.stood_in_for().map(str::to_owned).collect(),
    })
}

fn meaning(resolver: &Resolver, from: &Utf8Path, specifier: &str) -> Option<String> {
    let target = resolver.resolve(from, specifier).ok()?;
    Some(target.id())
}

/// The file of an entry; nothing where nothing is to be kept.
fn path(run: &Run<'_>) -> Option<PathBuf> {
    let kept = run.request.kept.as_ref()?;
    let mut key = Sha256::new();
    let casing = format!("{:?} {}", run.request.casing, run.request.allow_empty);
    let version = env!("CARGO_PKG_VERSION");
    let texts = [version, &kept.maker, run.root.as_str(), &casing].into_iter();
    for text in texts.chain(run.entries.iter().map(|entry| entry.as_str())) {
        // With its length, so that no two lists look alike.
        key.update(text.len().to_le_bytes());
        key.update(text);
    }
    Some(kept.folder.join(hex(&key.finalize())))
}

fn forget_oldest(kept: &Kept) {
    let entries = fs::read_dir(&kept.folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    entries.sort();
    let surplus = entries.len().saturating_sub(ENTRIES);
    for (_, path) in &entries[..surplus] {
        let _ = fs::remove_file(path);
    }
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
