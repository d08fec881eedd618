//! What a run found, as diagnostics that point into the user's files.

use super::engine::{Reason, Thrown};
use super::places::Places;
use super::resolve::{Resolver, relative};
use super::{Limits, graph::Graph, run::Subject};
use camino::Utf8Path;
use driftless_diagnostic::{Diagnostic, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// What the extractor reports about one object.
#[derive(Debug, Deserialize)]
pub(super) struct Finding {
    code: String,
    severity: String,
    message: String,
    #[serde(default)]
    help: Lines,
    #[serde(default)]
    notes: Lines,
    /// The key of the object in the map of positions.
    object: Option<String>,
    /// Where it was made, or where the exception came from.
    stack: Option<String>,
    /// Further places: `[{ stack, label }]`.
    #[serde(default)]
    also: Vec<Also>,
    /// For a tainted value: where it comes from.
    pub(super) origin: Option<String>,
}

/// A further place of a finding.
#[derive(Debug, Deserialize)]
struct Also {
    stack: Option<String>,
    object: Option<String>,
    #[serde(default)]
    label: String,
}

/// One text or several.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Lines {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl Lines {
    fn iter(&self) -> impl Iterator<Item = &String> {
        match self {
            Self::None => [].iter(),
            Self::One(line) => std::slice::from_ref(line).iter(),
            Self::Many(lines) => lines.iter(),
        }
    }
}

impl Finding {
    pub(super) fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// The environment variable that a tainted value was to come from.
    fn variable(&self) -> Option<&str> {
        let tainted = self.code == "tainted-value";
        let (_, rest) = self
            .message
            .split_once("\"process.env.")
            .filter(|_| tainted)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        Some(&rest[..end.unwrap_or(rest.len())])
    }

    /// Whether the finding is about a value that came from a package.
    pub(super) fn blames(&self, package: &str) -> bool {
        self.code == "tainted-value"
            && match &self.origin {
                Some(origin) => origin
                    .strip_prefix(package)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['#', '/'])),
                None => ["#", "\"", "`"]
                    .iter()
                    .any(|end| self.message.contains(&format!("{package}{end}"))),
            }
    }

    pub(super) fn diagnostic(
        &self,
        positions: &BTreeMap<String, String>,
        places: &mut Places<'_>,
    ) -> Diagnostic {
        let code = interned(&self.code);
        let mut diagnostic = match self.severity.as_str() {
            "info" => Diagnostic::info(code, &self.message),
            "warning" => Diagnostic::warning(code, &self.message),
            _ => Diagnostic::error(code, &self.message),
        };
        let mut seen = Vec::new();
        // Of what is declared twice, the extractor remembers the second place as well.
        let again = self
            .object
            .as_ref()
            .filter(|_| self.code.starts_with("duplicate"))
            .and_then(|object| positions.get(&format!("{object} again")))
            .cloned();
        let stacks = std::iter::once((&self.stack, &self.object, ""))
            .chain(std::iter::once((&again, &None, "declared again here")))
            .chain(
                self.also
                    .iter()
                    .map(|a| (&a.stack, &a.object, a.label.as_str())),
            );
        for (stack, object, words) in stacks {
            let stack = stack.as_ref().or_else(|| positions.get(object.as_ref()?));
            let Some((source, range)) = stack.and_then(|stack| places.topmost(stack)) else {
                continue;
            };
            if !seen.contains(&(source.path().to_owned(), range.clone())) {
                seen.push((source.path().to_owned(), range.clone()));
                diagnostic = diagnostic.at(&source, range, words);
            }
        }
        for note in self.notes.iter() {
            diagnostic = diagnostic.note(note);
        }
        if let Some(variable) = self.variable() {
            return diagnostic.help(format!(
                "set {variable} in the environment or in .env, or give it a default: `process.env.{variable} ?? \"...\"`"
            ));
        }
        for help in self.help.iter() {
            diagnostic = diagnostic.help(help);
        }
        diagnostic
    }
}

/// The ends of files that did not run to their end.
pub(super) fn thrown(
    thrown: &[Thrown],
    graph: &Graph,
    resolver: &Resolver,
    root: &Utf8Path,
    limits: &Limits,
    subject: Subject,
) -> Vec<Diagnostic> {
    let mut places = Places::new(graph, resolver);
    thrown
        .iter()
        .map(|thrown| {
            broken(thrown, graph).unwrap_or_else(|| one(thrown, &mut places, root, limits, subject))
        })
        .collect()
}

/// The real reason when a file that was asked for while running could not be used.
fn broken(thrown: &Thrown, graph: &Graph) -> Option<Diagnostic> {
    let message = thrown.message.strip_prefix("SyntaxError: ")?;
    graph
        .files
        .values()
        .flat_map(|file| &file.stripped.problems)
        .find(|problem| problem.message == message)
        .cloned()
}

fn one(
    thrown: &Thrown,
    places: &mut Places<'_>,
    root: &Utf8Path,
    limits: &Limits,
    subject: Subject,
) -> Diagnostic {
    let frames = places.all(&thrown.stack);
    let file = match (frames.first(), &thrown.entry) {
        (Some((source, _)), _) => source.path().to_owned(),
        (None, Some(entry)) => relative(root, entry),
        (None, None) => "the schema".to_owned(),
    };
    let code = |schema, config| match subject {
        Subject::Schema => schema,
        Subject::Config => config,
    };
    let mut diagnostic = match thrown.reason {
        Reason::Exception => Diagnostic::error(
            code("schema-exception", "config-exception"),
            format!("{file} cannot be evaluated: {}", thrown.message),
        ),
        Reason::Time => Diagnostic::error(
            code("schema-timeout", "config-timeout"),
            format!("{file} is not done after {:?}", limits.time),
        )
        .help("look for a loop that does not end"),
        Reason::Memory => Diagnostic::error(
            code("schema-memory", "config-memory"),
            format!(
                "{file} needs more than {} MiB of memory",
                limits.memory >> 20
            ),
        )
        .help("look for a list or a text that grows without end"),
        Reason::Recursion => Diagnostic::error(
            code("schema-recursion", "config-recursion"),
            format!("{file} calls functions within functions too deeply"),
        )
        .help("look for a function that calls itself without end"),
        Reason::Await => Diagnostic::error(
            code("schema-await", "config-await"),
            format!("{file} awaits what never comes"),
        )
        .note("nothing answers while the file is evaluated: there is no network and no process")
        .help("take the top-level `await` out, or do not import it from here"),
    };
    let recursion = thrown.reason == Reason::Recursion;
    for (at, (source, range)) in frames
        .iter()
        .enumerate()
        .take(if recursion { 1 } else { 3 })
    {
        let words = if at == 0 { "" } else { "called from here" };
        diagnostic = diagnostic.at(source, range.clone(), words);
    }
    if thrown.reason == Reason::Exception
        && let Some(help) = advice(&thrown.message)
    {
        diagnostic = diagnostic.help(help);
    }
    diagnostic
}

/// What usually lies behind an exception.
fn advice(message: &str) -> Option<&'static str> {
    let message = message.to_lowercase();
    if message.contains("is not initialized") || message.contains("before initialization") {
        return Some(
            "files that import each other are run one after the other: use the other file's table \
             only inside a function, as in `.references(() => users.id)`",
        );
    }
    if message.contains("not a function") {
        return Some(
            "check the name of the method; drizzle-orm 0.45's pg-core is what can be used",
        );
    }
    None
}

/// Codes are few, and the same ones again and again: each is kept once for good.
fn interned(code: &str) -> &'static str {
    static CODES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let Ok(mut codes) = CODES.lock() else {
        return "schema-finding";
    };
    if let Some(known) = codes.iter().find(|known| **known == code) {
        return known;
    }
    let new: &'static str = Box::leak(code.to_owned().into_boxed_str());
    codes.push(new);
    new
}

/// Errors first, each group in the order found.
pub(super) fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|d| std::cmp::Reverse(d.severity));
    diagnostics
}

/// Whether any of them fails the command.
pub(super) fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}
