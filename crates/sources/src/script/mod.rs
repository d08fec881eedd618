//! Evaluating `schema.ts` without Node.
//!
//! Files are stripped of types (oxc) and run (QuickJS) against our own `drizzle-orm`, whose
//! extractor writes the snapshot that drizzle-kit 0.31 would write. The user's own files really
//! run; packages are stand-ins whose values are errors only where they reach DDL. Files that only
//! declare need no run: `plain` reads them.

mod calls;
mod engine;
mod files;
pub(crate) mod glob;
mod graph;
mod kept;
mod link;
mod loader;
mod places;
mod plain;
mod report;
mod resolve;
mod rewrite;
mod run;
mod served;
mod strip;
mod text;
mod unresolved;

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Label, Result};
use driftless_migrations::snapshot::Snapshot;
use engine::Then;
pub use kept::Kept;
pub(crate) use resolve::{package_of, relative};
use run::{Remains, Run, Subject};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Stack of the threads that parse and run; half of it is the script's.
const STACK: usize = 16 << 20;

/// What to evaluate.
#[derive(Debug, Clone)]
pub struct SchemaRequest {
    /// The project: relative patterns start here, and messages name files as seen from here.
    pub root: Utf8PathBuf,
    /// Files, globs and folders (their direct files), as `schema` of the config has them.
    pub files: Vec<String>,
    /// How names are made for columns that have none.
    pub casing: Option<Casing>,
    /// What `process.env` shows; a variable that is not in it counts as unset.
    pub env: BTreeMap<String, String>,
    /// What evaluation may use.
    pub limits: Limits,
    /// Accept a schema without tables and views, which otherwise is an error.
    pub allow_empty: bool,
    /// Where large schemas are kept once they are evaluated.
    pub kept: Option<Kept>,
}

/// `casing` of the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Casing {
    /// `createdAt` becomes `created_at`.
    SnakeCase,
    /// `created_at` becomes `createdAt`.
    CamelCase,
}

/// What evaluation may use.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes for everything the scripts make.
    pub memory: usize,
    /// Wall-clock time for one run.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 256 << 20,
            time: Duration::from_secs(10),
        }
    }
}

/// What the schema files declare.
#[derive(Debug)]
pub struct Declared {
    /// What drizzle-kit would write, with empty `id` and `prev_id`.
    pub snapshot: Snapshot,
    /// What looks wrong but does not matter for the snapshot.
    pub warnings: Vec<Diagnostic>,
    /// Every file that was read, as real paths.
    pub files: Vec<Utf8PathBuf>,
    /// Imports that were stood in for.
    pub stubbed: Vec<String>,
}

/// Where the objects of a schema are declared; see [`locate`].
#[derive(Debug, Default)]
pub struct Locations(BTreeMap<String, Label>);

impl Locations {
    /// The place of an object by its key: `table public.users`, `column public.users.email`,
    /// `index public.users_email_idx`, `enum public.mood`.
    pub fn get(&self, key: &str) -> Option<&Label> {
        self.0.get(key)
    }

    /// Every key and its place.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Label)> {
        self.0.iter().map(|(key, label)| (key.as_str(), label))
    }
}

/// Evaluates the schema.
pub fn load(request: &SchemaRequest) -> Result<Declared> {
    let request = request.clone();
    on_a_large_stack(move |remains| Run::new(&request, remains)?.load())
}

/// Evaluates the schema once more to find out where its objects are declared.
///
/// Costs as much as [`load`]; meant for when a diagnostic has to be placed.
pub fn locate(request: &SchemaRequest) -> Result<Locations> {
    let request = request.clone();
    on_a_large_stack(move |remains| Run::new(&request, remains)?.locate())
}

/// Evaluates one file of a project and describes its default export as JSON (see host/config.js),
/// with these packages evaluated for real.
pub(crate) fn value(
    root: &Utf8Path,
    file: &Utf8Path,
    env: &BTreeMap<String, String>,
    limits: &Limits,
    real: &BTreeSet<String>,
) -> Result<String> {
    let request = SchemaRequest {
        root: root.to_owned(),
        files: Vec::new(),
        casing: None,
        env: env.clone(),
        limits: limits.clone(),
        allow_empty: true,
        kept: None,
    };
    let (root, file, mut real) = (real_path(root)?, real_path(file)?, real.clone());
    on_a_large_stack(move |remains| {
        let run = Run {
            request: &request,
            root,
            entries: vec![file],
            subject: Subject::Config,
            spent: remains,
        };
        let scanned = run.scan(&mut real)?;
        Ok(run.run(scanned, false, &Then::Describe)?.1)
    })
}

/// The path without links; an error that says what to check.
pub(crate) fn real_path(path: &Utf8Path) -> Result<Utf8PathBuf> {
    path.canonicalize_utf8().map_err(|error| {
        Diagnostic::error(
            "project-not-found",
            format!("{path} cannot be opened: {error}"),
        )
        .help("check the directory given with -C")
        .into()
    })
}

/// Parses a file for looking at it rather than running it; nothing where it cannot be parsed.
pub(crate) fn parse<'a>(
    allocator: &'a oxc::allocator::Allocator,
    text: &'a str,
    path: &Utf8Path,
) -> Option<oxc::ast::ast::Program<'a>> {
    strip::parse(allocator, text, path).ok()
}

/// Runs `work` where deep recursion has room.
///
/// What is left of the engine is taken apart after the answer has been handed over: freeing half
/// a million objects takes as long as a good part of making them.
fn on_a_large_stack<T: Send + 'static>(
    work: impl FnOnce(&Remains) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (answer, receiver) = std::sync::mpsc::channel();
    std::thread::Builder::new()
        .name("schema".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            let remains = Remains::default();
            let result = work(&remains);
            // Nobody waits any more only if the caller is gone.
            let _ = answer.send(result);
        })
        .map_err(|error| {
            Diagnostic::error("internal", format!("no thread could be started: {error}"))
        })?;
    receiver.recv().unwrap_or_else(|_| {
        Err(Diagnostic::error(
            "internal",
            "evaluating the schema stopped by a bug of Driftless",
        )
        .help("please report this with the schema")
        .into())
    })
}
