//! Every file that the schema reaches, stripped, before any of it runs.

use super::resolve::{Resolver, Target, is_dependency};
use super::strip::{self, Format, ImportKind, Stripped};
use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Files by real path, and what was asked of everything else.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) files: BTreeMap<Utf8PathBuf, File>,
    /// Names taken from stand-ins, by specifier.
    pub(super) stubs: BTreeMap<String, BTreeSet<String>>,
    /// Names taken from our own modules that they do not have.
    pub(super) unknown: BTreeMap<&'static str, BTreeSet<String>>,
    /// Names taken from `.d.ts` files.
    pub(super) types: BTreeSet<String>,
    /// What is wrong with files that will certainly run.
    pub(super) problems: Vec<Diagnostic>,
}

/// One file.
pub(super) struct File {
    pub(super) source: SourceFile,
    pub(super) stripped: Stripped,
    /// Exports that exist as types only, or not at all: `undefined`.
    pub(super) missing: BTreeSet<String>,
    /// For JSON and CommonJS: the names that others take from it.
    pub(super) wanted: BTreeSet<String>,
    /// Whether the file runs only if other code asks for it while running.
    pub(super) lazy: bool,
}

impl Graph {
    /// Reads and strips `entries` and all that they import, in parallel.
    pub(super) fn scan(&mut self, entries: &[Utf8PathBuf], resolver: &Resolver) {
        self.reach(entries.to_vec(), resolver, false);
        let lazy = self.asked_for(|kind| kind != ImportKind::Static);
        self.reach(lazy, resolver, true);
    }

    /// Reads and strips one more file, asked for by running code.
    pub(super) fn add(&mut self, path: &Utf8Path, resolver: &Resolver) {
        self.reach(vec![path.to_owned()], resolver, true);
    }

    /// Every file by path, or by the name that it has in the engine.
    pub(super) fn file(&self, id: &str) -> Option<&File> {
        self.files.get(Utf8Path::new(id))
    }

    /// Specifiers that got a stand-in.
    pub(super) fn stood_in_for(&self) -> impl Iterator<Item = &str> {
        let all: BTreeSet<&str> = self
            .files
            .values()
            .flat_map(|file| &file.stripped.imports)
            .filter_map(|import| match &import.target {
                Some(Target::Stub(specifier)) => Some(specifier.as_str()),
                _ => None,
            })
            .collect();
        all.into_iter()
    }

    fn reach(&mut self, mut frontier: Vec<Utf8PathBuf>, resolver: &Resolver, lazy: bool) {
        while !frontier.is_empty() {
            frontier.retain(|path| !self.files.contains_key(path));
            let mut seen = BTreeSet::new();
            frontier.retain(|path| seen.insert(path.clone()));
            let mut next = Vec::new();
            for (path, read) in frontier.iter().zip(read_all(&frontier, resolver)) {
                match read {
                    Ok(mut file) => {
                        for import in &file.stripped.imports {
                            if let (true, Some(Target::File(target))) =
                                (lazy || import.kind == ImportKind::Static, &import.target)
                            {
                                next.push(target.clone());
                            }
                        }
                        file.lazy = lazy;
                        if !lazy && !is_dependency(path) {
                            self.problems.append(&mut file.stripped.problems);
                        }
                        self.files.insert(path.clone(), file);
                    }
                    Err(problem) => self.problems.push(problem),
                }
            }
            frontier = next;
        }
    }

    fn asked_for(&self, how: impl Fn(ImportKind) -> bool) -> Vec<Utf8PathBuf> {
        self.files
            .values()
            .flat_map(|file| &file.stripped.imports)
            .filter(|import| how(import.kind))
            .filter_map(|import| match &import.target {
                Some(Target::File(path)) => Some(path.clone()),
                _ => None,
            })
            .collect()
    }

    /// What a file gets by `require()`, directly or through CommonJS files, that is not itself
    /// CommonJS or data: it has to be imported first.
    pub(super) fn hoisted(&self, path: &Utf8Path) -> BTreeSet<String> {
        let mut hoisted = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut todo = vec![path.to_owned()];
        while let Some(path) = todo.pop() {
            let Some(file) = self.files.get(&path).filter(|_| seen.insert(path.clone())) else {
                continue;
            };
            for import in &file.stripped.imports {
                if import.kind != ImportKind::Required {
                    continue;
                }
                match &import.target {
                    Some(Target::File(target)) => match self.files.get(target) {
                        Some(f) if f.stripped.format == Format::Module => {
                            hoisted.insert(target.to_string());
                        }
                        _ => todo.push(target.clone()),
                    },
                    Some(target @ (Target::Served(_) | Target::Types)) => {
                        hoisted.insert(target.id());
                    }
                    _ => {}
                }
            }
        }
        hoisted
    }
}

fn read_all(paths: &[Utf8PathBuf], resolver: &Resolver) -> Vec<Result<File, Diagnostic>> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(paths.len().div_ceil(4));
    if threads < 2 {
        return paths.iter().map(|path| read(path, resolver)).collect();
    }
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Result<File, Diagnostic>)>> = Mutex::default();
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(at) else {
                break;
            };
            let file = read(path, resolver);
            if let Ok(mut results) = results.lock() {
                results.push((at, file));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Where no thread can be had, the others do its work.
            let _ = std::thread::Builder::new()
                .stack_size(super::STACK)
                .spawn_scoped(scope, work);
        }
        work();
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, file)| file).collect()
}

fn read(path: &Utf8Path, resolver: &Resolver) -> Result<File, Diagnostic> {
    let shown = resolver.shown(path);
    let bytes = fs_err::read(path).map_err(|error| {
        let reason = std::error::Error::source(&error).map_or_else(
            || error.kind().to_string(),
            std::string::ToString::to_string,
        );
        Diagnostic::error(
            "unreadable-file",
            format!("{shown} cannot be read: {reason}"),
        )
        .help("check that the file exists and may be read")
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Diagnostic::error(
            "unreadable-file",
            format!("{shown} cannot be read: it is not UTF-8 text (byte {at})"),
        )
        .help("save the file as UTF-8")
    })?;
    let source = SourceFile::new(shown, text);
    let stripped = strip::strip(&source, path, resolver, false);
    Ok(File {
        source,
        stripped,
        missing: BTreeSet::new(),
        wanted: BTreeSet::new(),
        lazy: false,
    })
}
