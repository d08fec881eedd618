//! One evaluation from files to snapshot: scan, run, extract, and again where that helps.

use super::engine::{self, Engine, Then};
use super::graph::Graph;
use super::kept;
use super::link;
use super::places::Places;
use super::resolve::{self, Resolver, Target};
use super::{Casing, Declared, Locations, SchemaRequest, files, plain, real_path, report};
use camino::Utf8PathBuf;
use driftless_diagnostic::{Diagnostic, Failure, Label, Result};
use driftless_migrations::snapshot::Snapshot;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Instant;

/// How often evaluation starts over with another package evaluated for real.
const RETRIES: usize = 3;

/// What the extractor answers.
#[derive(Deserialize)]
struct Output {
    snapshot: Box<RawValue>,
    /// Whether it depends on more than the files: the environment, the time.
    #[serde(default)]
    fickle: bool,
    findings: Vec<report::Finding>,
    #[serde(default)]
    positions: BTreeMap<String, String>,
}

/// One request, with its paths made real.
pub(super) struct Run<'a> {
    pub(super) request: &'a SchemaRequest,
    pub(super) root: Utf8PathBuf,
    pub(super) entries: Vec<Utf8PathBuf>,
    pub(super) subject: Subject,
    pub(super) spent: &'a Remains,
}

/// Engines to take apart when there is time.
pub(super) type Remains = RefCell<Vec<engine::Spent>>;

/// What is evaluated; it decides the codes of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Schema,
    Config,
}

/// A scanned project, ready to run.
pub(super) struct Scanned {
    resolver: Rc<Resolver>,
    graph: Graph,
}

impl<'a> Run<'a> {
    pub(super) fn new(request: &'a SchemaRequest, spent: &'a Remains) -> Result<Self> {
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

    pub(super) fn load(&self) -> Result<Declared> {
        if let Some(kept) = kept::get(self) {
            return Ok(kept);
        }
        if self.request.casing.is_none()
            && let Some(declared) = plain::load(&self.root, &self.entries)
        {
            return Ok(declared);
        }
        self.evaluate()
    }

    /// Runs the files, whether they could be read or not.
    pub(super) fn evaluate(&self) -> Result<Declared> {
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
        let failed = |found| {
            let mut found = report::sorted(found);
            let last = found.last_mut().into_iter();
            last.for_each(|one| one.help.extend(link::misspelt(&graph)));
            Err(Failure::new(found))
        };
        if report::any_error(&diagnostics) {
            return failed(diagnostics);
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
            return failed(diagnostics);
        }
        if diagnostics.is_empty() && !output.fickle && resolver.has_no_real() {
            kept::put(self, &graph, &resolver, output.snapshot.get());
        }
        Ok(Declared {
            snapshot,
            warnings: diagnostics,
            files: graph.files.keys().cloned().collect(),
            stubbed: graph.stood_in_for().map(str::to_owned).collect(),
        })
    }

    pub(super) fn locate(&self) -> Result<Locations> {
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

    /// A resolver that stands in for all packages but these.
    pub(super) fn resolver(&self, real: BTreeSet<String>) -> Resolver {
        let resolver = Resolver::new(&self.root, real);
        for entry in &self.entries {
            resolver.allow(entry);
        }
        resolver
    }

    /// Reads, strips, resolves and links everything that the entries reach.
    pub(super) fn scan(&self, real: &mut BTreeSet<String>) -> Result<Scanned> {
        loop {
            let resolver = self.resolver(real.clone());
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

    pub(super) fn run(
        &self,
        scanned: Scanned,
        positions: bool,
        then: &Then<'_>,
    ) -> Result<(Scanned, String)> {
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
