//! Large schemas that were evaluated before, kept by everything that led to them.
//!
//! A wrong hit must be impossible: an entry names every file with the hash of its text and every
//! import with what it led to. What looked at more than files, such as
//! the environment or the time, is not kept, nor is what has anything to be said about.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};
use driftless_migrations::sha256;
use driftless_postgres::TextCache;
use serde::{Deserialize, Serialize};

use super::Declared;
use super::graph::{File, Graph};
use super::resolve::{Resolver, Target};
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

/// Entries that stay.
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
    let (cache, name) = place(run)?;
    let text = cache.get(&name)?;
    let (inputs, snapshot) = text.split_once('\n')?;
    let inputs: Inputs = serde_json::from_str(inputs).ok()?;
    let same = |(path, sum): &(Utf8PathBuf, String)| {
        fs::read(path).is_ok_and(|bytes| sha256(&bytes) == *sum)
    };
    if !inputs.files.iter().all(same) {
        return None;
    }
    let resolver = run.resolver(BTreeSet::new());
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

/// Keeps what a run came to, as JSON.
pub(super) fn put(run: &Run<'_>, graph: &Graph, resolver: &Resolver, snapshot: &str) {
    let Some((cache, name)) = place(run) else {
        return;
    };
    let inputs = inputs(run, graph, resolver);
    if let Some(Ok(inputs)) = inputs.map(|inputs| serde_json::to_string(&inputs)) {
        // JSON on one line, and behind it whatever the snapshot is.
        cache.put(&name, &format!("{inputs}\n{snapshot}"));
    }
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
            let is_stub = matches!(&import.target, Some(Target::Stub(_)));
            if is_stub && import.again {
                return None;
            }
            if let Some(Target::File(path)) = &import.target {
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
        |(path, file): (&Utf8PathBuf, &File)| (path.clone(), sha256(file.source.text().as_bytes()));
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

/// Where an entry is; nothing where nothing is to be kept.
fn place(run: &Run<'_>) -> Option<(TextCache, String)> {
    let kept = run.request.kept.as_ref()?;
    let options = format!("{:?} {}", run.request.casing, run.request.allow_empty);
    let version = env!("CARGO_PKG_VERSION");
    let texts = [version, &kept.maker, run.root.as_str(), &options].into_iter();
    let texts = texts.chain(run.entries.iter().map(|entry| entry.as_str()));
    let name = TextCache::name(texts.map(str::as_bytes));
    Some((TextCache::new(kept.folder.clone(), ENTRIES), name))
}
