//! Which names modules take from each other, before they are linked.
//!
//! The engine refuses a module that imports a name its target lacks. TypeScript's world is
//! laxer: `export { Row } from "./types"` where `Row` is an interface is everyday code. So names
//! that are types become `undefined`, stand-ins get every name that is asked of them, and a name
//! that nobody declares is reported where it is written.

use super::graph::Graph;
use super::resolve::{Target, is_dependency};
use super::served;
use super::strip::{Format, ImportKind};
use super::text::module_name;
use camino::Utf8PathBuf;
use driftless_diagnostic::{Diagnostic, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A name taken by some module.
struct Want {
    target: Target,
    name: String,
    source: SourceFile,
    span: Range<usize>,
    specifier: String,
    ours: bool,
}

/// Completes every module with the names that others take from it.
pub(super) fn link(graph: &mut Graph) {
    let mut wants = Vec::new();
    for (path, file) in &graph.files {
        for import in &file.stripped.imports {
            let (ImportKind::Static, Some(target)) = (import.kind, &import.target) else {
                continue;
            };
            for (name, span) in &import.names {
                wants.push(Want {
                    target: target.clone(),
                    name: name.clone(),
                    source: file.source.clone(),
                    span: span.clone(),
                    specifier: import.specifier.clone(),
                    ours: !is_dependency(path) && !file.lazy,
                });
            }
            if import.star
                && let Some(problem) = opaque_star(graph, target, &file.source, import)
                && !is_dependency(path)
            {
                graph.problems.push(problem);
                return;
            }
        }
    }
    let ambiguous = ambiguous(graph);
    graph.problems.extend(ambiguous);
    let mut exports = BTreeMap::new();
    let mut linker = Linker {
        graph,
        exports: &mut exports,
    };
    for want in wants {
        if linker.provide(&want.target, &want.name, true, &mut BTreeSet::new()) {
            continue;
        }
        let Target::File(path) = &want.target else {
            continue;
        };
        let problem = missing(linker.graph, path, &want);
        if let Some(file) = linker.graph.files.get_mut(path) {
            file.missing.insert(want.name);
        }
        if want.ours {
            linker.graph.problems.push(problem);
        }
    }
}

struct Linker<'g> {
    graph: &'g mut Graph,
    exports: &'g mut BTreeMap<&'static str, BTreeSet<String>>,
}

impl Linker<'_> {
    /// Makes sure that `target` has an export `name`. `asked` is false while looking through
    /// `export *`, where one of several modules may have it.
    fn provide(
        &mut self,
        target: &Target,
        name: &str,
        asked: bool,
        seen: &mut BTreeSet<Utf8PathBuf>,
    ) -> bool {
        let path = match target {
            Target::Stub(specifier) => {
                let names = self.graph.stubs.entry(specifier.clone()).or_default();
                names.insert(name.to_owned());
                return true;
            }
            Target::Types => {
                self.graph.types.insert(name.to_owned());
                return true;
            }
            Target::Served(module) => {
                let known = self
                    .exports
                    .entry(module)
                    .or_insert_with(|| served::exports(module));
                if known.contains(name) {
                    return true;
                }
                if asked {
                    let names = self.graph.unknown.entry(module).or_default();
                    names.insert(name.to_owned());
                }
                return asked;
            }
            Target::File(path) => path,
        };
        if !seen.insert(path.clone()) {
            return false;
        }
        let Some(file) = self.graph.files.get_mut(path) else {
            return true; // it could not be read, which is reported
        };
        if file.stripped.format != Format::Module {
            file.wanted.insert(name.to_owned());
            return true;
        }
        if file.stripped.exports.contains(name) || file.missing.contains(name) {
            return true;
        }
        if file.stripped.types.contains(name) {
            file.missing.insert(name.to_owned());
            return true;
        }
        if name == "default" {
            return false;
        }
        let mut stars: Vec<Target> = file
            .stripped
            .imports
            .iter()
            .filter(|import| import.star)
            .filter_map(|import| import.target.clone())
            .collect();
        // A stand-in has every name, so it is asked last.
        stars.sort_by_key(|target| matches!(target, Target::Stub(_) | Target::Types));
        stars
            .iter()
            .any(|target| self.provide(target, name, false, seen))
    }
}

/// `export *` of what does not say which names it has would lose tables without a word.
fn opaque_star(
    graph: &Graph,
    target: &Target,
    source: &SourceFile,
    import: &super::strip::Import,
) -> Option<Diagnostic> {
    let Target::File(path) = target else {
        return None;
    };
    let file = graph.files.get(path)?;
    (file.stripped.format == Format::CommonJs).then(|| {
        Diagnostic::error(
            "commonjs-reexport",
            format!(
                "what {} exports cannot be seen through `export *`: it is CommonJS",
                file.source.path()
            ),
        )
        .at(source, import.span.clone(), "exported again here")
        .help("name what is exported again, or add the file to `schema`")
    })
}

/// Names that reach a file through two `export *` from different declarations: JavaScript then
/// exports neither, without a word.
fn ambiguous(graph: &Graph) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (path, file) in &graph.files {
        let stars: Vec<_> = file
            .stripped
            .imports
            .iter()
            .filter(|import| import.star)
            .collect();
        if stars.len() < 2 || is_dependency(path) || file.lazy {
            continue;
        }
        let mut first: BTreeMap<&str, (&Utf8PathBuf, &super::strip::Import)> = BTreeMap::new();
        let mut told = BTreeSet::new();
        for star in stars {
            let mut reached = BTreeMap::new();
            through(
                graph,
                star.target.as_ref(),
                &mut reached,
                &mut BTreeSet::new(),
            );
            for (name, home) in reached {
                if file.stripped.exports.contains(name) {
                    continue;
                }
                let (other, before) = *first.entry(name).or_insert((home, star));
                if other == home || !told.insert(name) {
                    continue;
                }
                let shown = |path: &Utf8PathBuf| graph.files[path].source.path().to_owned();
                found.push(
                    Diagnostic::error(
                        "ambiguous-export",
                        format!(
                            "{} exports no `{name}`: it is declared in {} and in {}",
                            file.source.path(),
                            shown(other),
                            shown(home)
                        ),
                    )
                    .at(&file.source, before.span.clone(), "from here")
                    .at(&file.source, star.span.clone(), "and from here")
                    .help("rename one of the two, or export one of them by name"),
                );
            }
        }
    }
    found
}

/// Names that `export *` of a target gives, and the file that declares each.
fn through<'g>(
    graph: &'g Graph,
    target: Option<&Target>,
    names: &mut BTreeMap<&'g str, &'g Utf8PathBuf>,
    seen: &mut BTreeSet<&'g Utf8PathBuf>,
) {
    let Some(Target::File(path)) = target else {
        return;
    };
    let Some((path, file)) = graph.files.get_key_value(path) else {
        return;
    };
    if !seen.insert(path) {
        return;
    }
    for name in &file.stripped.declared {
        names.entry(name).or_insert(path);
    }
    for import in file.stripped.imports.iter().filter(|import| import.star) {
        through(graph, import.target.as_ref(), names, seen);
    }
}

/// A sentence for each name that one of our own modules does not have, and has almost.
pub(super) fn misspelt(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    for (served, names) in &graph.unknown {
        let exports = served::exports(served);
        for name in names {
            if let Some(near) = nearest(name, &exports) {
                let module = module_name(served);
                found.push(format!("{module} has no `{name}`: did you mean `{near}`?"));
            }
        }
    }
    found
}

fn nearest<'e>(name: &str, exports: impl IntoIterator<Item = &'e String>) -> Option<&'e str> {
    let exports = exports.into_iter();
    exports
        .map(|export| (strsim::damerau_levenshtein(export, name), export))
        .filter(|(distance, _)| *distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, near)| near.as_str())
}

fn missing(graph: &Graph, path: &Utf8PathBuf, want: &Want) -> Diagnostic {
    let file = graph.files.get(path);
    let shown = file.map_or(path.as_str(), |file| file.source.path());
    let name = &want.name;
    let message = if name == "default" {
        format!("{shown} has no default export")
    } else {
        format!("{shown} exports no `{name}`")
    };
    let diagnostic = Diagnostic::error("missing-export", message).at(
        &want.source,
        want.span.clone(),
        "imported here",
    );
    let exports = file.iter().flat_map(|file| &file.stripped.exports);
    match nearest(name, exports) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("export it from `{}`", want.specifier)),
    }
}
