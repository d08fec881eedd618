//! What is said about statements that failed: those at fault themselves, not those that need them.

use super::Sources;
use super::order::Order;
use super::prepare::Prepared;
use super::run::{Loading, Problem, server_at};
use super::scan::{Class, Definition};
use driftless_diagnostic::{Diagnostic, Failure};
use driftless_postgres::QueryError;
use std::collections::{BTreeMap, BTreeSet};

/// Names listed in one note.
const LISTED: usize = 60;

/// All root causes, in the order of the files.
pub(super) fn failure(
    loading: &Loading<'_>,
    order: &Order,
    sources: &Sources,
    available: &BTreeSet<String>,
) -> Failure {
    let (statements, failed) = (loading.statements, &loading.failed);
    let needs: BTreeMap<usize, BTreeSet<usize>> = failed
        .iter()
        .map(|(at, problem)| (*at, failed_needs(*at, problem, statements, failed, order)))
        .collect();
    let mut roots: BTreeSet<usize> = needs
        .iter()
        .filter(|(_, needs)| needs.is_empty())
        .map(|(at, _)| *at)
        .collect();
    let mut explained = roots.clone();
    while let Some(more) = needs
        .iter()
        .find(|(at, needs)| !explained.contains(at) && !needs.is_disjoint(&explained))
    {
        explained.insert(*more.0);
    }
    // What is left needs each other.
    let circle: BTreeSet<usize> = failed
        .keys()
        .copied()
        .filter(|at| !explained.contains(at))
        .collect();
    roots.extend(&circle);
    let blamed = |at: &usize| matches!(failed[at], Problem::NoExtension);
    if roots.iter().any(blamed) {
        // Types and functions of the extension are in nobody's files.
        roots.retain(|at| blamed(at) || !perhaps_of_extension(&failed[at], statements));
    }
    let mut diagnostics: Vec<Diagnostic> = roots
        .iter()
        .map(|at| {
            let diagnostic = one(*at, statements, &failed[at], sources, available);
            if circle.contains(at) && circle.len() > 1 {
                return diagnostic.note("it waits for another statement that waits for this one");
            }
            diagnostic
        })
        .collect();
    let waiting = failed.len() - roots.len();
    if waiting > 0
        && let Some(last) = diagnostics.last_mut()
    {
        let them = if diagnostics_are_one(&roots) {
            "this one"
        } else {
            "these"
        };
        let (number, verb) = if waiting == 1 {
            ("1 more statement".to_owned(), "fails")
        } else {
            (format!("{waiting} more statements"), "fail")
        };
        last.notes
            .push(format!("{number} {verb} because of {them}"));
    }
    Failure::new(diagnostics)
}

fn diagnostics_are_one(roots: &BTreeSet<usize>) -> bool {
    roots.len() == 1
}

/// The failed statements that this one waits for.
fn failed_needs(
    at: usize,
    problem: &Problem,
    statements: &[Prepared],
    failed: &BTreeMap<usize, Problem>,
    order: &Order,
) -> BTreeSet<usize> {
    let Problem::Server(error) = problem else {
        return BTreeSet::new();
    };
    if !problem.may_pass() {
        return BTreeSet::new();
    }
    if let Some(name) = missing(error) {
        let makes = |at: &usize| {
            statements[*at]
                .scanned
                .defines
                .iter()
                .any(|defined| is_called(defined, &name))
        };
        return failed
            .keys()
            .copied()
            .filter(|other| *other != at && makes(other))
            .collect();
    }
    order.needs[at]
        .iter()
        .copied()
        .filter(|other| failed.contains_key(other))
        .collect()
}

/// The name that the server does not find, as far as it says one.
fn missing(error: &QueryError) -> Option<String> {
    let message = error.message();
    let name = match error.code()? {
        "42883" => {
            let rest = message
                .strip_prefix("function ")
                .or_else(|| message.strip_prefix("procedure "))?;
            rest.split('(').next()?.to_owned()
        }
        "42P01" | "42704" | "3F000" => message.split('"').nth(1)?.to_owned(),
        _ => return None,
    };
    let last = name.rsplit('.').next().unwrap_or(&name).trim_matches('"');
    Some(last.trim_end_matches("[]").to_owned())
}

fn is_called(definition: &Definition, name: &str) -> bool {
    definition.name == name && !matches!(definition.class, Class::Key | Class::Shape)
}

fn perhaps_of_extension(problem: &Problem, statements: &[Prepared]) -> bool {
    let Problem::Server(error) = problem else {
        return false;
    };
    match (error.code(), missing(error)) {
        (_, Some(name)) => !statements.iter().any(|one| {
            one.scanned
                .defines
                .iter()
                .any(|defined| is_called(defined, &name))
        }),
        (code, None) => matches!(code, Some("42883" | "42704")),
    }
}

fn one(
    at: usize,
    statements: &[Prepared],
    problem: &Problem,
    sources: &Sources,
    available: &BTreeSet<String>,
) -> Diagnostic {
    let statement = &statements[at];
    match problem {
        Problem::NoExtension => unknown_extension(statement, sources, available),
        Problem::Twice => {
            let line = first_line(statement);
            let name = statement
                .scanned
                .defines
                .first()
                .map_or("this", |defined| &defined.name);
            let diagnostic = Diagnostic::error(
                "declared-twice",
                format!("`{name}` is there already, so IF NOT EXISTS passes this statement over"),
            )
            .at(&statement.source, line, "has no effect")
            .help("keep one of the two");
            with_other(diagnostic, at, statements)
        }
        Problem::Server(error) => {
            let diagnostic = server_at(statement, error);
            if matches!(error.code(), Some("42710" | "42P06" | "42P07" | "42723")) {
                return with_other(diagnostic, at, statements).help("keep one of the two");
            }
            match missing(error) {
                Some(name) => with_similar(diagnostic, &name, statements),
                None => diagnostic,
            }
        }
    }
}

/// Points at the statement that makes the same.
fn with_other(diagnostic: Diagnostic, at: usize, statements: &[Prepared]) -> Diagnostic {
    let Some(own) = statements[at].scanned.defines.first() else {
        return diagnostic;
    };
    let other = statements.iter().enumerate().find(|(other, one)| {
        *other != at
            && one.scanned.defines.iter().any(|defined| {
                defined.name == own.name
                    && defined.class == own.class
                    && defined.schema.as_deref().unwrap_or("public")
                        == own.schema.as_deref().unwrap_or("public")
            })
    });
    match other {
        Some((_, other)) => match &other.place {
            Some(place) => diagnostic.at(
                &place.source,
                place.start..place.end,
                "declared here as well",
            ),
            None => diagnostic.at(&other.source, first_line(other), "declared here as well"),
        },
        None => diagnostic,
    }
}

fn with_similar(diagnostic: Diagnostic, name: &str, statements: &[Prepared]) -> Diagnostic {
    let names: BTreeSet<&str> = statements
        .iter()
        .flat_map(|one| &one.scanned.defines)
        .filter(|defined| !matches!(defined.class, Class::Key | Class::Shape | Class::Part))
        .map(|defined| defined.name.as_str())
        .collect();
    if names.contains(name) {
        return diagnostic;
    }
    let near = names
        .iter()
        .map(|known| (strsim::damerau_levenshtein(name, known), *known))
        .filter(|(distance, known)| *distance <= 2 && *distance * 3 <= known.len().max(name.len()))
        .min();
    match near {
        Some((_, near)) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.note(format!("nothing that is declared makes `{name}`")),
    }
}

fn unknown_extension(
    statement: &Prepared,
    sources: &Sources,
    available: &BTreeSet<String>,
) -> Diagnostic {
    let (name, range) = statement
        .extension()
        .unwrap_or(("", statement.range.clone()));
    let mut diagnostic = Diagnostic::error(
        "unknown-extension",
        format!("the scratch Postgres does not have the extension `{name}`"),
    )
    .at(&statement.source, range, "");
    let (have, have_not): (Vec<_>, Vec<_>) = sources
        .engines
        .iter()
        .partition(|engine| engine.extensions.iter().any(|known| known == name));
    for engine in &have_not {
        diagnostic = diagnostic.note(format!(
            "the {} engine does not have it either",
            engine.name
        ));
    }
    let listed: Vec<&str> = available.iter().take(LISTED).map(String::as_str).collect();
    let more = available.len().saturating_sub(LISTED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    diagnostic = diagnostic.note(format!("it has {}{more}", listed.join(", ")));
    let near = available
        .iter()
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min();
    if let Some((1..=2, near)) = near {
        diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
    }
    for engine in &have {
        diagnostic = diagnostic.help(format!("the {} engine has it: choose it with `engine = \"{0}\"` under `[scratch]` of driftless.toml", engine.name));
    }
    if have.is_empty() {
        diagnostic = diagnostic.help("install it for the Postgres of this machine, or give a server that has it as `url` under `[scratch]` of driftless.toml");
    }
    diagnostic
}

fn first_line(statement: &Prepared) -> std::ops::Range<usize> {
    let line = statement
        .sql()
        .lines()
        .next()
        .map_or(0, |line| line.trim_end().len());
    statement.range.start..statement.range.start + line
}
