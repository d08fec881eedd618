//! Evaluating `schema.ts` without Node.
//!
//! Files are stripped of types (oxc) and run (QuickJS) against our own `drizzle-orm`, whose
//! extractor writes the snapshot that drizzle-kit 0.31 would write. The user's own files really
//! run; packages are stand-ins whose values are errors only where they reach DDL.

mod calls;
mod engine;
mod files;
mod glob;
mod graph;
mod link;
mod places;
mod report;
mod resolve;
mod rewrite;
mod served;
mod strip;
mod text;
mod unresolved;

use camino::{Utf8Path, Utf8PathBuf};
use driftless_diagnostic::{Diagnostic, Failure, Label, Result};
use driftless_migrations::snapshot::Snapshot;
use engine::{Engine, Then};
use graph::Graph;
use places::Places;
use resolve::{Resolver, Target};
pub(crate) use resolve::{package_of, relative};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Stack of the threads that parse and run; half of it is the script's.
const STACK: usize = 16 << 20;

/// How often evaluation starts over with another package evaluated for real.
const RETRIES: usize = 3;

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

/// What the extractor answers.
#[derive(Deserialize)]
struct Output {
    snapshot: Box<RawValue>,
    findings: Vec<report::Finding>,
    #[serde(default)]
    positions: BTreeMap<String, String>,
}

/// One request, with its paths made real.
struct Run<'a> {
    request: &'a SchemaRequest,
    root: Utf8PathBuf,
    entries: Vec<Utf8PathBuf>,
    subject: Subject,
    spent: &'a Remains,
}

/// Engines to take apart when there is time.
type Remains = RefCell<Vec<engine::Spent>>;

/// What is evaluated; it decides the codes of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Schema,
    Config,
}

/// A scanned project, ready to run.
struct Scanned {
    resolver: Rc<Resolver>,
    graph: Graph,
}

impl<'a> Run<'a> {
    fn new(request: &'a SchemaRequest, spent: &'a Remains) -> Result<Self> {
        let root = real_path(&request.root)?;
        let entries = files::named(&root, &request.files)?;
        Ok(Self {
            request,
            root,
            entries,
            subject: Subject::Schema,
            spent,
        })
    }

    fn load(&self) -> Result<Declared> {
        let mut real = BTreeSet::new();
        let mut first: Option<(Scanned, Output)> = None;
        for _ in 0..=RETRIES {
            let outcome = self
                .scan(&mut real)
                .and_then(|scanned| self.extract(scanned, false));
            let (scanned, output) = match (outcome, first.take()) {
                (Ok(outcome), _) => outcome,
                // With packages evaluated for real it went worse: report what came before.
                (Err(_), Some(before)) => return self.finish(before.0, before.1),
                (Err(failure), None) => return Err(failure),
            };
            let blamed = blamed(&scanned.graph, &output, &real);
            if blamed.is_empty() {
                return self.finish(scanned, output);
            }
            real.extend(blamed);
            first = Some((scanned, output));
        }
        match first {
            Some((scanned, output)) => self.finish(scanned, output),
            None => Err(Failure::new(Vec::new())),
        }
    }

    /// Places what was found, if anything was.
    fn finish(&self, scanned: Scanned, output: Output) -> Result<Declared> {
        let (scanned, output) = if output.findings.is_empty() {
            (scanned, output)
        } else {
            self.extract(scanned, true)?
        };
        let Scanned { resolver, graph } = scanned;
        let mut places = Places::new(&graph, &resolver);
        let mut diagnostics: Vec<Diagnostic> = output
            .findings
            .iter()
            .filter(|finding| !(self.request.allow_empty && finding.is("no-tables")))
            .map(|finding| {
                let diagnostic = finding.diagnostic(&output.positions, &mut places);
                if finding.is("no-tables") {
                    self.with_files(diagnostic)
                } else {
                    diagnostic
                }
            })
            .collect();
        if report::any_error(&diagnostics) {
            return Err(Failure::new(report::sorted(diagnostics)));
        }
        let snapshot: Snapshot =
            serde_json::from_str(output.snapshot.get()).map_err(|error| not_understood(&error))?;
        // Tables that were built and not exported are what a missing `export` looks like.
        let forgotten = output
            .findings
            .iter()
            .any(|finding| finding.is("unexported-table"));
        let bare = snapshot.tables.is_empty() && snapshot.views.is_empty();
        let nothing = bare
            && snapshot.enums.is_empty()
            && snapshot.schemas.is_empty()
            && snapshot.sequences.is_empty()
            && snapshot.roles.is_empty()
            && snapshot.policies.is_empty();
        if !self.request.allow_empty && (nothing || bare && forgotten) {
            diagnostics.push(
                self.with_files(
                    Diagnostic::error("no-tables", "the schema declares no table and no view")
                        .note("taken at its word, every table of the history would be dropped")
                        .help("export the tables from files that `schema` names"),
                ),
            );
            return Err(Failure::new(report::sorted(diagnostics)));
        }
        Ok(Declared {
            snapshot,
            warnings: diagnostics,
            files: graph.files.keys().cloned().collect(),
            stubbed: graph.stood_in_for().map(str::to_owned).collect(),
        })
    }

    fn locate(&self) -> Result<Locations> {
        let scanned = self.scan(&mut BTreeSet::new())?;
        let (scanned, output) = self.extract(scanned, true)?;
        let mut places = Places::new(&scanned.graph, &scanned.resolver);
        let located = output.positions.iter().filter_map(|(key, stack)| {
            let (source, range) = places.topmost(stack)?;
            let label = Label {
                source,
                start: range.start,
                end: range.end,
                message: String::new(),
            };
            Some((key.clone(), label))
        });
        Ok(Locations(located.collect()))
    }

    /// Reads, strips, resolves and links everything that the entries reach.
    fn scan(&self, real: &mut BTreeSet<String>) -> Result<Scanned> {
        loop {
            let resolver = Resolver::new(&self.root, real.clone());
            for entry in &self.entries {
                resolver.allow(entry);
            }
            let mut graph = Graph::default();
            graph.scan(&self.entries, &resolver);
            let tables = tables_from_packages(&graph, &resolver, real);
            if !tables.is_empty() {
                real.extend(tables);
                continue;
            }
            link::link(&mut graph);
            if !graph.problems.is_empty() {
                return Err(Failure::new(graph.problems));
            }
            return Ok(Scanned {
                resolver: Rc::new(resolver),
                graph,
            });
        }
    }

    fn extract(&self, scanned: Scanned, positions: bool) -> Result<(Scanned, Output)> {
        let names: Vec<String> = self
            .entries
            .iter()
            .map(|entry| scanned.resolver.shown(entry))
            .collect();
        let casing = match self.request.casing {
            None => "null",
            Some(Casing::SnakeCase) => "\"snake_case\"",
            Some(Casing::CamelCase) => "\"camelCase\"",
        };
        let options = format!("{{\"casing\":{casing},\"positions\":{positions}}}");
        let (scanned, text) = self.run(scanned, positions, &Then::Extract(&names, &options))?;
        let output = serde_json::from_str(&text).map_err(|error| not_understood(&error))?;
        Ok((scanned, output))
    }

    fn run(&self, scanned: Scanned, positions: bool, then: &Then<'_>) -> Result<(Scanned, String)> {
        let Scanned { resolver, graph } = scanned;
        let engine = Engine {
            resolver: &resolver,
            root: &self.root,
            env: &self.request.env,
            limits: &self.request.limits,
            deadline: Instant::now() + self.request.limits.time,
            positions,
        };
        let (graph, result, spent) = engine.run(graph, &self.entries, then);
        self.spent.borrow_mut().extend(spent);
        match result {
            Ok(text) => Ok((Scanned { resolver, graph }, text)),
            Err(thrown) => Err(Failure::new(report::thrown(
                &thrown,
                &graph,
                &resolver,
                &self.root,
                &self.request.limits,
                self.subject,
            ))),
        }
    }

    fn with_files(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        for entry in &self.entries {
            diagnostic = diagnostic.note(format!("read {}", resolve::relative(&self.root, entry)));
        }
        diagnostic
    }
}

/// Packages whose stand-ins reached DDL and that are installed, so may be evaluated.
fn blamed(graph: &Graph, output: &Output, real: &BTreeSet<String>) -> BTreeSet<String> {
    graph
        .stood_in_for()
        .map(|specifier| resolve::package_of(specifier).to_owned())
        .filter(|package| !real.contains(package))
        .filter(|package| {
            output
                .findings
                .iter()
                .any(|finding| finding.blames(package))
        })
        .collect()
}

/// Installed packages that a file exports again and that make tables: as stand-ins their tables
/// would be lost without a word.
fn tables_from_packages(
    graph: &Graph,
    resolver: &Resolver,
    real: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, file) in &graph.files {
        for import in &file.stripped.imports {
            let Some(Target::Stub(specifier)) = &import.target else {
                continue;
            };
            let package = resolve::package_of(specifier);
            if import.again
                && !resolve::is_dependency(path)
                && !real.contains(package)
                && resolver.makes_tables(path, specifier)
            {
                found.insert(package.to_owned());
            }
        }
    }
    found
}

fn not_understood(error: &serde_json::Error) -> Failure {
    Diagnostic::error(
        "internal",
        format!("the extracted schema is not understood: {error}"),
    )
    .help("please report this with the schema")
    .into()
}

fn real_path(path: &Utf8Path) -> Result<Utf8PathBuf> {
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
